package dialog

import (
	"net/http"
	"strings"

	"github.com/navid-login/navid/agent/browserid"
)

// hstsYear tells browsers to use https for this host for a year.
const hstsYear = "max-age=31536000"

// noPowers switches off the browser features that neither the dialog nor an
// identity provider's frame in it has any use for.
const noPowers = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), " +
	"magnetometer=(), microphone=(), midi=(), payment=(), usb=()"

// setHeaders puts the security headers on every response. There is no
// Cross-Origin-Opener-Policy among them, and there must be none: any value
// cuts the dialog off from the relying party that opened it (webplatform.md 4).
func setHeaders(origin browserid.Origin, dev bool, next http.Handler) http.Handler {
	headers := map[string]string{
		"Content-Security-Policy":      contentSecurityPolicy(dev),
		"Cross-Origin-Resource-Policy": "same-origin",
		"Permissions-Policy":           noPowers,
		"Referrer-Policy":              "no-referrer",
		"X-Content-Type-Options":       "nosniff",
	}
	if origin.Scheme() == "https" {
		headers["Strict-Transport-Security"] = hstsYear
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, value := range headers {
			w.Header().Set(name, value)
		}
		next.ServeHTTP(w, r)
	})
}

// contentSecurityPolicy is one policy for all documents of the host: own
// files only, WebAssembly but no eval, no DOM sink that takes a string (G8),
// and frames for the pages of identity providers.
func contentSecurityPolicy(dev bool) string {
	frames := "frame-src https:"
	if dev {
		frames += " http://localhost:* http://*.localhost:*"
	}
	return strings.Join([]string{
		"default-src 'none'",
		"script-src 'self' 'wasm-unsafe-eval'",
		"style-src 'self'",
		"connect-src 'self'",
		"img-src 'self' data:",
		frames,
		"frame-ancestors 'none'",
		"base-uri 'none'",
		"form-action 'none'",
		"require-trusted-types-for 'script'",
		"trusted-types 'none'",
		"worker-src 'none'",
	}, "; ")
}

// forOtherSites lets pages of any origin load the response: the scripts that
// relying parties and identity providers include, also those whose pages ask
// for CORP (COEP) or use an integrity attribute (CORS).
func forOtherSites(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
		w.Header().Set("Access-Control-Allow-Origin", "*")
		next.ServeHTTP(w, r)
	})
}
