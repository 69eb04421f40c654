package browserid

// MaxKeyBytes is the longest text of a key that is read.
const MaxKeyBytes = 16 << 10

// Limits of an RSA key (security.md E11, G15): a larger modulus or exponent
// makes one verification cost seconds.
const (
	MinRSABits  = 2047 // some keys of "2048 bits" are one short (C4.3)
	MaxRSABits  = 4096
	maxRSAEBits = 31
)

// Sizes of the elliptic curve keys in bytes.
const (
	p256Bytes    = 32
	ed25519Bytes = 32
)

type family string // the "kty" of the JWK

const (
	familyRSA family = "RSA"
	familyEC  family = "EC"
	familyOKP family = "OKP"
	familyDSA family = "DSA"
)

// PublicKey is a public key of one of the kinds that BrowserID knows: RSA,
// ECDSA on P-256, Ed25519 and DSA. It is immutable and comparable with ==. The
// zero value is no key.
//
// The numbers are checked for what costs or confuses, not for what takes
// arithmetic: that a point is on its curve is for the verifying library to say.
type PublicKey struct {
	family family
	n, e   string // RSA, big-endian without leading zeros
	x, y   string // EC and OKP, 32 bytes each; y also DSA
	p      string // DSA, big-endian without leading zeros
	q, g   string
}

// NewRSA makes a key from a big-endian modulus and an exponent: the modulus odd
// and of a size that C4.2 has a label for, the exponent odd, 3 <= e < 2^31. The
// error is CodeKey.
func NewRSA(n []byte, e uint32) (PublicKey, error) {
	exponent := string([]byte{byte(e >> 24), byte(e >> 16), byte(e >> 8), byte(e)})
	return newRSA(trimZeros(string(n)), trimZeros(exponent))
}

func newRSA(n, e string) (PublicKey, error) {
	if labelOfRSA(bitLength(n)) == "" {
		return PublicKey{}, broken(CodeKey, "size of the RSA modulus")
	}
	if !isOdd(n) || !isOdd(e) || less(e, "\x03") || bitLength(e) > maxRSAEBits {
		return PublicKey{}, broken(CodeKey, "RSA modulus or exponent")
	}
	return PublicKey{family: familyRSA, n: n, e: e}, nil
}

// labelOfRSA returns the label of a modulus size (C4.2), which may be one bit
// short (C4.3), or nothing where the size is not accepted.
func labelOfRSA(bits int) Algorithm {
	switch {
	case bits == 511 || bits == 512:
		return RS64
	case bits == 1023 || bits == 1024:
		return RS128
	case MinRSABits <= bits && bits <= MaxRSABits:
		return RS256
	default:
		return ""
	}
}

// NewP256 makes a key from the big-endian coordinates of a point, 32 bytes
// each. The error is CodeKey.
func NewP256(x, y []byte) (PublicKey, error) {
	if len(x) != p256Bytes || len(y) != p256Bytes {
		return PublicKey{}, broken(CodeKey, "size of a P-256 coordinate")
	}
	return PublicKey{family: familyEC, x: string(x), y: string(y)}, nil
}

// NewEd25519 makes a key from its 32 bytes. The error is CodeKey.
func NewEd25519(x []byte) (PublicKey, error) {
	if len(x) != ed25519Bytes {
		return PublicKey{}, broken(CodeKey, "size of an Ed25519 key")
	}
	return PublicKey{family: familyOKP, x: string(x)}, nil
}

func newDSA(y, p, q, g string) (PublicKey, error) {
	if labelOfDSA(bitLength(p), bitLength(q)) == "" {
		return PublicKey{}, broken(CodeKey, "size of the DSA group")
	}
	if !isOdd(p) || !isOdd(q) || !between(g, p) || !between(y, p) {
		return PublicKey{}, broken(CodeKey, "DSA group or key")
	}
	return PublicKey{family: familyDSA, y: y, p: p, q: q, g: g}, nil
}

// labelOfDSA returns the label of a DSA group (C4.2), whose p may be 30 bits
// short (C4.3), or nothing where the size is not accepted.
func labelOfDSA(p, q int) Algorithm {
	switch {
	case 1024-30 <= p && p <= 1024 && q == 160:
		return DS128
	case 2048-30 <= p && p <= 2048 && q == 256:
		return DS256
	default:
		return ""
	}
}

// between tells whether 1 < number < limit.
func between(number, limit string) bool { return less("\x01", number) && less(number, limit) }

// Algorithm returns the label that tokens signed by this key carry (C4.2).
func (k PublicKey) Algorithm() Algorithm {
	switch k.family {
	case familyRSA:
		return labelOfRSA(bitLength(k.n))
	case familyEC:
		return ES256
	case familyOKP:
		return EdDSA
	case familyDSA:
		return labelOfDSA(bitLength(k.p), bitLength(k.q))
	default:
		return ""
	}
}

// Legacy reports whether the key is too weak to be believed today: DSA, or RSA
// of fewer than MinRSABits.
func (k PublicKey) Legacy() bool {
	return k.family == familyDSA || k.family == familyRSA && bitLength(k.n) < MinRSABits
}

// Bits returns the size of the RSA modulus, of the DSA prime p, or of the curve.
func (k PublicKey) Bits() int {
	switch k.family {
	case familyRSA:
		return bitLength(k.n)
	case familyDSA:
		return bitLength(k.p)
	default:
		return 8 * len(k.x)
	}
}

// RSA returns modulus and exponent, big-endian without leading zeros; nil for a
// key of another kind.
func (k PublicKey) RSA() (n, e []byte) {
	if k.family != familyRSA {
		return nil, nil
	}
	return []byte(k.n), []byte(k.e)
}

// P256 returns the big-endian coordinates, 32 bytes each; nil for a key of
// another kind.
func (k PublicKey) P256() (x, y []byte) {
	if k.family != familyEC {
		return nil, nil
	}
	return []byte(k.x), []byte(k.y)
}

// Ed25519 returns the 32 bytes of the key; nil for a key of another kind.
func (k PublicKey) Ed25519() []byte {
	if k.family != familyOKP {
		return nil
	}
	return []byte(k.x)
}

// DSA returns the numbers of a DSA key, big-endian without leading zeros; nil
// for a key of another kind.
func (k PublicKey) DSA() (y, p, q, g []byte) {
	if k.family != familyDSA {
		return nil, nil, nil, nil
	}
	return []byte(k.y), []byte(k.p), []byte(k.q), []byte(k.g)
}

// Equal reports whether both are the same key, whatever form they came in.
func (k PublicKey) Equal(other PublicKey) bool { return k == other }

// IsZero reports whether k is no key.
func (k PublicKey) IsZero() bool { return k == PublicKey{} }
