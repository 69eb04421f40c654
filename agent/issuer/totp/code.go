package totp

import (
	"crypto/subtle"
	"strings"
	"time"

	"github.com/pquerna/otp/totp"
)

const (
	period = 30 * time.Second
	digits = 6
	// window is how many steps a code may be early or late (RFC 6238, 5.2).
	window = 1
)

// stepOf is the number of a time's code.
func stepOf(at time.Time) int64 { return at.Unix() / int64(period/time.Second) }

// match finds the step that a code is of, among those that count now. It computes and compares them all, whichever fits, in a time
// that does not depend on the code.
func match(secret, code string, now time.Time) (step int64, ok bool) {
	for offset := -window; offset <= window; offset++ {
		at := now.Add(time.Duration(offset) * period)
		want, err := totp.GenerateCode(secret, at)
		if equal := subtle.ConstantTimeCompare([]byte(want), []byte(code)); equal == 1 && err == nil {
			step, ok = stepOf(at), true
		}
	}
	return step, ok
}

// readCode reads what was typed: people copy the space that apps show in the middle.
func readCode(typed string) (code string, ok bool) {
	code = strings.Join(strings.Fields(typed), "")
	isDigit := func(r rune) bool { return '0' <= r && r <= '9' }
	return code, len(code) == digits && strings.TrimFunc(code, isDigit) == ""
}
