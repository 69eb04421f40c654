package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/sha1"
	"crypto/sha256"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/navid-login/navid/agent/browserid"
)

// signer is a key with its owner's hand.
type signer struct {
	key  browserid.PublicKey
	sign func(input []byte) []byte
}

// The keys: of idp.test and others, of somebody else, and of people. They are
// made once, when first wanted.
var (
	idpRSA      = sync.OnceValue(func() signer { return newRSA("idp", 2048) })
	idpES256    = sync.OnceValue(func() signer { return newES256("idp") })
	idpEdDSA    = sync.OnceValue(func() signer { return newEdDSA("idp") })
	idpRS128    = sync.OnceValue(func() signer { return newRSA("idp", 1024) })
	strangerRSA = sync.OnceValue(func() signer { return newRSA("stranger", 2048) })
	userRSA     = sync.OnceValue(func() signer { return newRSA("user", 2047) })
	userES256   = sync.OnceValue(func() signer { return newES256("user") })
	strangerES  = sync.OnceValue(func() signer { return newES256("stranger") })
	userEdDSA   = sync.OnceValue(func() signer { return newEdDSA("user") })
	userRS64    = sync.OnceValue(func() signer { return newRSA("user", 512) })
	userDSA     = sync.OnceValue(func() signer { return newDSA("user", 1024, 160) })
)

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// bytesOf returns bytes that follow from a name.
func bytesOf(name string, size int) []byte {
	stream := rand.NewChaCha8(sha256.Sum256([]byte("navid vectors: " + name)))
	made := make([]byte, size)
	_, _ = stream.Read(made)
	return made
}

// number returns a number below 2^bits that follows from a name.
func number(name string, bits int) *big.Int {
	n := new(big.Int).SetBytes(bytesOf(name, bits/8+1))
	return n.Rsh(n, uint(8-bits%8))
}

// prime returns a prime of so many bits that follows from a name. The two
// highest bits are set: the product of two has all its bits.
func prime(name string, bits int) *big.Int {
	p := number(name, bits)
	p.SetBit(p, bits-1, 1).SetBit(p, bits-2, 1).SetBit(p, 0, 1)
	for two := big.NewInt(2); !p.ProbablyPrime(20); {
		p.Add(p, two)
	}
	return p
}

// newRSA signs as people did with big numbers: RFC 8017, 8.2.1, of any size.
func newRSA(owner string, bits int) signer {
	name := fmt.Sprintf("RSA %d of %s", bits, owner)
	e, one := big.NewInt(65537), big.NewInt(1)
	p, q := prime(name+", p", bits-bits/2), prime(name+", q", bits/2)
	n := new(big.Int).Mul(p, q)
	d := new(big.Int).ModInverse(e, new(big.Int).Mul(p.Sub(p, one), q.Sub(q, one)))
	size := (n.BitLen() + 7) / 8
	return signer{must(browserid.NewRSA(n.Bytes(), 65537)), func(input []byte) []byte {
		encoded := new(big.Int).SetBytes(encodePKCS1(input, size))
		return encoded.Exp(encoded, d, n).FillBytes(make([]byte, size))
	}}
}

// encodePKCS1 is EMSA-PKCS1-v1_5 with SHA-256 (RFC 8017, 9.2).
func encodePKCS1(message []byte, size int) []byte {
	const sha256Info = "\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20"
	digest := sha256.Sum256(message)
	fill := slices.Repeat([]byte{0xff}, size-len(sha256Info)-len(digest)-3)
	return slices.Concat([]byte{0, 1}, fill, []byte{0}, []byte(sha256Info), digest[:])
}

func newES256(owner string) signer {
	private := must(ecdsa.ParseRawPrivateKey(elliptic.P256(), bytesOf("P-256 of "+owner, 32)))
	point := must(private.PublicKey.Bytes())
	return signer{must(browserid.NewP256(point[1:33], point[33:])), func(input []byte) []byte {
		digest := sha256.Sum256(input)
		return rawES256(must(private.Sign(nil, digest[:], crypto.SHA256))) // nil: deterministic, RFC 6979
	}}
}

// rawES256 turns SEQUENCE{r, s} into r||s.
func rawES256(der []byte) []byte {
	var raw [64]byte
	for i, at := 0, 2; i < 2; i++ {
		size := int(der[at+1])
		new(big.Int).SetBytes(der[at+2 : at+2+size]).FillBytes(raw[32*i : 32*(i+1)])
		at += 2 + size
	}
	return raw[:]
}

func newEdDSA(owner string) signer {
	private := ed25519.NewKeyFromSeed(bytesOf("Ed25519 of "+owner, ed25519.SeedSize))
	return signer{
		must(browserid.NewEd25519(private.Public().(ed25519.PublicKey))),
		func(input []byte) []byte { return ed25519.Sign(private, input) },
	}
}

// newDSA signs with SHA-1, the digest of DS128 (C4.2).
func newDSA(owner string, bits, orderBits int) signer {
	name := fmt.Sprintf("DSA %d of %s", bits, owner)
	q := prime(name+", q", orderBits)
	p, g := dsaGroup(name, bits, q)
	x := number(name+", x", orderBits-1)
	text := fmt.Appendf(nil, `{"algorithm":"DS","y":"%x","p":"%x","q":"%x","g":"%x"}`, new(big.Int).Exp(g, x, p), p, q, g)
	return signer{must(browserid.ParsePublicKey(text)), func(input []byte) []byte {
		digest := sha1.Sum(input)
		k := number(fmt.Sprintf("%s, k of %x", name, digest), orderBits-1)
		r := new(big.Int).Exp(g, k, p)
		r.Mod(r, q)
		s := new(big.Int).Mul(x, r)
		s.Add(s, new(big.Int).SetBytes(digest[:])).Mul(s, k.ModInverse(k, q)).Mod(s, q)
		size := orderBits / 8
		return slices.Concat(r.FillBytes(make([]byte, size)), s.FillBytes(make([]byte, size)))
	}}
}

// dsaGroup returns a prime p = 1 mod q and a generator of the subgroup of order q.
func dsaGroup(name string, bits int, q *big.Int) (p, g *big.Int) {
	one, step := big.NewInt(1), new(big.Int).Lsh(q, 1)
	p = number(name+", p", bits)
	p.SetBit(p, bits-1, 1)
	p.Sub(p, new(big.Int).Mod(p, step)).Add(p, one)
	for !p.ProbablyPrime(20) {
		p.Add(p, step)
	}
	cofactor := new(big.Int).Div(new(big.Int).Sub(p, one), q)
	return p, new(big.Int).Exp(big.NewInt(2), cofactor, p)
}
