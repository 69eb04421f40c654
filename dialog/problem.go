package dialog

import (
	"encoding/json"
	"net/http"

	"github.com/navid-login/navid/agent/browserid"
)

// problem is a failure as the dialog's page gets it: a stable code to branch
// on and a sentence that is safe to show. Details go to the log only.
type problem struct {
	status  int
	code    string
	message string
}

// write answers without the host's time, for refusals before any handler.
func (p problem) write(w http.ResponseWriter) { p.writeAt(w, 0) }

// writeAt answers with the host's time, which the agent sets its clock by.
func (p problem) writeAt(w http.ResponseWriter, now browserid.Millis) {
	writeJSON(w, p.status, struct {
		Code    string           `json:"code"`
		Message string           `json:"message"`
		Now     browserid.Millis `json:"now,omitempty"`
	}{p.code, p.message, now})
}

// apiNotFound answers for API addresses that do not exist.
func apiNotFound(w http.ResponseWriter, _ *http.Request) {
	problem{http.StatusNotFound, "not_found", "There is nothing at this address."}.write(w)
}

// internalProblem is for what nobody but the operator can mend.
var internalProblem = problem{http.StatusInternalServerError, "internal", "Something went wrong here. Please try again."}

// writeJSON sends body, never to be kept by a cache.
func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // fails only when the client has gone
}
