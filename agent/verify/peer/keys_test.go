package peer

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"slices"
	"sync"
)

// key is a key pair that signs always the same signature of the same text, so
// that every run of these tests is the same.
type key struct {
	label  string // the "alg" of its tokens
	public string // as certificates and support documents have it
	sign   func(input string) []byte
	secret map[string]string // the secret key in the classic form, for RSA and DSA
}

// keyNumbers are the numbers of testdata/keys.json, in hexadecimal: the primes
// of RSA keys, and group and secret of DSA keys. They were made for these tests.
var keyNumbers = sync.OnceValue(func() map[string]map[string]string {
	var numbers map[string]map[string]string
	check(json.Unmarshal(must(os.ReadFile("testdata/keys.json")), &numbers))
	return numbers
})

func numberOf(name, member string) *big.Int {
	number, ok := new(big.Int).SetString(keyNumbers()[name][member], 16)
	if !ok {
		panic("no number " + member + " of key " + name)
	}
	return number
}

// The keys. Issuers are issuer and other; users are user and thief.
var (
	issuerKey = sync.OnceValue(func() key { return rsaKey("issuer", "RS256") })
	otherKey  = sync.OnceValue(func() key { return rsaKey("other", "RS256") })
	userKey   = sync.OnceValue(func() key { return rsaKey("user", "RS256") })
	thiefKey  = sync.OnceValue(func() key { return rsaKey("thief", "RS256") })
	smallKey  = sync.OnceValue(func() key { return rsaKey("small", "RS128") })
	largeKey  = sync.OnceValue(func() key { return rsaKey("large", "RS256") })
	ds128Key  = sync.OnceValue(func() key { return dsaKey("ds128", "DS128", sha1Of) })
	ds256Key  = sync.OnceValue(func() key { return dsaKey("ds256", "DS256", sha256Of) })
	es256Key  = sync.OnceValue(newES256)
	eddsaKey  = sync.OnceValue(newEdDSA)
)

// rsaPrivate makes a key of its primes.
var rsaPrivate = memo(func(name string) *rsa.PrivateKey {
	p, q, e := numberOf(name, "p"), numberOf(name, "q"), big.NewInt(65537)
	one := big.NewInt(1)
	phi := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
	private := &rsa.PrivateKey{
		PublicKey: rsa.PublicKey{N: new(big.Int).Mul(p, q), E: 65537},
		D:         new(big.Int).ModInverse(e, phi),
		Primes:    []*big.Int{p, q},
	}
	private.Precompute()
	return private
})

func rsaKey(name, label string) key {
	private := rsaPrivate(name)
	secret := map[string]string{"algorithm": "RS", "n": private.N.String(), "e": "65537", "d": private.D.String()}
	return key{
		label:  label,
		public: fmt.Sprintf(`{"algorithm":"RS","n":"%d","e":"65537"}`, private.N),
		secret: secret,
		sign: func(input string) []byte {
			return must(rsa.SignPKCS1v15(nil, private, crypto.SHA256, sha256Of(input)))
		},
	}
}

// dsaKey signs with a nonce made of secret and text.
func dsaKey(name, label string, hash func(string) []byte) key {
	p, q, g, x := numberOf(name, "p"), numberOf(name, "q"), numberOf(name, "g"), numberOf(name, "x")
	y := new(big.Int).Exp(g, x, p)
	text := func(n *big.Int) string { return n.Text(16) }
	return key{
		label:  label,
		public: fmt.Sprintf(`{"algorithm":"DS","y":"%x","p":"%x","q":"%x","g":"%x"}`, y, p, q, g),
		secret: map[string]string{"algorithm": "DS", "x": text(x), "p": text(p), "q": text(q), "g": text(g)},
		sign: func(input string) []byte {
			k := new(big.Int).SetBytes(sha256Of(text(x) + input))
			k.Mod(k, q)
			r := new(big.Int).Exp(g, k, p)
			r.Mod(r, q)
			s := new(big.Int).Mul(x, r)
			s.Add(s, new(big.Int).SetBytes(hash(input)))
			s.Mul(s, new(big.Int).ModInverse(k, q)).Mod(s, q)
			size := len(q.Bytes())
			return slices.Concat(r.FillBytes(make([]byte, size)), s.FillBytes(make([]byte, size)))
		},
	}
}

func newES256() key {
	private := must(ecdsa.ParseRawPrivateKey(elliptic.P256(), slices.Repeat([]byte{7}, 32)))
	point := must(private.PublicKey.Bytes())
	return key{
		label:  "ES256",
		public: fmt.Sprintf(`{"kty":"EC","crv":"P-256","x":%q,"y":%q}`, encode(point[1:33]), encode(point[33:])),
		sign: func(input string) []byte {
			var pair struct{ R, S *big.Int }
			der := must(private.Sign(nil, sha256Of(input), crypto.SHA256)) // without randomness: RFC 6979
			must(asn1.Unmarshal(der, &pair))
			return slices.Concat(pair.R.FillBytes(make([]byte, 32)), pair.S.FillBytes(make([]byte, 32)))
		},
	}
}

func newEdDSA() key {
	private := ed25519.NewKeyFromSeed(slices.Repeat([]byte{7}, 32))
	public := private.Public().(ed25519.PublicKey)
	return key{
		label:  "EdDSA",
		public: fmt.Sprintf(`{"kty":"OKP","crv":"Ed25519","x":%q}`, encode(public)),
		sign:   func(input string) []byte { return ed25519.Sign(private, []byte(input)) },
	}
}

func sha256Of(text string) []byte {
	digest := sha256.Sum256([]byte(text))
	return digest[:]
}

func sha1Of(text string) []byte {
	digest := sha1.Sum([]byte(text))
	return digest[:]
}

func encode[Text ~string | ~[]byte](text Text) string {
	return base64.RawURLEncoding.EncodeToString([]byte(text))
}

func must[T any](value T, err error) T {
	check(err)
	return value
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

// memo keeps what make has made of each argument.
func memo[K comparable, V any](make func(K) V) func(K) V {
	var made sync.Map
	return func(argument K) V {
		once, _ := made.LoadOrStore(argument, sync.OnceValue(func() V { return make(argument) }))
		return once.(func() V)()
	}
}
