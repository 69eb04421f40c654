package verifier

import (
	"io"
	"net/http"
	"runtime/debug"
)

// registerHealth adds what load balancers of old ask (D6). The verifier depends
// on no service of its own, so that it is well when it answers.
func registerHealth(mux *http.ServeMux) {
	mux.HandleFunc("GET /status", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, "OK")
	})
	well := func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, http.StatusOK, struct{}{}) }
	mux.HandleFunc("GET /__heartbeat__", well)
	mux.HandleFunc("GET /__lbheartbeat__", well)
	mux.HandleFunc("GET /__version__", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, programVersion())
	})
}

// programVersion says what was built, as far as the program knows.
func programVersion() map[string]string {
	version := map[string]string{"name": "navid"}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return version
	}
	version["version"] = info.Main.Version
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" {
			version["commit"] = setting.Value
		}
	}
	return version
}
