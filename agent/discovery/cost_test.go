package discovery_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/navid-login/navid/agent/discovery"
)

// Security test 30: a document of hostile keys is refused, and costs at most 5 ms more than one that is refused at its first word.
// Of several lookups the fastest counts, since the machine is shared.
func TestHostileDocumentsCostLittle(t *testing.T) { //nolint:paralleltest // it measures
	key := func(modulus int) string {
		return `{"kty":"RSA","e":"f____w","n":"` + strings.Repeat("7", modulus/6) + `"}`
	}
	plain := fastestRefusal(t, `{}`)
	for name, document := range map[string]string{
		"262,144 bits, e = 2^31-1": `{"authentication":"/a","provisioning":"/p","public-key":` + key(262_144) + `}`,
		"ten keys of 16,384 bits":  `{"authentication":"/a","provisioning":"/p","keys":[` + strings.Repeat(key(16_384)+",", 9) + key(16_384) + `]}`,
		"60,000 decimal digits":    `{"authentication":"/a","provisioning":"/p","public-key":{"algorithm":"RS","e":"3","n":"` + strings.Repeat("7", 60_000) + `"}}`,
		"nested":                   `{"x":` + strings.Repeat("[", 60_000),
	} {
		t.Run(name, func(t *testing.T) {
			assert.Less(t, fastestRefusal(t, document)-plain, 5*time.Millisecond)
		})
	}
}

func fastestRefusal(t *testing.T, document string) time.Duration {
	t.Helper()
	w := newWorld(t)
	w.publish("idp.test", document)
	fastest := time.Hour
	for range 20 {
		client := discovery.New(w.config())
		start := time.Now()
		requireState(t, client, "idp.test", discovery.Invalid)
		fastest = min(fastest, time.Since(start))
	}
	return fastest
}
