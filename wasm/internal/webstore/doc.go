//go:build js && wasm

// Package webstore keeps identities in the browser: [Store] is an agent.Store
// on localStorage, which the dialog's first screen can read before the wasm is
// there; [KeyStore] is an agent.KeyStore on IndexedDB, the only place where a
// CryptoKey can be kept without being readable.
//
// The two are not one transaction, and localStorage loses its last seconds in
// a crash (security.md G14). So a record in localStorage names its key's
// thumbprint, and a key is committed before the record that names it.
//
// # What is in localStorage
//
// The item "navid" is a JSON object of version 1:
//
//	{"version": 1,
//	 "identities": [{"email", "certificate", "thumbprint", "authority", "used", "display"}],
//	 "sites": {"https://rp.example": {"email", "used", "loggedIn"}}}
//
// "certificate" is the identity certificate as its issuer wrote it,
// "thumbprint" the RFC 7638 thumbprint of the key it certifies, "authority"
// the domain that issued it, "used" the last use in milliseconds since the
// Unix epoch. "display", often absent, is how people read the address's domain,
// if it is an international one that may be shown so. "loggedIn" is true, or absent, for a site that observes who is
// logged in there; the communication frame reads and removes it. Anything else is corrupt: the text is moved to the item
// "navid.corrupt", for whoever wants to know why, and the store is empty.
package webstore
