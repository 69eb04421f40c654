// Package verify decides whether a backed identity assertion signs a person in
// at a site. It is the one verification routine of this project (D5.10): the
// verifier endpoint, the login host and every relying party written in Go call
// it, and there is no laxer copy.
//
// A relying party needs a [Verifier] with its own origin and a discovery
// client, and calls [Verifier.Verify] with what the browser sent. The zero
// value of every option is the strictest choice.
//
// Signatures by today's keys are checked by the standard library, with go-jose as
// the witness in the tests. The algorithm is always taken from the key, never
// from the token (C4.2); keys that are too weak for today are believed only under
// AllowLegacyKeys.
//
// What is not done: no revocation (an assertion lives for minutes and a
// certificate for a day at most), no chains of certificates (C6.1), no
// certificates without an address (D1.4).
package verify
