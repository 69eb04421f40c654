package issuer

import (
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"time"

	"github.com/navid-login/navid/agent/browserid"
)

// certify answers a request of the provisioning page, {"email", "publicKey", "duration"}: the key as genKeyPair gives it, and the
// duration in seconds. It answers {"certificate"}, or {"error", "message"}: a code of [codeOf], and a sentence.
func (s *Site) certify(w http.ResponseWriter, r *http.Request) {
	// A form of another site can be posted without being asked about; JSON cannot.
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "application/json" {
		answer(w, http.StatusUnsupportedMediaType, failure{"not_json", "Ask for a certificate in JSON."})
		return
	}
	var form struct {
		Email     browserid.Email `json:"email"`
		PublicKey string          `json:"publicKey"`
		Duration  int64           `json:"duration"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxFormBytes)).Decode(&form); err != nil {
		answer(w, http.StatusBadRequest, failure{"invalid_request", "That was no request for a certificate."})
		return
	}
	key, err := browserid.ParsePublicKey([]byte(form.PublicKey))
	if err != nil {
		answer(w, http.StatusBadRequest, failure{"invalid_key", err.Error()})
		return
	}
	certificate, err := s.Issuer.Certificate(r.Context(), Request{
		SignedIn: s.SignedIn(r), Email: form.Email, PublicKey: key,
		Duration: time.Second * time.Duration(max(0, min(form.Duration, int64(MaxDuration/time.Second)))),
	})
	if err != nil {
		status, code := codeOf(err)
		answer(w, status, failure{code, messageOf(status, err)})
		return
	}
	answer(w, http.StatusOK, map[string]string{"certificate": certificate})
}

type failure struct {
	Error   string `json:"error"`
	Message string `json:"message"`
}

// codeOf names what keeps somebody from a certificate.
func codeOf(err error) (status int, code string) {
	switch {
	case errors.Is(err, ErrNotSignedIn):
		return http.StatusForbidden, "not_signed_in"
	case errors.Is(err, ErrAddress):
		return http.StatusForbidden, "invalid_address"
	case errors.Is(err, ErrPublicKey):
		return http.StatusBadRequest, "invalid_key"
	case errors.Is(err, ErrDuration):
		return http.StatusBadRequest, "invalid_duration"
	default:
		return http.StatusInternalServerError, "internal"
	}
}

// messageOf tells nobody what is wrong within the provider.
func messageOf(status int, err error) string {
	if status == http.StatusInternalServerError {
		return "This provider cannot sign at the moment."
	}
	return err.Error()
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // a browser that has gone does not want it
}
