package discovery_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
)

// vectors are the cases of support_documents.json. Its error texts say why; ours are our own.
type vectors struct {
	Documents []struct {
		Name     string
		Document json.RawMessage
		Raw      bool
		Expect   struct {
			Type      string
			Keys      int
			Authority string
		}
	}
	HTTP []struct {
		Name        string
		Status      int
		ContentType *string `json:"content_type"`
		Expect      string
	}
	Delegation struct {
		Documents map[string]json.RawMessage
		Cases     []struct {
			Domain string
			Expect struct{ Disabled bool }
			Error  string `json:"expect_error"`
			Prefix string `json:"expect_error_prefix"`
			Part   string `json:"expect_error_contains"`
		}
	}
}

func readVectors(t *testing.T) vectors {
	t.Helper()
	directory := os.Getenv("NAVID_VECTORS")
	if directory == "" {
		t.Log("NAVID_VECTORS is not set: no cases")
		return vectors{}
	}
	data, err := os.ReadFile(filepath.Join(directory, "support_documents.json"))
	require.NoError(t, err)
	var cases vectors
	require.NoError(t, json.Unmarshal(data, &cases))
	require.NotEmpty(t, cases.Documents)
	require.NotEmpty(t, cases.HTTP)
	require.NotEmpty(t, cases.Delegation.Cases)
	return cases
}

func TestVectorsOfDocuments(t *testing.T) {
	t.Parallel()
	for _, vector := range readVectors(t).Documents {
		t.Run(vector.Name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			text := string(vector.Document)
			if vector.Raw {
				require.NoError(t, json.Unmarshal(vector.Document, &text))
			}
			w.publish("idp.test", text)
			w.publish("idp.example", document)
			client := discovery.New(w.config())
			switch vector.Expect.Type {
			case "supported":
				assert.Len(t, requireProvider(t, client, "idp.test").Keys, vector.Expect.Keys)
			case "delegation":
				assert.Equal(t, browserid.Domain(vector.Expect.Authority), requireProvider(t, client, "idp.test").Authority)
			case "disabled":
				requireState(t, client, "idp.test", discovery.Disabled)
			default:
				requireState(t, client, "idp.test", discovery.Invalid)
			}
		})
	}
}

// The cases without a status, a slow host and one with broken TLS, are in TestTimeLimits and TestTLSOnFirstContact.
func TestVectorsOfHTTP(t *testing.T) {
	t.Parallel()
	for _, vector := range readVectors(t).HTTP {
		if vector.Status == 0 {
			continue
		}
		t.Run(vector.Name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			contentType := ""
			if vector.ContentType != nil {
				contentType = *vector.ContentType
			}
			w.site("idp.test", answer(vector.Status, document, "Content-Type", contentType))
			_, err := discovery.New(w.config()).Discover(t.Context(), "idp.test")
			assert.Equal(t, strings.HasPrefix(vector.Expect, "accepted"), err == nil, "%v", err)
		})
	}
}

func TestVectorsOfDelegation(t *testing.T) {
	t.Parallel()
	cases := readVectors(t).Delegation
	w := newWorld(t)
	for domain, document := range cases.Documents {
		w.site(domain, answer(http.StatusOK, string(document), "Content-Type", jsonType))
	}
	client := discovery.New(w.config())
	reasons := map[string]string{
		"Circular reference": "The delegation goes round in a circle: ",
		"Too many hops":      "Authority is passed on more than 5 times: ",
		"malformed":          "authority is not a string",
	}
	for _, vector := range cases.Cases {
		t.Run(vector.Domain, func(t *testing.T) {
			t.Parallel()
			if vector.Expect.Disabled {
				requireState(t, client, browserid.Domain(vector.Domain), discovery.Disabled)
				return
			}
			failure := requireState(t, client, browserid.Domain(vector.Domain), discovery.Invalid)
			for theirs, ours := range reasons {
				if strings.HasPrefix(vector.Error+vector.Prefix+vector.Part, theirs) {
					assert.Contains(t, failure.Reason, ours)
					return
				}
			}
			assert.Fail(t, "no reason for this case")
		})
	}
}
