package browserid_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
)

// Each target reads, writes and reads again: the second reading succeeds and
// equals the first. Nothing takes longer than a parser may.

// slowest is the time that the slowest input may take (security.md, scorecard 3).
const slowest = 50 * time.Millisecond

func timed[T any](t *testing.T, parse func() (T, error)) (T, bool) {
	t.Helper()
	start := time.Now()
	value, err := parse()
	if elapsed := time.Since(start); elapsed > slowest {
		// The machine may have been busy: only a second time counts.
		start = time.Now()
		_, _ = parse()
		require.Less(t, time.Since(start), slowest)
	}
	return value, err == nil
}

func seedTokens(f *testing.F, pick func(certificate, assertion string) string) {
	f.Helper()
	data, err := os.ReadFile("testdata/bundles.json")
	require.NoError(f, err)
	var file bundleFile
	require.NoError(f, json.Unmarshal(data, &file))
	for _, vector := range file.Bundles {
		certificate, assertion, _ := strings.Cut(vector.Bundle, "~")
		f.Add(pick(certificate, assertion))
	}
}

func FuzzParseEmail(f *testing.F) {
	for _, seed := range []string{"ann@idp.test", "Ann+1@IDP.test", "ann@127.0.0.1", "ann@\u212a.test", "a@b@c.d", "\"a\"@b.c"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		first, ok := timed(t, func() (browserid.Email, error) { return browserid.ParseEmail(text) })
		if !ok {
			return
		}
		again, err := browserid.ParseEmail(string(first))
		require.NoError(t, err)
		require.Equal(t, first, again)
		_, err = browserid.ParseDomain(string(first.Domain()))
		require.NoError(t, err)
		require.Equal(t, 1, strings.Count(string(first), "@"))
	})
}

func FuzzParseDomain(f *testing.F) {
	for _, seed := range []string{"idp.test", "xn--a.b", "1.2.3.4", "a.0x1", "-a.b", "a..b", "A"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		first, ok := timed(t, func() (browserid.Domain, error) { return browserid.ParseDomain(text) })
		if ok {
			again, err := browserid.ParseDomain(string(first))
			require.NoError(t, err)
			require.Equal(t, first, again)
		}
	})
}

func FuzzParseOrigin(f *testing.F) {
	for _, seed := range []string{"https://rp.test", "https://rp.test:443", "http://a.localhost:1", "null", "https://a@b", "https://[::1]"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		first, ok := timed(t, func() (browserid.Origin, error) { return browserid.ParseOrigin(text) })
		if !ok {
			return
		}
		again, err := browserid.ParseOrigin(string(first))
		require.NoError(t, err)
		require.Equal(t, first, again)
		full, err := browserid.ParseOrigin(first.Scheme() + "://" + first.Host() + ":" + first.Port())
		require.NoError(t, err)
		require.Equal(t, first, full)
	})
}

func FuzzMillis(f *testing.F) {
	for _, seed := range []string{"1795262400000", "1795262400.5", "-1", "1e9", "null", `"1"`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var first, again browserid.Millis
		if json.Unmarshal(text, &first) != nil {
			return
		}
		written, err := json.Marshal(first)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(written, &again))
		require.Equal(t, first, again)
	})
}

func FuzzStrictObject(f *testing.F) {
	for _, seed := range []string{`{}`, `{"a":[1,{"b":null}],"c":"\u0022}"}`, `{"a":1,"\u0061":2}`, `{"a":{"a":{}}}`, `[]`, `{"":-1.5e+3}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		strict, ok := timed(t, func() (map[string]json.RawMessage, error) { return browserid.StrictObject(text) })
		// encoding/json, which is laxer, takes what we take and reads the same.
		var plain map[string]json.RawMessage
		if err := json.Unmarshal(text, &plain); err != nil {
			require.False(t, ok)
		}
		if ok {
			require.Equal(t, plain, strict)
		}
	})
}

func FuzzParsePublicKey(f *testing.F) {
	data, err := os.ReadFile("testdata/keys.json")
	require.NoError(f, err)
	var file keyFile
	require.NoError(f, json.Unmarshal(data, &file))
	for _, vector := range file.PublicKeys {
		f.Add([]byte(vector.Input))
	}
	for _, vector := range file.SecretKeys {
		f.Add([]byte(vector.Input))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		key, ok := timed(t, func() (browserid.PublicKey, error) { return browserid.ParsePublicKey(text) })
		if !ok {
			return
		}
		require.NotEmpty(t, key.Algorithm())
		require.LessOrEqual(t, key.Bits(), browserid.MaxRSABits)
		requireStableKey(t, key)
	})
}

func FuzzParseCompact(f *testing.F) {
	seedTokens(f, func(certificate, _ string) string { return certificate })
	f.Fuzz(func(t *testing.T, text string) {
		compact, ok := timed(t, func() (*browserid.Compact, error) { return browserid.ParseCompact(text) })
		if ok {
			require.Equal(t, text, compact.String(), "a token has one spelling")
		}
	})
}

// The tokens are fuzzed by their claims: what is around them is not of interest.

func FuzzParseCertificate(f *testing.F) {
	seedTokens(f, func(certificate, _ string) string { return payloadOf(f, certificate) })
	f.Fuzz(func(t *testing.T, claims string) {
		token := encode(`{"alg":"EdDSA"}`) + "." + encode(claims) + ".AAAA"
		_, ok := timed(t, func() (*browserid.Certificate, error) {
			certificate, _, err := browserid.ParseCertificate(token)
			return certificate, err
		})
		if ok {
			requireStableCertificate(t, token)
		}
	})
}

func FuzzParseAssertion(f *testing.F) {
	seedTokens(f, func(_, assertion string) string { return payloadOf(f, assertion) })
	f.Fuzz(func(t *testing.T, claims string) {
		token := encode(`{"alg":"EdDSA"}`) + "." + encode(claims) + ".AAAA"
		_, ok := timed(t, func() (*browserid.Assertion, error) {
			assertion, _, err := browserid.ParseAssertion(token)
			return assertion, err
		})
		if ok {
			requireStableAssertion(t, token)
		}
	})
}

func payloadOf(f *testing.F, token string) string {
	f.Helper()
	compact, err := browserid.ParseCompact(token)
	require.NoError(f, err)
	return string(compact.Payload)
}

func FuzzParseBacked(f *testing.F) {
	seedTokens(f, func(certificate, assertion string) string { return certificate + "~" + assertion })
	f.Add("c1~c2~a")
	f.Add(encode(`{"certificates":["c"],"assertion":"a"}`))
	f.Fuzz(func(t *testing.T, text string) {
		first, ok := timed(t, func() (browserid.Backed, error) { return browserid.ParseBacked(text) })
		if ok {
			again, err := browserid.ParseBacked(first.String())
			require.NoError(t, err)
			require.Equal(t, first, again)
		}
	})
}

func FuzzParseSupportDocument(f *testing.F) {
	data, err := os.ReadFile("testdata/support_documents.json")
	require.NoError(f, err)
	var file supportFile
	require.NoError(f, json.Unmarshal(data, &file))
	for _, vector := range file.Documents {
		f.Add([]byte(vector.Document))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		document, ok := timed(t, func() (*browserid.SupportDocument, error) { return browserid.ParseSupportDocument(text) })
		if ok {
			requireStableDocument(t, document)
		}
	})
}
