// Package browserid reads and writes the formats that BrowserID puts on the
// wire: addresses, domains, origins, times, public keys, identity certificates,
// identity assertions, backed assertions and support documents.
//
// It parses and it prints, nothing else: it has no clock, no network and no
// cryptography, and it checks no signature. What a parsed value is worth is for
// package verify to say. It is linked into the WebAssembly agent and therefore
// imports only the lean part of the standard library.
//
// Every parser states its limits, refuses members that are named twice, knows
// member names only in their exact spelling, and returns an [*Error] whose
// [Code] says which format was broken.
package browserid
