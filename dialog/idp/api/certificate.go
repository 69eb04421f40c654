package api

import (
	"math"
	"time"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/dialog/idp"
)

// certificateQuestion asks for a certificate.
type certificateQuestion struct {
	Email     string `json:"email"`
	PublicKey string `json:"publicKey"` // JSON, as the pages of providers get it
	Duration  int64  `json:"duration"`  // seconds
}

type certificateAnswer struct {
	Certificate string `json:"certificate"`
}

// certificate issues one for an address that the session has proven.
func (*api) certificate(e *exchange, q certificateQuestion) (certificateAnswer, error) {
	key, err := browserid.ParsePublicKey([]byte(q.PublicKey))
	if err != nil {
		return certificateAnswer{}, &idp.Error{Code: idp.CodeInvalidRequest, Message: "This key cannot be certified.", Err: err}
	}
	seconds := min(q.Duration, math.MaxInt32)
	certificate, err := e.provider.Certify(e.context(), e.visitor.SessionToken, q.Email, key, time.Duration(seconds)*time.Second)
	return certificateAnswer{certificate}, err
}
