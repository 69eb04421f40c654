package dialog

import (
	"bytes"
	"testing"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
)

func BenchmarkSignInPage(b *testing.B) {
	files := testFiles()
	files.templates = embedded().templates
	handler, err := newHandler(testConfig(), files.load)
	if err != nil {
		b.Fatal(err)
	}
	for _, accept := range []string{"br", "gzip", "identity"} {
		b.Run(accept, func(b *testing.B) {
			for b.Loop() {
				do(handler, "GET", "/sign_in", "", "Accept-Encoding: "+accept)
			}
		})
	}
}

func BenchmarkStart(b *testing.B) {
	files := embedded()
	files.dist = testFiles().dist
	for b.Loop() {
		if _, err := files.load(); err != nil {
			b.Fatal(err)
		}
	}
}

// A provider with many large keys, found in discovery's cache.
func BenchmarkAddress(b *testing.B) {
	provider := &discovery.Provider{Domain: "idp.test", Authority: "idp.test", Algorithms: []browserid.Algorithm{browserid.RS256}}
	for i := range 10 {
		key, err := browserid.NewRSA(bytes.Repeat([]byte{0xff - byte(2*i)}, browserid.MaxRSABits/8), 65537)
		if err != nil {
			b.Fatal(err)
		}
		provider.Keys = append(provider.Keys, key)
	}
	config := testConfig()
	config.Discovery = discoverFunc(func(browserid.Domain) (*discovery.Provider, error) { return provider, nil })
	handler, err := newHandler(config, testFiles().load)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		do(handler, "POST", "/api/address", `{"domain":"idp.test"}`, "Sec-Fetch-Site: same-origin", "Peer: 127.0.0.1:1")
	}
}
