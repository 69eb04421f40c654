package verify_test

import (
	"context"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
	"github.com/navid-login/navid/agent/verify"
)

// ownFile is what agent/verify/vectors writes.
type ownFile struct {
	Documents map[browserid.Domain]json.RawMessage
	Offline   []browserid.Domain
	Cases     []ownVector
}

type ownVector struct {
	Name, Rule, Expect string
	Audience           browserid.Origin
	Now                browserid.Millis   `json:"now_ms"`
	Fallbacks          []browserid.Domain `json:"fallbacks"`
	TrustedIssuers     []browserid.Domain `json:"trusted_issuers"`
	AllowLegacyKeys    bool               `json:"allow_legacy_keys"`
	AllowUnverified    bool               `json:"allow_unverified"`
	MaxCertificateAge  int64              `json:"max_certificate_age_s"`
	MaxAssertionAge    int64              `json:"max_assertion_age_s"`
	NoLeeway           bool               `json:"no_leeway"`
	Nonce              *string
	ReplayCache        string   `json:"replay_cache"`
	Before             []string `json:"accepted_before"`
	Bundle             string
	Result             struct {
		Email      browserid.Email
		Unverified bool
		Issuer     browserid.Domain
		Expires    browserid.Millis           `json:"expires_ms"`
		IdPClaims  map[string]json.RawMessage `json:"idp_claims"`
		UserClaims map[string]json.RawMessage `json:"user_claims"`
	}
}

func readOwnVectors(t *testing.T) ownFile {
	t.Helper()
	data, err := os.ReadFile("testdata/vectors.json")
	require.NoError(t, err)
	var file ownFile
	require.NoError(t, json.Unmarshal(data, &file))
	require.NotEmpty(t, file.Cases)
	return file
}

// TestVectors verifies the project's own vectors: each is refused by the check
// that it names, and no other.
func TestVectors(t *testing.T) {
	t.Parallel()
	file := readOwnVectors(t)
	for _, vector := range file.Cases {
		t.Run(vector.Rule+" "+vector.Name, func(t *testing.T) {
			t.Parallel()
			vector.check(t, file)
		})
	}
}

// TestVectorsCoverEveryCode: there is no check that the vectors leave out.
func TestVectorsCoverEveryCode(t *testing.T) {
	t.Parallel()
	expected := map[string]bool{}
	for _, vector := range readOwnVectors(t).Cases {
		expected[vector.Expect] = true
	}
	codes := codesOf(t, "errors.go")
	require.NotEmpty(t, codes)
	for _, code := range codes {
		assert.True(t, expected[code], "no case expects %q", code)
	}
}

// codesOf returns the values of the constants of type Code in a source file.
func codesOf(t *testing.T, name string) []string {
	t.Helper()
	source, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
	require.NoError(t, err)
	var codes []string
	ast.Inspect(source, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); ok && kind.Name == "Code" {
			code, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			require.NoError(t, err)
			codes = append(codes, code)
		}
		return false
	})
	return codes
}

func (v ownVector) check(t *testing.T, world ownFile) {
	t.Helper()
	verifier, err := verify.New(v.config(world))
	require.NoError(t, err)
	var options []verify.Option
	if v.Nonce != nil {
		options = append(options, verify.WithNonce(*v.Nonce))
	}
	for _, before := range v.Before {
		_, err := verifier.Verify(t.Context(), before, options...)
		require.NoError(t, err)
	}
	result, err := verifier.Verify(t.Context(), v.Bundle, options...)
	if v.Expect != "okay" {
		require.Nil(t, result)
		failure, ok := errors.AsType[*verify.Error](err)
		require.True(t, ok, "error of another type: %v", err)
		require.Equal(t, v.Expect, string(failure.Code), "%v", err)
		return
	}
	require.NoError(t, err)
	want := v.Result
	assert.Equal(t, &verify.Result{
		Email: want.Email, Unverified: want.Unverified, Audience: v.Audience, Issuer: want.Issuer, Expires: want.Expires,
		PublicKey: result.PublicKey, IdPClaims: want.IdPClaims, UserClaims: want.UserClaims,
	}, result)
}

func (v ownVector) config(world ownFile) verify.Config {
	config := verify.Config{
		Audience: v.Audience, Discovery: world,
		Fallbacks: v.Fallbacks, TrustedIssuers: v.TrustedIssuers,
		AllowLegacyKeys: v.AllowLegacyKeys, AllowUnverified: v.AllowUnverified,
		MaxCertificateAge: time.Duration(v.MaxCertificateAge) * time.Second,
		MaxAssertionAge:   time.Duration(v.MaxAssertionAge) * time.Second,
		Now:               func() time.Time { return v.Now.Time() },
	}
	if v.NoLeeway {
		config.Leeway = verify.NoLeeway
	}
	switch v.ReplayCache {
	case "memory":
		config.Replay = &verify.ReplayMemory{Now: config.Now}
	case "broken":
		config.Replay = failingCache{}
	}
	return config
}

// Discover reads the documents as agent/discovery would.
func (f ownFile) Discover(_ context.Context, domain browserid.Domain) (*discovery.Provider, error) {
	fail := func(state discovery.State) error { return &discovery.Error{State: state, Domain: domain} }
	host := domain
	for range discovery.MaxDelegations + 1 {
		text, published := f.Documents[host]
		if slices.Contains(f.Offline, host) {
			return nil, fail(discovery.Offline)
		}
		if !published {
			return nil, fail(discovery.Absent)
		}
		document, err := browserid.ParseSupportDocument(text)
		switch {
		case err != nil:
			return nil, fail(discovery.Invalid)
		case document.Disabled:
			return nil, fail(discovery.Disabled)
		case document.Authority == "":
			return &discovery.Provider{Domain: domain, Authority: host, Keys: document.PublicKeys}, nil
		}
		host = browserid.Domain(document.Authority)
	}
	return nil, fail(discovery.Invalid)
}
