package verifier

import (
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
)

// BenchmarkVerifyHTTP is what a site gets over loopback, client included, with
// the issuer's keys known: requests per second, and the memory of the process.
func BenchmarkVerifyHTTP(b *testing.B) {
	for _, bench := range []struct {
		name string
		key  func() browserid.Signer
	}{{"RS256", rs256}, {"ES256", es256}, {"EdDSA", eddsa}} {
		b.Run(bench.name, func(b *testing.B) { benchmarkKey(b, bench.key()) })
	}
}

func benchmarkKey(b *testing.B, key browserid.Signer) {
	config := testConfig()
	config.Discovery = providers{
		"idp.test": &discovery.Provider{Authority: "idp.test", Keys: []browserid.PublicKey{key.PublicKey()}},
	}
	server := httptest.NewServer(newTestVerifier(b, config))
	defer server.Close()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: DefaultMaxVerifications}}
	defer client.CloseIdleConnections()
	body := form("assertion", bundleOf(key, key), "audience", "https://rp.test")
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			response, err := client.Post(server.URL+"/verify", typeForm, strings.NewReader(body))
			if !assert.NoError(b, err) {
				return
			}
			answer, err := io.ReadAll(response.Body)
			response.Body.Close()
			assert.NoError(b, err)
			assert.Contains(b, string(answer), `"status":"okay"`)
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "req/s")
	b.ReportMetric(processMB(), "MB-process")
	require.False(b, b.Failed())
}

// processMB is what the process has from the system.
func processMB() float64 {
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	return float64(memory.Sys-memory.HeapReleased) / (1 << 20)
}
