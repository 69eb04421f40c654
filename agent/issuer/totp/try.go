package totp

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/navid-login/navid/agent/browserid"
)

// pace is how many wrong tries there may be: so many at once, and then one each so often.
type pace struct {
	burst int
	each  time.Duration
}

var (
	// addressPace makes 20 wrong tries a day at most. Three of a million codes are right at any time, so whoever guesses for a year has
	// a chance of one in 50.
	addressPace = pace{burst: 5, each: 96 * time.Minute}
	// networkPace is for a client, who could try the addresses of many people.
	networkPace = pace{burst: 20, each: time.Minute}
)

// maxTries is how many addresses and networks are remembered for their wrong tries, beside the users'.
const maxTries = 20_000

// userTries begins the names of users among those who have tried.
const userTries = "user "

// What keeps a try from being good.
var errWrong = errors.New("the code is wrong, or was used already, or the address is not a user's")

// waitError: there were too many wrong tries.
type waitError struct{ left time.Duration }

func (e *waitError) Error() string { return fmt.Sprintf("too many wrong codes: wait for %s", e.left) }

// wait is how long it takes until one more try is allowed, with the tries so far forgotten at a time.
func (p pace) wait(forgotten, now time.Time) time.Duration {
	if forgotten.Before(now) {
		forgotten = now
	}
	return max(0, forgotten.Add(p.each).Sub(now)-time.Duration(p.burst)*p.each)
}

// after is when the tries are forgotten after one more.
func (p pace) after(forgotten, now time.Time) time.Time {
	if forgotten.Before(now) {
		forgotten = now
	}
	return forgotten.Add(p.each)
}

// try checks a code, and begins a session where it is right. For a wrong one it does the same work, whatever is wrong with it: who is
// no user cannot be told from who is. The error is [errWrong], a [waitError], or says what keeps the provider from checking.
func (p *Provider) try(email browserid.Email, code string, client netip.Prefix, browser string, begin func(*state, User, time.Time)) error {
	unlock, err := p.alone()
	if err != nil {
		return err
	}
	defer unlock()
	now := p.config.Now()
	user, step, right, err := p.check(email, code, now)
	if err != nil {
		return err
	}
	address, network := p.triesFor(email, user, browser, now), triesOf("network", client.String())
	if err := p.mayTry(address, network, client.IsValid(), now); err != nil {
		return err
	}
	err = p.change(now, func(s *state) {
		if right {
			delete(s.Tries, address)
			s.Steps[user.ID] = step
			s.meet(browser, user, now)
			begin(s, user, now)
			return
		}
		s.remember(address, addressPace, now)
		if client.IsValid() {
			s.remember(network, networkPace, now)
		}
	})
	if err == nil && !right {
		err = errWrong
	}
	return err
}

// mayTry checks the limits.
func (p *Provider) mayTry(address, network string, hasNetwork bool, now time.Time) error {
	left := addressPace.wait(p.state.Tries[address], now)
	if hasNetwork {
		left = max(left, networkPace.wait(p.state.Tries[network], now))
	}
	if left > 0 {
		return &waitError{left}
	}
	return nil
}

// check finds the user of an address whose code this is, for the first time. A code of a step before the last one has been seen, too.
func (p *Provider) check(email browserid.Email, code string, now time.Time) (user User, step int64, right bool, err error) {
	user, secret, found, err := p.config.Users.find(email)
	if err != nil {
		return User{}, 0, false, err
	}
	step, matches := match(secret, code, now)
	return user, step, found && matches && step > p.state.Steps[user.ID], nil
}

// remember counts a wrong try. Where too many are remembered already, one that nobody waits for longest is forgotten, but never a
// user's: whoever has networks enough could crowd it out, and guess on.
func (s *state) remember(who string, pace pace, now time.Time) {
	if _, known := s.Tries[who]; !known && len(s.Tries) >= maxTries {
		delete(s.Tries, s.nextForgotten())
	}
	s.Tries[who] = pace.after(s.Tries[who], now)
}

func (s *state) nextForgotten() (who string) {
	for name, at := range s.Tries {
		if !strings.HasPrefix(name, userTries) && (who == "" || at.Before(s.Tries[who])) {
			who = name
		}
	}
	return who
}

// triesOf names who tries in the state file, which holds no address that somebody has mistyped.
func triesOf(kind, name string) string {
	digest := sha256.Sum256([]byte(kind + " " + name))
	return base64.RawURLEncoding.EncodeToString(digest[:])
}
