package browserid_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/navid-login/navid/agent/browserid"
)

// size is that of the inputs, with room for what is wrapped around them.
const size = 64<<10 - 256

// fill repeats a text up to the size.
func fill(text string) string { return strings.Repeat(text, size/len(text)) }

// numbered repeats a text with a number in it up to the size.
func numbered(format string) string {
	var made strings.Builder
	for i := 0; made.Len() < size; i++ {
		fmt.Fprintf(&made, format, i)
	}
	return made.String()
}

// worst are inputs of 64 KiB on which a careless parser is slow: long, deep,
// many, escaped, or wrong only at the end.
func worst() map[string]string {
	digits, hex := strings.Repeat("9", 15<<10), strings.Repeat("f", 5<<10)
	inputs := map[string]string{
		"brackets":           fill("["),
		"brackets, closed":   strings.Repeat("[", size/2) + strings.Repeat("]", size/2),
		"braces":             fill(`{"a":`),
		"members":            "{" + numbered(`"%d":0,`) + `"x":0}`,
		"members, one twice": "{" + numbered(`"%d":0,`) + `"0":0}`,
		"names escaped":      "{" + numbered(`"\u0061%d":"\u0061",`) + `"x":0}`,
		"objects":            `{"a":[` + fill(`{},`) + `{}]}`,
		"objects, nested":    `{"a":[` + fill(`{"a":{"a":{"a":{}}}},`) + `{}]}`,
		"one string":         `{"a":"` + fill("a") + `"}`,
		"one escaped string": `{"a":"` + fill(`\u0061`) + `"}`,
		"backslashes":        `{"a":"` + fill(`\\`),
		"quotation marks":    fill(`"`),
		"one number":         `{"a":` + fill("9") + `}`,
		"one exponent":       `{"exp":1e` + fill("9") + `}`,
		"time":               `{"aud":"a","exp":` + fill("9") + `}`,
		"fraction":           `{"aud":"a","exp":1.` + fill("9") + `}`,
		"spaces":             fill(" ") + `{}`,
		"spaces between":     `{` + fill(" ") + `}`,
		"tildes":             fill("~"),
		"dots":               fill("."),
		"at signs":           fill("@"),
		"hyphens":            fill("-"),
		"colons":             "https://a" + fill(":"),
		"letters":            fill("a"),
		"base64":             fill("eyJh"),
		"not UTF-8":          fill("\xff"),
		"two bytes":          fill("ö"),
		"decimal key":        `{"algorithm":"RS","e":"65537","n":"` + digits + `"}`,
		"decimal exponent":   `{"algorithm":"RS","n":"65537","e":"` + digits + `"}`,
		"hexadecimal key":    fmt.Sprintf(`{"algorithm":"DS","y":%q,"p":%q,"q":%q,"g":"3"}`, hex, hex, hex),
		"JWK":                `{"kty":"RSA","e":"AQAB","n":"` + strings.Repeat("7", 15<<10) + `"}`,
		"zeros before":       `{"algorithm":"RS","e":"65537","n":"` + strings.Repeat("0", 15<<10) + `1"}`,
	}
	keys := make([]string, 4)
	for i := range keys {
		keys[i] = inputs["decimal key"]
	}
	inputs["document of decimal keys"] = `{"authentication":"/a","provisioning":"/p","keys":[` + strings.Join(keys, ",") + `]}`
	inputs["document with a long path"] = `{"provisioning":"/` + fill("a") + `"}`
	inputs["document with algorithms"] = `{"algorithms":[` + fill(`"",`) + `""]}`
	inputs["certificate with a key"] = `{"iss":"a","exp":1,"principal":{"email":"a@b.c"},"public-key":` + inputs["decimal key"] + `}`
	inputs["certificate of claims"] = `{"iss":"a","exp":1,"principal":{` + numbered(`"%d":0,`) + `"email":"a@b.c"}}`
	return inputs
}

// parsers are all of the package. Those of tokens get the input also as claims
// and as a header.
var parsers = map[string]func(input string){
	"email":    func(s string) { _, _ = browserid.ParseEmail(s); _, _ = browserid.ParseEmail("a@" + s) },
	"domain":   func(s string) { _, _ = browserid.ParseDomain(s) },
	"origin":   func(s string) { _, _ = browserid.ParseOrigin(s); _, _ = browserid.ParseOrigin("https://" + s) },
	"millis":   func(s string) { _ = new(browserid.Millis).UnmarshalJSON([]byte(s)) },
	"object":   func(s string) { _, _ = browserid.StrictObject([]byte(s)) },
	"key":      func(s string) { _, _ = browserid.ParsePublicKey([]byte(s)) },
	"document": func(s string) { _, _ = browserid.ParseSupportDocument([]byte(s)) },
	"backed":   func(s string) { _, _ = browserid.ParseBacked(s); _, _ = browserid.ParseBacked(encode(s)) },
	"compact":  func(s string) { _, _ = browserid.ParseCompact(s) },
	"header":   func(s string) { _, _ = browserid.ParseCompact(encode(s) + ".e30.AAAA") },
	"certificate": func(s string) {
		_, _, _ = browserid.ParseCertificate(encode(`{"alg":"ES256"}`) + "." + encode(s) + ".AAAA")
	},
	"assertion": func(s string) {
		_, _, _ = browserid.ParseAssertion(encode(`{"alg":"ES256"}`) + "." + encode(s) + ".AAAA")
	},
}

// TestNoInputIsSlow is scorecard 3 of security.md: no input of 64 KiB takes over
// 50 ms. Of several runs the fastest counts: the machine is shared.
func TestNoInputIsSlow(t *testing.T) { //nolint:paralleltest // it measures
	for inputName, input := range worst() {
		for parserName, parse := range parsers {
			fastest := time.Hour
			for run := 0; run < 10 && fastest >= slowest; run++ {
				start := time.Now()
				parse(input)
				fastest = min(fastest, time.Since(start))
			}
			assert.Less(t, fastest, slowest, "%s, read as %s", inputName, parserName)
		}
	}
}
