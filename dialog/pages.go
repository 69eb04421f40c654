package dialog

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"strings"

	"github.com/navid-login/navid/agent/browserid"
)

// pageData is what every template is executed with.
type pageData struct {
	// Now is the host's time in milliseconds since the Unix epoch, for
	// <meta name="navid-now" content="{{.Now}}">.
	Now int64
	// Static is the folder of the page's files, "/static/<hash>":
	// {{.Static}}/dialog.js.
	Static string
	// Agent is the URL of agent.wasm, and WasmExec that of wasm_exec.js.
	Agent, WasmExec string
	// Fallback tells the dialog that this host vouches for addresses itself, as
	// far as domains have no provider of their own.
	Fallback bool
	// Host is the origin of this login host, for people to read, and HostParts the
	// same in pieces between which a narrow line may break.
	Host      string
	HostParts []string
	// Lang and Dir are for <html lang="{{.Lang}}" dir="{{.Dir}}">.
	Lang, Dir string
	// Cancelled tells auth_return.html that the person gave up at the
	// identity provider (/sign_in?AUTH_RETURN_CANCEL).
	Cancelled bool
}

// pages are the host's HTML documents.
type pages struct{ templates *template.Template }

// loadPages parses all templates and makes sure that none is missing.
func loadPages(folder fs.FS) (*pages, error) {
	templates, err := template.ParseFS(folder, "*.html")
	if err != nil {
		return nil, fmt.Errorf("templates: %w", err)
	}
	for _, name := range []string{"sign_in", "auth_return", "communication_iframe", "index", "check", "not_found"} {
		if templates.Lookup(name+".html") == nil {
			return nil, fmt.Errorf("templates: %s.html is missing", name)
		}
	}
	return &pages{templates}, nil
}

// signIn answers the dialog, or the page to which an identity provider's
// pages return (C2.3, design 5.4c). The form is told by the query alone.
func (h *host) signIn(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	data := h.pageData(r)
	data.Cancelled = query.Has("AUTH_RETURN_CANCEL")
	switch {
	case data.Cancelled, query.Has("AUTH_RETURN"), query.Has("PROVISION_RETURN"):
		h.page(w, r, http.StatusOK, "auth_return.html", data)
	case query.Has("REDIRECT"):
		w.Header().Set("Content-Security-Policy", contentSecurityPolicy(ofRedirectFlow, h.dev))
		h.page(w, r, http.StatusOK, "sign_in.html", data)
	default:
		w.Header().Set("Content-Security-Policy", contentSecurityPolicy(ofDialog, h.dev))
		h.page(w, r, http.StatusOK, "sign_in.html", data)
	}
}

// communicationFrame answers the frame of observer mode, which any page may
// embed, pages under COEP included. It is the same for everyone for a day and
// comes from the cache: once a person has granted the frame storage access,
// the browser names the embedding site when it asks for the document (E6).
func (h *host) communicationFrame(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Security-Policy", contentSecurityPolicy(ofFrame, h.dev))
	header.Set("Cross-Origin-Embedder-Policy", "require-corp")
	header.Set("Cross-Origin-Resource-Policy", "cross-origin")
	header.Set("Cache-Control", cacheDay)
	h.page(w, r, http.StatusOK, "communication_iframe.html", h.pageData(r))
}

// document answers a page that is the same for everyone.
func (h *host) document(name string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h.page(w, r, http.StatusOK, name, h.pageData(r))
	}
}

func (h *host) notFound(w http.ResponseWriter, r *http.Request) {
	h.page(w, r, http.StatusNotFound, "not_found.html", h.pageData(r))
}

func (h *host) pageData(r *http.Request) pageData {
	origin, _ := h.names.of(r) // onlyHost has let it pass
	return pageData{
		Now:       h.now().UnixMilli(),
		Static:    h.assets.staticRoot,
		Agent:     h.assets.agentRoot + "/agent.wasm",
		WasmExec:  h.assets.agentRoot + "/wasm_exec.js",
		Fallback:  h.vouchesFor(r),
		Host:      string(origin),
		HostParts: partsOf(origin),
		Lang:      "en",
		Dir:       "ltr",
	}
}

// partsOf takes an origin apart behind its scheme and its dots. The port stays at
// the last label.
func partsOf(origin browserid.Origin) []string {
	scheme, rest, _ := strings.Cut(string(origin), "://")
	return append([]string{scheme + "://"}, strings.SplitAfter(rest, ".")...)
}

// page sends a document. Unless its handler knows better, it holds the time
// and must not come from a cache.
func (h *host) page(w http.ResponseWriter, r *http.Request, status int, name string, data pageData) {
	var body bytes.Buffer
	if err := h.pages.templates.ExecuteTemplate(&body, name, data); err != nil {
		h.log.ErrorContext(r.Context(), "page", "template", name, "error", err)
		http.Error(w, "Something went wrong here. Please try again.", http.StatusInternalServerError)
		return
	}
	coding := negotiate(acceptEncoding(r), codingBrotli, codingGzip)
	document := body.Bytes()
	if coding != codingIdentity {
		document = compressQuickly(coding, document)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if w.Header().Get("Cache-Control") == "" {
		w.Header().Set("Cache-Control", "no-store")
	}
	w.Header().Set("Vary", "Accept-Encoding")
	send(w, status, coding, document)
}
