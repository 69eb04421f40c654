package verify_test

import (
	"context"
	"crypto"
	"crypto/dsa" //lint:ignore SA1019 the legacy keys under test
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
)

// signer is a browserid.Signer made of a key and a function.
type signer struct {
	key  browserid.PublicKey
	sign func(input []byte) ([]byte, error)
}

func (s signer) PublicKey() browserid.PublicKey { return s.key }

func (s signer) Sign(_ context.Context, input []byte) ([]byte, error) { return s.sign(input) }

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// keys are made once for all tests of the package.
var (
	rsaKey     = sync.OnceValue(func() *rsa.PrivateKey { return must(rsa.GenerateKey(rand.Reader, 2048)) })
	otherKey   = sync.OnceValue(func() *rsa.PrivateKey { return must(rsa.GenerateKey(rand.Reader, 2048)) })
	ecdsaKey   = sync.OnceValue(func() *ecdsa.PrivateKey { return must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader)) })
	ed25519Key = sync.OnceValue(func() ed25519.PrivateKey {
		_, key, err := ed25519.GenerateKey(rand.Reader)
		return must(key, err)
	})
)

func rs256() signer { return rs256Of(rsaKey()) }

func otherRS256() signer { return rs256Of(otherKey()) }

func rs256Of(key *rsa.PrivateKey) signer {
	return signer{
		must(browserid.NewRSA(key.N.Bytes(), uint32(key.E))),
		func(input []byte) ([]byte, error) {
			digest := sha256.Sum256(input)
			return rsa.SignPKCS1v15(nil, key, crypto.SHA256, digest[:])
		},
	}
}

func es256() signer {
	key := ecdsaKey()
	point := must(key.PublicKey.Bytes())
	return signer{
		must(browserid.NewP256(point[1:33], point[33:])),
		func(input []byte) ([]byte, error) {
			digest := sha256.Sum256(input)
			var pair struct{ R, S *big.Int }
			if _, err := asn1.Unmarshal(must(ecdsa.SignASN1(rand.Reader, key, digest[:])), &pair); err != nil {
				return nil, err
			}
			return slices.Concat(pair.R.FillBytes(make([]byte, 32)), pair.S.FillBytes(make([]byte, 32))), nil
		},
	}
}

func eddsa() signer {
	key := ed25519Key()
	return signer{
		must(browserid.NewEd25519(key.Public().(ed25519.PublicKey))),
		func(input []byte) ([]byte, error) { return ed25519.Sign(key, input), nil },
	}
}

// rsaOf signs with RSA of any size, also one that crypto/rsa refuses.
func rsaOf(t *testing.T, bits int) signer {
	t.Helper()
	e := big.NewInt(65537)
	for {
		p, q := must(rand.Prime(rand.Reader, bits/2)), must(rand.Prime(rand.Reader, bits-bits/2))
		n, one := new(big.Int).Mul(p, q), big.NewInt(1)
		phi := new(big.Int).Mul(p.Sub(p, one), q.Sub(q, one))
		if d := new(big.Int).ModInverse(e, phi); d != nil && n.BitLen() == bits {
			key, err := browserid.NewRSA(n.Bytes(), 65537)
			require.NoError(t, err)
			return signer{key, func(input []byte) ([]byte, error) {
				return new(big.Int).Exp(encoded(input, (bits+7)/8), d, n).Bytes(), nil // leading zeros are lost, as of old
			}}
		}
	}
}

// encoded is the PKCS #1 v1.5 encoding of a message, as a number.
func encoded(message []byte, size int) *big.Int {
	digest := sha256.Sum256(message)
	info := slices.Concat([]byte("\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20"), digest[:])
	fill := slices.Repeat([]byte{0xff}, size-len(info)-3)
	return new(big.Int).SetBytes(slices.Concat([]byte{0, 1}, fill, []byte{0}, info))
}

func hexNumber(digits string) *big.Int {
	number, ok := new(big.Int).SetString(digits, 16)
	if !ok {
		panic("not hexadecimal")
	}
	return number
}

