package agent_test

import (
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// These tests hold the layout of design.md 3: who may import whom, and what
// the WebAssembly agent must not link.

const modulePath = "github.com/navid-login/navid"

// anything allows every import.
const anything = "*"

// importRule is what the packages of a folder may import beside the standard
// library. "x/..." means x and all below it.
type importRule struct {
	folder string
	allow  []string
}

const (
	goJose  = "github.com/go-jose/go-jose/v4/..."
	pgx     = "github.com/jackc/pgx/v5/..."
	safejs  = "github.com/hack-pad/safejs/..."
	testify = "github.com/stretchr/testify/..."
)

// importRules are in order: the first that names a folder counts.
var importRules = []importRule{
	{"agent/browserid", nil},
	{"agent/channel", []string{"agent/browserid"}},
	{"agent/discovery", []string{"agent/browserid", goJose, "golang.org/x/..."}},
	{"agent/issuer", []string{"agent/browserid", "agent/issuer/internal/private", goJose}},
	{"agent/issuer/internal/private", nil},
	{"agent/issuer/totp", []string{"agent/browserid", "agent/issuer", "agent/issuer/internal/private", "github.com/pquerna/otp/..."}},
	{"agent/issuer/keyring", []string{"agent/browserid", "agent/issuer/..."}},
	{"agent/issuer/personal", []string{"agent/browserid", "golang.org/x/..."}},
	{"agent/verify", []string{"agent/browserid", "agent/discovery", goJose, "golang.org/x/..."}},
	{"agent/verify/mutate", nil},
	{"agent/verify/vectors", []string{"agent/browserid"}},
	{"agent/internal/uncovered", nil},
	{"agent/memory", []string{"agent", "agent/browserid"}},
	{"agent/agenttest", []string{"agent", "agent/browserid", "agent/channel", "agent/issuer", "agent/memory", goJose, testify}},
	{"agent", []string{"agent/browserid"}},
	{"wasm/internal/jsxtest", []string{"wasm/internal/jsx", safejs, testify}},
	{"wasm/...", []string{"agent", "agent/browserid", "agent/channel", "agent/memory", "wasm/internal/...", safejs}},
	{"shim", nil},
	{"shim/sites", []string{"agent/browserid", "agent/discovery", "agent/verify"}},
	{"shim/sites/sitestest", []string{testify}},
	{"dialog/idp/idptest", []string{"agent/browserid", "agent/discovery", "agent/issuer", "dialog/idp", testify, "github.com/descope/virtualwebauthn"}},
	{"dialog/idp/storetest", []string{"agent/browserid", "dialog/idp", testify}},
	{"dialog/idp/store/postgrestest", []string{pgx, testify}},
	{"dialog/cmd/benchhost/...", []string{
		"agent/browserid", "agent/issuer/...", "dialog/...", testify, "golang.org/x/...", "github.com/emersion/go-smtp",
	}},
	{"dialog/check", []string{"agent/browserid", "agent/discovery", "golang.org/x/net/..."}},
	{"dialog/...", []string{
		"agent/browserid", "agent/discovery", "agent/issuer/...", "agent/verify", "dialog/...", "shim",
		"github.com/andybalholm/brotli", "golang.org/x/...", "github.com/wneessen/go-mail/...",
		"github.com/go-webauthn/webauthn/...", "github.com/prometheus/client_golang/...",
		"github.com/pressly/goose/v3/...", "modernc.org/sqlite/...", pgx, "github.com/mdp/qrterminal/v3",
	}},
	{"testbrowser/...", []string{anything}},
}

// notInWasm are packages that the agent must not link, by what they cost or
// why they have no business there (design.md 9 and 11). Measured on a program
// of safejs and encoding/json.
var notInWasm = map[string]string{
	"net":                             "the browser does the networking; hundreds of kB",
	"net/http":                        "fetch does it; doubles the download",
	"net/url":                         "the browser has the URL parser that pages use; a second one would differ",
	"html/template":                   "screens are codes and parameters; the page writes the text",
	"text/template":                   "screens are codes and parameters; the page writes the text; keeps every method from being dropped",
	"crypto/tls":                      "the browser does it",
	"crypto/x509":                     "certificates here are BrowserID's; drags in net, RSA, ECDSA and ASN.1",
	"crypto/rsa":                      "WebCrypto holds the keys and signs",
	"crypto/ecdsa":                    "WebCrypto holds the keys and signs",
	"math/big":                        "numbers of keys are bytes; WebCrypto counts with them",
	"encoding/asn1":                   "signatures here are raw r||s",
	"regexp":                          "parsers here are a few lines; its compiler is not",
	"golang.org/x/net/...":            "IDNA tables; the browser's URL parser knows them",
	"golang.org/x/text/...":           "Unicode tables; the browser has them",
	"github.com/go-jose/go-jose/v4":   "drags in crypto/x509, net, RSA and ECDSA: +600 kB in brotli",
	"github.com/stretchr/testify/...": "for tests",
}

// listDeps returns all that a package links, for a target such as "js/wasm".
func listDeps(t *testing.T, target, folder string) []string {
	t.Helper()
	goos, goarch, _ := strings.Cut(target, "/")
	command := exec.CommandContext(t.Context(), "go", "list", "-deps", "./"+folder)
	command.Dir = repository
	command.Env = append(os.Environ(), "GOOS="+goos, "GOARCH="+goarch)
	output, err := command.Output()
	if failed, ok := err.(*exec.ExitError); ok {
		require.NoError(t, err, string(failed.Stderr))
	}
	require.NoError(t, err)
	return strings.Fields(string(output))
}

func TestWasmStaysLean(t *testing.T) {
	t.Parallel()
	for _, folder := range []string{"agent/browserid", "agent/channel", "agent", "wasm"} {
		t.Run(folder, func(t *testing.T) {
			t.Parallel()
			for _, linked := range listDeps(t, "js/wasm", folder) {
				for banned, reason := range notInWasm {
					assert.False(t, covers(banned, linked), "%s links %s: %s", folder, linked, reason)
				}
			}
		})
	}
}

func TestImports(t *testing.T) {
	t.Parallel()
	for _, source := range goSources(t) {
		if source.test {
			continue
		}
		rule := ruleOf(source.folder)
		if !assert.NotNil(t, rule, "%s: which folder may it import? Say so in importRules", source.name) {
			continue
		}
		for _, imported := range source.imports {
			assert.True(t, rule.allows(imported), "%s must not import %s", source.name, imported)
			if strings.HasPrefix(imported, "syscall/js") {
				assert.True(t, covers("wasm/...", source.folder), "%s: only wasm/ speaks to the browser", source.name)
			}
		}
	}
}

// Even tests of other packages leave testbrowser, which starts browsers, alone.
func TestNobodyImportsTestbrowser(t *testing.T) {
	t.Parallel()
	for _, source := range goSources(t) {
		if covers("testbrowser/...", source.folder) {
			continue
		}
		for _, imported := range source.imports {
			assert.False(t, covers(modulePath+"/testbrowser/...", imported), "%s imports %s", source.name, imported)
		}
	}
}

func TestEveryPackageHasADocComment(t *testing.T) {
	t.Parallel()
	documented := map[string]bool{}
	for _, source := range goSources(t) {
		if !source.test {
			documented[source.folder] = documented[source.folder] || source.documented
		}
	}
	require.NotEmpty(t, documented)
	for folder, ok := range documented {
		assert.True(t, ok, "%s has no package comment", folder)
	}
}

// ruleOf returns the rule of a folder, or nil.
func ruleOf(folder string) *importRule {
	i := slices.IndexFunc(importRules, func(rule importRule) bool { return covers(rule.folder, folder) })
	if i < 0 {
		return nil
	}
	return &importRules[i]
}

func (r importRule) allows(imported string) bool {
	if first, _, _ := strings.Cut(imported, "/"); !strings.Contains(first, ".") {
		return true // the standard library
	}
	return slices.ContainsFunc(r.allow, func(allowed string) bool {
		return allowed == anything || covers(allowed, imported) || covers(path.Join(modulePath, allowed), imported)
	})
}

// covers tells whether a pattern, "x" or "x/...", names the path.
func covers(pattern, path string) bool {
	root, tree := strings.CutSuffix(pattern, "/...")
	return path == root || tree && strings.HasPrefix(path, root+"/")
}
