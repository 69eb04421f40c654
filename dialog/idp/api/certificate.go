package api

import (
	"errors"
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

// certificateAnswer has the certificate, or the code that says why the address
// must be proven first. That is an answer too, with status 200: each first
// sign-in begins with it, and browsers report other statuses as errors.
type certificateAnswer struct {
	Certificate string        `json:"certificate,omitempty"`
	Code        idp.ErrorCode `json:"code,omitempty"`
}

// certificate issues one for an address that the session has proven.
func (*api) certificate(e *exchange, q certificateQuestion) (certificateAnswer, error) {
	key, err := browserid.ParsePublicKey([]byte(q.PublicKey))
	if err != nil {
		return certificateAnswer{}, &idp.Error{Code: idp.CodeInvalidRequest, Message: "This key cannot be certified.", Err: err}
	}
	seconds := min(q.Duration, math.MaxInt32)
	certificate, err := e.provider.Certify(e.context(), e.visitor.SessionToken, q.Email, key, time.Duration(seconds)*time.Second)
	if refused, ok := errors.AsType[*idp.Error](err); ok && (refused.Code == idp.CodeNotProven || refused.Code == idp.CodeProofTooOld) {
		return certificateAnswer{Code: refused.Code}, nil
	}
	return certificateAnswer{Certificate: certificate}, err
}
