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
		"Content-Security-Policy":      contentSecurityPolicy(ofDocuments, dev),
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

// policy is what a Content-Security-Policy says that is not the same for all
// documents of the host.
type policy struct {
	connect, frames string // what may be fetched, and framed
	images          string // beside the host's own
	ancestors       string // which pages may frame the document
}

// The policies. What identity providers have to show is framed by the dialog
// alone. It alone shows logos, of any https site, since the server does not
// know which one asks: the page, which does, narrows that to the site
// (brand.js). A tab that was sent here, with no window to answer to, asks the
// site itself whether the page to return to wants the answer (G1); and only
// the communication frame is there to be framed.
var (
	ofDocuments    = policy{connect: "'self'", images: "data:", frames: "https:", ancestors: "'none'"}
	ofDialog       = policy{connect: "'self'", images: "data: https:", frames: "https:", ancestors: "'none'"}
	ofRedirectFlow = policy{connect: "'self' https:", images: "data: https:", frames: "https:", ancestors: "'none'"}
	ofFrame        = policy{connect: "'self'", images: "data:", frames: "'none'", ancestors: "*"}
)

// contentSecurityPolicy writes a policy: own files only, WebAssembly but no
// eval, no DOM sink that takes a string (G8). In development, what may be of
// any https site may be of this machine too.
func contentSecurityPolicy(p policy, dev bool) string {
	const local = " http://localhost:* http://*.localhost:*"
	if dev {
		p.connect = strings.Replace(p.connect, "https:", "https:"+local, 1)
		p.frames = strings.Replace(p.frames, "https:", "https:"+local, 1)
		p.images = strings.Replace(p.images, "https:", "https:"+local, 1)
	}
	return strings.Join([]string{
		"default-src 'none'",
		"script-src 'self' 'wasm-unsafe-eval'",
		"style-src 'self'",
		"connect-src " + p.connect,
		"img-src 'self' " + p.images,
		"frame-src " + p.frames,
		"frame-ancestors " + p.ancestors,
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