// dsaGroups were made by crypto/dsa for these tests.
var dsaGroups = map[browserid.Algorithm]dsa.Parameters{
	browserid.DS128: {
		P: hexNumber("aab87fc8d49738644f3d6f68f773aa1a1e97cc2db441b8bd1d01593cf2df634058bf4d4eb324d13ce204af38c10614cb" +
			"302ac18fe356f6eb38e16fa30a5621c38ce355e3cf216918940ca678a82ac822536f2b1968a78b0c7024f30f1803bb9f" +
			"9d6486eb8811f57690d3b18e1f114d184e91a455a82b37a6c175f0d0bb1238cf"),
		Q: hexNumber("c1f3d25e6222bf6d4d302683c7ec9b7a559c8a8b"),
		G: hexNumber("9b61685ba847f388acbe9284a4669663298983309bd9c65ea709c98656064306a56a17ca748413a12284d019982d27ca" +
			"3e05a43cdcfaa29e2855b5d9bd0d7f0e575069debf0e5d9591887e47346ad1a085f103a4e83be0197a38c038786496b0" +
			"dbbf6da3632c613658bfd66083da03f3c756acc8c972f742a6a587d391a3d06e"),
	},
	browserid.DS256: {
		P: hexNumber("8067522f05bf36c02bbf3c0cd6f58c7b9b0cd3fb0748479a04f4362b6bc5f7a5101af1a22d6fbe9c7b0e135353905b40" +
			"b95f380ad2f083586fbba82f0530796f029d6d01c741dd9f9ed06ddb65d4226e6b98abfe56c26cf74d3429896299640e" +
			"d62b353c9d2fba40ab8a33d39bf26c55a5b5a48bc548a4cb63c614ad8c5d4d3b803d325be527a73a442d482614788aed" +
			"e071ec444e9e18b347d97772a22c59fb4a825d07870d827cef2991f02ca4b106f195a6060f93e657e522867f05bed99a" +
			"89318f296ecc3752d499eb044b1f633945fcba1f6e6c83b7d43903f70b12058d1c4f44eec8f232d4c97bfe831e877270" +
			"e5c1a1f011a020ab1480e856ee057145"),
		Q: hexNumber("c491fc40abfb162c30825cc2aa7e4e8501ec63a6b974a29515b943975a2407ff"),
		G: hexNumber("3be73a5d76ade108731ce527f58b70c84ce426bc4b8177f0a61524b8f153f7badefab445ebd60d503845829060621c64" +
			"4803e5d4a2d7631e9bddafb623f913ff54106f0953ee8b46f1551dd6cc58e1baaac8136a7fa72c017bdb5cc024e91a80" +
			"c073abead5c17b310cbec1f6356a329fe2ef312df3ca44eced76ce25926227b500c9245eafe29be6e92fe83d7193136e" +
			"e920a8c1596c2e7cea020628555e0f70e9cbcd165fab1438ebfaef65caff60f9c1d88d0d72592a41ea994b55c635146f" +
			"cb5eb58eba7b72caf79f16738717da9780c16a56333c592762122f4c64c09cda19ebbfdf9f5abce7d4aa0e0766296198" +
			"ce753c799fa90dc92171cb1f3a820ef9"),
	},
}

func dsaSigner(t *testing.T, label browserid.Algorithm) signer {
	t.Helper()
	private := &dsa.PrivateKey{PublicKey: dsa.PublicKey{Parameters: dsaGroups[label]}}
	require.NoError(t, dsa.GenerateKey(private, rand.Reader))
	return signer{dsaPublicKey(t, private.Y, private.Parameters), func(input []byte) ([]byte, error) {
		r, s, err := dsa.Sign(rand.Reader, private, dsaDigest(label, input))
		size := len(private.Q.Bytes())
		return slices.Concat(r.FillBytes(make([]byte, size)), s.FillBytes(make([]byte, size))), err
	}}
}

func dsaPublicKey(t *testing.T, y *big.Int, group dsa.Parameters) browserid.PublicKey {
	t.Helper()
	classic := fmt.Sprintf(`{"algorithm":"DS","y":"%x","p":"%x","q":"%x","g":"%x"}`, y, group.P, group.Q, group.G)
	var key browserid.PublicKey
	require.NoError(t, json.Unmarshal([]byte(classic), &key))
	return key
}

func dsaDigest(label browserid.Algorithm, input []byte) []byte {
	if label == browserid.DS128 {
		digest := sha1.Sum(input)
		return digest[:]
	}
	digest := sha256.Sum256(input)
	return digest[:]
}
