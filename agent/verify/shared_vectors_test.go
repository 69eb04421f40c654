package verify_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/verify"
)

// readVectors reads the cases of testdata, and those of the directory that
// NAVID_VECTORS names, as far as they exist, into values of one shape.
func readVectors[T any](t *testing.T, name string) []T {
	t.Helper()
	var files []T
	for _, directory := range []string{"testdata", os.Getenv("NAVID_VECTORS")} {
		data, err := os.ReadFile(filepath.Join(directory, name))
		if errors.Is(err, fs.ErrNotExist) {
			t.Logf("no %s in %q", name, directory)
			continue
		}
		require.NoError(t, err)
		var file T
		require.NoError(t, json.Unmarshal(data, &file))
		files = append(files, file)
	}
	return files
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

// TestBundleVectors verifies what others have signed; TestVectors has our own.
func TestBundleVectors(t *testing.T) {
	t.Parallel()
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
	if !v.Expect.Valid || sharedCodes[v.Name] != "" {
		require.ErrorIs(t, err, sharedCodes[v.Name])
		return
	}
	require.NoError(t, err)
	assert.Equal(t, v.Expect.Email, result.Email)
	assert.Equal(t, v.Expect.Issuer, result.Issuer)
	assert.Equal(t, v.Expect.Audience, string(result.Audience))
	assert.Equal(t, v.Expect.Expires, result.Expires)
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
