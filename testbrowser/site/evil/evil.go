// Package evil is a site that attacks: its pages open the login dialog in ways in which it must not sign anything for anybody else.
//
// On each page a click on #attack opens the dialog, and the page then answers the dialog's messages with a request. What it hears is in
// its global heard and in the element #heard, one "ORIGIN DATA" a line.
package evil

import (
	"bytes"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"net/http"
)

// The pages.
const (
	// LyingPath opens the dialog as any site does, and lies in its request about who it is: wherever an origin could be looked for, there
	// is the victim's. Asked for over http, it is an opener without TLS.
	LyingPath = "/lying"
	// SandboxedPath does so with the origin "null": the page is sandboxed by its own policy.
	SandboxedPath = "/sandboxed"
	// DataPath does so from a data: URL, in a frame. Its origin is "null" too.
	DataPath = "/data"
	// MovingPath opens the dialog, makes its request, and then takes its own window to the URL in the query's "to" (security.md E4).
	MovingPath = "/moving"
	// BystanderPath has a frame of this site open the dialog, and makes the request in its place: the same origin, but not the opener.
	BystanderPath = "/bystander"
)

// helperPath is the frame of [BystanderPath].
const helperPath = "/helper"

// Config says whom to attack.
type Config struct {
	// HostURL is the login host's origin.
	HostURL string
	// Victim is the origin of the site that the pages pretend to be.
	Victim string
}

var (
	//go:embed attack.html
	attackHTML string
	//go:embed attack.js
	attackJS template.JS

	attack = template.Must(template.New("attack").Parse(attackHTML))
)

// view is what the template sees.
type view struct {
	Config
	Way    string       // of attacking
	To     string       // for moving
	Frame  template.URL // shown in place of the button
	Script template.JS
}

// New makes the site.
func New(config Config) http.Handler {
	mux := http.NewServeMux()
	for _, path := range []string{LyingPath, SandboxedPath, MovingPath, helperPath} {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
			if path == SandboxedPath {
				w.Header().Set("Content-Security-Policy", "sandbox allow-scripts allow-popups allow-popups-to-escape-sandbox")
			}
			write(w, view{Config: config, Way: path[1:], To: r.FormValue("to")})
		})
	}
	mux.HandleFunc("GET "+BystanderPath, func(w http.ResponseWriter, _ *http.Request) {
		write(w, view{Config: config, Way: "bystander", Frame: helperPath})
	})
	mux.HandleFunc("GET "+DataPath, func(w http.ResponseWriter, _ *http.Request) {
		page, err := render(view{Config: config, Way: "lying"})
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		frame := "data:text/html;base64," + base64.StdEncoding.EncodeToString(page)
		write(w, view{Config: config, Way: "data", Frame: template.URL(frame)})
	})
	return mux
}

func render(v view) ([]byte, error) {
	v.Script = attackJS
	var page bytes.Buffer
	if err := attack.Execute(&page, v); err != nil {
		return nil, fmt.Errorf("render attack: %w", err)
	}
	return page.Bytes(), nil
}

func write(w http.ResponseWriter, v view) {
	page, err := render(v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(page) // a browser that has gone does not want it
}
