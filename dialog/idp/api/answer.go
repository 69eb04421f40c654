package api

import (
	"encoding/json"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/dialog/idp"
)

// noTime leaves the time out of an answer that is given before any handler.
var noTime time.Time

// statuses of the provider's refusals.
var statuses = map[idp.ErrorCode]int{
	idp.CodeInvalidRequest:   http.StatusBadRequest,
	idp.CodeInvalidEmail:     http.StatusBadRequest,
	idp.CodeWrongCode:        http.StatusForbidden,
	idp.CodeExpired:          http.StatusForbidden,
	idp.CodeSpent:            http.StatusForbidden,
	idp.CodeChallengeUnknown: http.StatusNotFound,
	idp.CodeTooMany:          http.StatusTooManyRequests,
	idp.CodeNotProven:        http.StatusForbidden,
	idp.CodeProofTooOld:      http.StatusForbidden,
	idp.CodeProviderExists:   http.StatusForbidden,
	idp.CodeProviderOffline:  http.StatusServiceUnavailable,
	idp.CodeBlocked:          http.StatusForbidden,
	idp.CodeMailFailed:       http.StatusBadGateway,
	idp.CodePasskeyUnknown:   http.StatusNotFound,
	idp.CodePasskeyRefused:   http.StatusForbidden,
	idp.CodeLastAddress:      http.StatusConflict,
}

// problem is a refusal with its status.
type problem struct {
	status     int
	code       idp.ErrorCode
	message    string
	retryAfter time.Duration
	left       int
}

// Error returns the code.
func (p problem) Error() string { return string(p.code) }

// refusal is a problem as it is sent.
type refusal struct {
	Code       idp.ErrorCode `json:"code"`
	Message    string        `json:"message"`
	RetryAfter int           `json:"retryAfter,omitempty"` // seconds
	Left       *int          `json:"left,omitempty"`       // tries, for a wrong code
}

func (p problem) write(w http.ResponseWriter, now time.Time) {
	sent := refusal{Code: p.code, Message: p.message, RetryAfter: int(math.Ceil(p.retryAfter.Seconds()))}
	if sent.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(sent.RetryAfter))
	}
	if p.code == idp.CodeWrongCode {
		sent.Left = &p.left
	}
	write(w, p.status, sent, now)
}

// statusClientGone is what logs say of a question whose asker has gone, as nginx
// does: nobody's failure, and nobody hears it.
const statusClientGone = 499

// refuse answers with a problem. What is no refusal of the provider is our own
// failure, which the log alone is told of.
func (a *api) refuse(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil {
		w.WriteHeader(statusClientGone)
		return
	}
	if p, ok := errors.AsType[problem](err); ok {
		p.write(w, a.now())
		return
	}
	refused, ok := errors.AsType[*idp.Error](err)
	status, known := http.StatusInternalServerError, false
	if ok {
		status, known = statuses[refused.Code], true
	}
	if !known || status == 0 {
		a.log.LogAttrs(r.Context(), slog.LevelError, "question failed", slog.String("route", r.Pattern), slog.Any("error", err))
		problem{http.StatusInternalServerError, idp.CodeInternal, "Something went wrong here. Please try again.", 0, 0}.write(w, a.now())
		return
	}
	if refused.Err != nil {
		a.log.LogAttrs(r.Context(), slog.LevelInfo, "refused", slog.String("route", r.Pattern), slog.Any("error", err))
	}
	problem{status, refused.Code, refused.Message, refused.RetryAfter, refused.Left}.write(w, a.now())
}

// write sends an answer with the host's time, never to be kept by a cache.
func write(w http.ResponseWriter, status int, answer any, now time.Time) {
	body, err := json.Marshal(answer)
	if err == nil && !now.IsZero() {
		body, err = withTime(body, now)
	}
	if err != nil { // our own types; cannot happen
		http.Error(w, "internal", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(body) // fails only when the client has gone
}

// withTime adds the member "now" to an object.
func withTime(object []byte, now time.Time) ([]byte, error) {
	member, err := json.Marshal(browserid.MillisOf(now))
	if err != nil {
		return nil, err
	}
	body := object[:len(object)-1]
	if len(body) > 1 {
		body = append(body, ',')
	}
	body = append(body, `"now":`...)
	return append(append(body, member...), '}'), nil
}
