package agent

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/navid-login/navid/agent/browserid"
)

// Result is a finished sign-in.
type Result struct {
	Assertion   string          // backed assertion for the site, and nobody else
	Email       browserid.Email // the address it proves
	Authority   browserid.Domain
	NotMyDevice bool // the dialog must say that the provider may still be signed in
	Notice      Code // something to say by the way, such as CodeStorageFull
}

// SignIn signs a person in at a site: choose an address, have a usable
// certificate for it, sign. It returns an *Error of CodeCancelled if the
// person gives up, and stores nothing then.
func (a *Agent) SignIn(ctx context.Context, req Request, ui UI) (*Result, error) {
	s := &session{Agent: a, req: req, ui: ui, keys: a.Keys, store: a.Store, display: Display{}}
	for {
		email, err := s.chooseAddress(ctx)
		if err != nil {
			return nil, err
		}
		credential, err := s.explained(ctx, email, s.usableCredential)
		if errors.Is(err, ErrBack) {
			continue
		}
		if err != nil {
			return nil, err
		}
		return s.assert(ctx, credential)
	}
}

// Remove forgets an address in this browser: its key, its certificate and
// what sites remember of it.
func (a *Agent) Remove(ctx context.Context, email browserid.Email) error {
	return a.Store.Update(ctx, func(st *State) error {
		st.Remove(email, true)
		return a.Keys.Delete(ctx, email)
	})
}

// session is one sign-in. Its stores are the agent's, or forgetful ones on a
// device that is not the person's own.
type session struct {
	*Agent
	req         Request
	ui          UI
	keys        KeyStore
	store       Store
	notMyDevice bool
	typed       string // the address as last typed
	notice      Code   // to be shown with the next screen
	display     Display
	pending     *Screen // for the code that was mailed last, nil if it has served
	passkey     bool    // one was used to choose, or to prove, the address
}

// credential is a certificate with the key that it certifies.
type credential struct {
	certificate *browserid.Certificate
	token       string // the certificate as it came
	key         Key
	authority   browserid.Domain
}

// usableCredential returns the stored certificate for an address if it may
// still be used, or else has the provider certify a fresh key.
func (s *session) usableCredential(ctx context.Context, email browserid.Email) (*credential, error) {
	stored := s.stored(ctx, email)
	provider, err := s.discover(ctx, email, stored != nil)
	switch {
	case hasLeft(err):
		return nil, err
	case stored != nil && (isPassing(err) && !s.req.isForeign(email) || err == nil && provider.Authority == stored.authority):
		return stored, nil
	case err != nil:
		return nil, err
	}
	c, err := s.certify(ctx, email, provider)
	if errors.Is(err, &Error{Code: CodeProviderExists}) { // since we asked (B8.1)
		if provider, err = s.discover(ctx, email, false); err == nil {
			c, err = s.certify(ctx, email, provider)
		}
	}
	return c, err
}

// discover asks who vouches for an address, or who does for the domain that
// the site wants. With a usable certificate at hand
// the answer is a formality (has the authority changed? B3.2), and may not take long.
func (s *session) discover(ctx context.Context, email browserid.Email, recheck bool) (provider *Provider, err error) {
	timeout := DiscoveryTimeout
	if recheck {
		timeout = RecheckTimeout
	}
	domain := s.req.issuerFor(email)
	screen := Screen{Name: ScreenWait, Waiting: WaitingDiscovery, Email: string(email), Authority: string(domain), CanGoBack: true}
	err = s.waiting(ctx, screen, func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, timeout)
		defer cancel()
		provider, err = s.Discoverer.Discover(ctx, domain)
		return discoveryError(err)
	})
	if err == nil {
		maps.Copy(s.display, provider.Display)
	}
	return provider, err
}

func discoveryError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ErrNoProvider):
		return &Error{CodeNoProvider, err}
	case errors.Is(err, ErrProviderUnreachable):
		return &Error{CodeProviderUnreachable, err}
	case errors.Is(err, ErrProviderInvalid):
		return &Error{CodeProviderInvalid, err}
	case errors.Is(err, ErrHostBusy):
		return &Error{CodeHostBusy, err}
	default:
		return &Error{CodeHostUnreachable, err}
	}
}

// isPassing reports whether a discovery failed in a way that says nothing
// about who speaks for the domain.
func isPassing(err error) bool {
	code := CodeOf(err)
	return code == CodeHostUnreachable || code == CodeHostBusy || code == CodeProviderUnreachable
}

// assert signs the assertion and remembers the site. One that observes is
// logged in from then on (A3.7); on a device that is not the person's own that
// is forgotten with the dialog.
func (s *session) assert(ctx context.Context, c *credential) (*Result, error) {
	now := s.Now()
	assertion, err := sign(ctx, s.req, c, now)
	if err != nil {
		return nil, err
	}
	email := c.certificate.Principal.Email
	s.update(ctx, func(st *State) error {
		st.Use(s.req.Origin, Site{Email: email, Used: browserid.MillisOf(now), LoggedIn: s.req.Observer})
		return nil
	})
	if s.notMyDevice {
		s.endLogin(ctx)
	}
	return &Result{
		Assertion:   assertion,
		Email:       email,
		Authority:   c.authority,
		NotMyDevice: s.notMyDevice,
		Notice:      s.notice,
	}, nil
}

// errNoLogin ends a change of the store that would change nothing.
var errNoLogin = errors.New("nobody is logged in")

// endLogin ends what this device remembers of who is logged in at the site.
// Of a sign-in on a device that is not the person's own nothing is written,
// but an older one at the same site is over with it: else the next page would
// be logged in as that person. Where this fails there is nothing to read either.
func (s *session) endLogin(ctx context.Context) {
	_ = s.Store.Update(ctx, func(st *State) error {
		site := st.Sites[s.req.Origin]
		if !site.LoggedIn {
			return errNoLogin
		}
		site.LoggedIn = false
		st.Sites[s.req.Origin] = site
		return nil
	})
}

// sign makes a backed assertion: for the site that asked, for two minutes (B3.3).
func sign(ctx context.Context, req Request, c *credential, now time.Time) (string, error) {
	assertion, err := browserid.SignAssertion(ctx, c.key, browserid.Assertion{
		Audience: string(req.Origin),
		Expires:  browserid.MillisOf(now.Add(AssertionLifetime)),
		Nonce:    req.Nonce,
	})
	if err != nil {
		return "", &Error{Code: CodeInternal, Err: fmt.Errorf("sign assertion: %w", err)}
	}
	return browserid.Backed{Certificates: []string{c.token}, Assertion: assertion}.String(), nil
}

// explained runs step and explains what goes wrong on a screen, until it
// succeeds, or the person goes back or gives up.
func (s *session) explained(ctx context.Context, email browserid.Email,
	step func(context.Context, browserid.Email) (*credential, error),
) (*credential, error) {
	for {
		c, err := step(ctx, email)
		if err == nil || hasLeft(err) || ctx.Err() != nil {
			return c, err
		}
		screen := Screen{
			Name: ScreenError, Code: CodeOf(err), RetryAt: s.retryAt(err),
			Email: string(email), Authority: string(s.req.issuerFor(email)), CanGoBack: true,
		}
		if _, err := s.ask(ctx, screen); err != nil {
			return nil, err
		}
	}
}
