package browserid

// Algorithm is the "alg" of a JWS header. In classic tokens it is a label of
// the key, not of the hash (C4.2).
type Algorithm string

// The algorithms of today.
const (
	RS256 Algorithm = "RS256" // RSA of 2047 to 4096 bits, PKCS #1 v1.5, SHA-256
	ES256 Algorithm = "ES256" // ECDSA on P-256, SHA-256
	EdDSA Algorithm = "EdDSA" // Ed25519
)

// The labels of legacy keys, which package verify accepts only when told to.
const (
	RS64  Algorithm = "RS64"  // RSA of 512 bits, SHA-256
	RS128 Algorithm = "RS128" // RSA of 1024 bits, SHA-256
	DS128 Algorithm = "DS128" // DSA of 1024 bits with a q of 160, SHA-1
	DS256 Algorithm = "DS256" // DSA of 2048 bits with a q of 256, SHA-256
)
