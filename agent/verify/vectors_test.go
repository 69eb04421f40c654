package verify_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/verify"
)

var update = flag.Bool("update", false, "make the files of testdata anew")

// readVectors reads our own cases, and those of the directory that NAVID_VECTORS
// names, into values of one shape.
func readVectors[T any](t *testing.T, name string) []T {
	t.Helper()
	directories := []string{"testdata"}
	if shared := os.Getenv("NAVID_VECTORS"); shared != "" {
		directories = append(directories, shared)
	}
	files := make([]T, len(directories))
	for i, directory := range directories {
		data, err := os.ReadFile(filepath.Join(directory, name))
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(data, &files[i]))
	}
	return files
}

func writeVectors(t *testing.T, name string, file any) {
	t.Helper()
	data, err := json.MarshalIndent(file, "", "\t")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join("testdata", name), append(data, '\n'), 0o644))
}

type bundleFile struct {
	Bundles []bundleVector `json:"bundles"`
}

type bundleVector struct {
	Name      string               `json:"name"`
	Bundle    string               `json:"bundle"`
	IssuerKey *browserid.PublicKey `json:"issuer_key"`
	VerifyAt  browserid.Millis     `json:"verify_at_ms"`
	Expect    struct {
		Valid    bool             `json:"valid"`
		Email    browserid.Email  `json:"email"`
		Issuer   browserid.Domain `json:"issuer"`
		Audience string           `json:"audience"`
		Expires  browserid.Millis `json:"expires_ms"`
		Code     verify.Code      `json:"code"` // our own files alone have it
	} `json:"expect"`
}

// sharedCodes are the failures in the shared vectors, whose texts are not ours.
var sharedCodes = map[string]verify.Code{
	"vectors-ASSERTIONS-0 now":                                  verify.CodeCertificateExpired,
	"old-style JSON bundle (2011), expired, issuer key unknown": verify.CodeCertificateExpired,
	// The file names no time for it, so that it is verified in 1970.
	"id-specs beta1 worked example (mockmyid.com, 2012)": verify.CodeCertificateNotYetValid,
	// Differs: the old verifier accepted it. The issuer is an IP address, and here an issuer is a domain.
	"vectors-ASSERTIONS-0 inside validity": verify.CodeIssuer,
}

// TestBundleVectors verifies what others have signed.
func TestBundleVectors(t *testing.T) {
	t.Parallel()
	if *update {
		writeBundles(t)
	}
	for _, file := range readVectors[bundleFile](t, "bundles.json") {
		require.NotEmpty(t, file.Bundles)
		for _, vector := range file.Bundles {
			t.Run(vector.Name, func(t *testing.T) {
				t.Parallel()
				vector.check(t)
			})
		}
	}
}

func (v bundleVector) check(t *testing.T) {
	t.Helper()
	certificate, assertion := v.checkSignatures(t)
	providers := providers{}
	if v.IssuerKey != nil {
		providers[certificate.Principal.Email.Domain()] = provider(browserid.Domain(certificate.Issuer), *v.IssuerKey)
	}
	audience, err := browserid.ParseOrigin(assertion.Audience)
	if err != nil { // plain http, as sites were in 2011; what follows fails for other reasons
		audience = "https://rp.test"
	}
	verifier, err := verify.New(verify.Config{
		Audience: audience, Discovery: providers, AllowLegacyKeys: true,
		Now: func() time.Time { return v.VerifyAt.Time() },
	})
	require.NoError(t, err)
	result, err := verifier.Verify(t.Context(), v.Bundle)
	if want, fails := v.code(); fails {
		require.ErrorIs(t, err, want)
		return
	}
	require.NoError(t, err)
	assert.Equal(t, v.Expect.Email, result.Email)
	assert.Equal(t, v.Expect.Issuer, result.Issuer)
	assert.Equal(t, v.Expect.Audience, string(result.Audience))
	assert.Equal(t, v.Expect.Expires, result.Expires)
}

func (v bundleVector) code() (code verify.Code, fails bool) {
	if code, known := sharedCodes[v.Name]; known {
		return code, true
	}
	return v.Expect.Code, !v.Expect.Valid
}

// checkSignatures checks both signatures whatever else is wrong: in all the
// vectors they are good.
func (v bundleVector) checkSignatures(t *testing.T) (*browserid.Certificate, *browserid.Assertion) {
	t.Helper()
	backed, err := browserid.ParseBacked(v.Bundle)
	require.NoError(t, err)
	require.Len(t, backed.Certificates, 1)
	certificate, token, err := browserid.ParseCertificate(backed.Certificates[0])
	require.NoError(t, err)
	if v.IssuerKey != nil {
		require.NoError(t, verify.CheckSignature(token, *v.IssuerKey))
	}
	assertion, token, err := browserid.ParseAssertion(backed.Assertion)
	require.NoError(t, err)
	require.NoError(t, verify.CheckSignature(token, certificate.PublicKey))
	return certificate, assertion
}

// writeBundles makes our own vectors with keys that are thrown away.
func writeBundles(t *testing.T) {
	t.Helper()
	var file bundleFile
	add := func(name string, issuer, user signer, code verify.Code, change func(*attempt)) {
		a := newAttempt()
		a.issueWith(issuer)
		a.signWith(user)
		change(a)
		vector := bundleVector{Name: name, Bundle: a.text(), IssuerKey: &issuer.key, VerifyAt: at(0)}
		vector.Expect.Valid, vector.Expect.Code = code == "", code
		vector.Expect.Email, vector.Expect.Issuer = a.certificate.Principal.Email, browserid.Domain(a.certificate.Issuer)
		vector.Expect.Audience, vector.Expect.Expires = a.assertion.Audience, a.assertion.Expires
		file.Bundles = append(file.Bundles, vector)
	}
	same := func(*attempt) {}
	add("RS256 certifies ES256", rs256(), es256(), "", same)
	add("ES256 certifies EdDSA", es256(), eddsa(), "", same)
	add("EdDSA certifies RS256", eddsa(), rs256(), "", same)
	add("RS256 certifies DS128", rs256(), dsaSigner(t, browserid.DS128), "", same)
	add("DS256 certifies RS128", dsaSigner(t, browserid.DS256), smallRSA(t, 1024), "", same)
	add("certificate expired", rs256(), es256(), verify.CodeCertificateExpired, func(a *attempt) { a.certificate.Expires = at(-time.Hour) })
	add("assertion expired", rs256(), es256(), verify.CodeAssertionExpired, func(a *attempt) { a.assertion.Expires = at(-time.Hour) })
	writeVectors(t, "bundles.json", file)
}
