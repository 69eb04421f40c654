package browserid_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
)

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

type keyFile struct {
	PublicKeys []struct {
		Name   string          `json:"name"`
		Input  json.RawMessage `json:"input"`
		Expect map[string]string
		Info   struct {
			WireAlg browserid.Algorithm `json:"wire_alg"`
		} `json:"info"`
	} `json:"public_keys"`
	SecretKeys []struct {
		Name  string          `json:"name"`
		Input json.RawMessage `json:"input"`
	} `json:"secret_keys"`
}

// TestKeyVectors is C4: both forms are the same key, and stay so.
func TestKeyVectors(t *testing.T) {
	t.Parallel()
	for _, file := range readVectors[keyFile](t, "keys.json") {
		require.NotEmpty(t, file.PublicKeys)
		for _, vector := range file.PublicKeys {
			t.Run(vector.Name, func(t *testing.T) {
				t.Parallel()
				key, err := browserid.ParsePublicKey(vector.Input)
				require.NoError(t, err)
				assert.Equal(t, vector.Info.WireAlg, key.Algorithm())
				for name, digits := range numbersOf(key) {
					assert.Equal(t, vector.Expect[name], digits, name)
				}
				requireStableKey(t, key)
			})
		}
		require.NotEmpty(t, file.SecretKeys)
		for _, vector := range file.SecretKeys {
			t.Run(vector.Name, func(t *testing.T) {
				t.Parallel()
				_, err := browserid.ParsePublicKey(vector.Input)
				require.ErrorIs(t, err, browserid.CodeKey)
			})
		}
	}
}

// numbersOf returns the numbers of a key as the vectors name them.
func numbersOf(key browserid.PublicKey) map[string]string {
	if n, e := key.RSA(); n != nil {
		return map[string]string{"modulus_hex": hexOf(n), "exponent_hex": hexOf(e)}
	}
	if y, p, q, g := key.DSA(); y != nil {
		return map[string]string{"y_hex": hexOf(y), "p_hex": hexOf(p), "q_hex": hexOf(q), "g_hex": hexOf(g)}
	}
	if x, y := key.P256(); x != nil {
		return map[string]string{"x_hex": hexOf(x), "y_hex": hexOf(y)}
	}
	return map[string]string{"x_hex": hexOf(key.Ed25519())}
}

// requireStableKey writes the key in both forms and reads it again.
func requireStableKey(t *testing.T, key browserid.PublicKey) {
	t.Helper()
	wire, err := json.Marshal(key)
	require.NoError(t, err)
	for _, form := range [][]byte{wire, key.JWK()} {
		again, err := browserid.ParsePublicKey(form)
		require.NoError(t, err)
		require.True(t, key.Equal(again))
		second, err := json.Marshal(again)
		require.NoError(t, err)
		require.Equal(t, string(wire), string(second))
		require.Equal(t, string(key.JWK()), string(again.JWK()))
	}
}

type emailFile struct {
	Cases []struct {
		Address string          `json:"address"`
		Valid   json.RawMessage `json:"valid"`
		ALabel  string          `json:"a_label"`
	} `json:"cases"`
}

// TestEmailVectors is B6. Where the vectors leave it to policy, an address that
// is not ASCII is refused here: the browser makes A-labels of it first (B6.3).
func TestEmailVectors(t *testing.T) {
	t.Parallel()
	for _, file := range readVectors[emailFile](t, "email_cases.json") {
		require.NotEmpty(t, file.Cases)
		for _, vector := range file.Cases {
			_, err := browserid.ParseEmail(vector.Address)
			if string(vector.Valid) == "true" {
				require.NoError(t, err, "%q", vector.Address)
			} else {
				require.ErrorIs(t, err, browserid.CodeEmail, "%q", vector.Address)
			}
			if vector.ALabel != "" {
				_, err := browserid.ParseEmail(vector.ALabel)
				require.NoError(t, err, "%q", vector.ALabel)
			}
		}
	}
}

type supportFile struct {
	Documents []struct {
		Name     string          `json:"name"`
		Document json.RawMessage `json:"document"`
		Raw      bool            `json:"raw"`
		Expect   struct {
			Type      string `json:"type"`
			Keys      int    `json:"keys"`
			Authority string `json:"authority"`
		} `json:"expect"`
	} `json:"documents"`
}

// TestSupportDocumentVectors is C3.
func TestSupportDocumentVectors(t *testing.T) {
	t.Parallel()
	for _, file := range readVectors[supportFile](t, "support_documents.json") {
		require.NotEmpty(t, file.Documents)
		for _, vector := range file.Documents {
			t.Run(vector.Name, func(t *testing.T) {
				t.Parallel()
				text := []byte(vector.Document)
				if vector.Raw {
					var raw string
					require.NoError(t, json.Unmarshal(vector.Document, &raw))
					text = []byte(raw)
				}
				document, err := browserid.ParseSupportDocument(text)
				if vector.Expect.Type == "" {
					require.ErrorIs(t, err, browserid.CodeSupportDocument)
					return
				}
				require.NoError(t, err)
				assert.Equal(t, vector.Expect.Type == "disabled", document.Disabled)
				assert.Equal(t, vector.Expect.Authority, document.Authority)
				assert.Len(t, document.PublicKeys, vector.Expect.Keys)
				requireStableDocument(t, document)
			})
		}
	}
}

func requireStableDocument(t *testing.T, document *browserid.SupportDocument) {
	t.Helper()
	text, err := json.Marshal(document)
	require.NoError(t, err)
	again, err := browserid.ParseSupportDocument(text)
	require.NoError(t, err)
	require.Equal(t, document, again)
}

type bundleFile struct {
	Bundles []struct {
		Name   string `json:"name"`
		Bundle string `json:"bundle"`
	} `json:"bundles"`
}

// TestBundleVectors reads whole bundles and writes them again. agent/verify
// verifies them.
func TestBundleVectors(t *testing.T) {
	t.Parallel()
	for _, file := range readVectors[bundleFile](t, "bundles.json") {
		require.NotEmpty(t, file.Bundles)
		for _, vector := range file.Bundles {
			t.Run(vector.Name, func(t *testing.T) {
				t.Parallel()
				backed, err := browserid.ParseBacked(vector.Bundle)
				require.NoError(t, err)
				if strings.Contains(vector.Bundle, "~") {
					require.Equal(t, vector.Bundle, backed.String())
				}
				for _, token := range append(backed.Certificates, backed.Assertion) {
					compact, err := browserid.ParseCompact(token)
					require.NoError(t, err)
					require.Equal(t, token, compact.String())
				}
				requireStableCertificate(t, backed.Certificates[0])
				requireStableAssertion(t, backed.Assertion)
			})
		}
	}
}
