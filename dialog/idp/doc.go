// Package idp is the fallback identity provider: it vouches for addresses whose
// mail domains have no provider of their own, once a mail has proven them.
//
// # Proving an address
//
// A [Challenge] belongs to the browser that began it. A mail brings a code to
// type there, and a link whose page has a button: pressed in that browser it
// completes the challenge, pressed in another it shows the code, so that nobody
// is signed in where they did not ask. Fetching the link does nothing, since mail
// scanners do that (abuse test 14). One confirmation completes a challenge.
//
// # Rights
//
// Rights follow the proof, not the account (design 8, G7). A session, or a
// passkey, holds proofs of addresses; a proof counts while its generation is that
// of the address, and the mailbox was proven less than [ProofLife] ago. A session
// may certify, list, remove and enrol for the addresses that it has proven, and
// sees nothing of the others of the same account.
//
// A mail tells nobody apart: the second device of a person, the new owner of an
// address and a thief in the mailbox all read it. So each proof by mail from a
// browser whose session has no right to the address, nor to another one of its
// account, moves the address: it begins a new generation, which ends what older
// sessions and passkeys had, and a letter says so. The price is that a person
// with two devices and no passkey proves the address anew when changing device.
// A passkey is a proof without a mail and moves nothing.
//
// # Guessing
//
// Each try, right or wrong, is counted in the store before it is compared, for
// the address and for the network that it comes from (abuse test 5). Browsers and
// networks that have proven an address before have a reserve of their own for it,
// so that a stranger who uses up the limits does not stop its owner (35).
package idp
