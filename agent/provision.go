package agent

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/navid-login/navid/agent/browserid"
)

// Provisioning is the agent's side of a conversation with a provisioning page (C1).
type Provisioning struct {
	URL      string
	Origin   browserid.Origin // the page must be, and stay, of this origin
	Email    browserid.Email
	Duration time.Duration
	// NewKey makes the key to certify, when the page asks for it, and returns
	// its public half as the JSON text that pages expect.
	NewKey func(context.Context) (publicKey string, err error)
}

// ProvisioningFailure reports that a provisioning page gave up (C1.4): as a
// rule the person is not signed in at the provider as this address.
type ProvisioningFailure struct {
	Reason string // the page's own words: untrusted
}

// Error returns the page's reason.
func (f *ProvisioningFailure) Error() string { return "provisioning failure: " + f.Reason }

// ErrWindowBlocked reports that a window needs a click of the person.
var ErrWindowBlocked = errors.New("window blocked")

// Pages reaches the pages of identity providers.
//
// Frame loads the provisioning page out of sight; Window opens the one window
// for everything that a person must see, or returns an error wrapping
// ErrWindowBlocked. All block until their page is done or ctx is.
type Pages interface {
	Frame(ctx context.Context, p Provisioning) (certificate string, err error)
	Window(ctx context.Context) (Window, error)
}

// Window is a window of the provider's. Provision visits the provisioning
// page, Authenticate the page where the person signs in, until the provider
// sends them back: nil, or ErrBack if they cancelled there.
//
// Lost is closed when the window is out of sight: the person has closed it, or
// the provider's page has cut it off (COOP), and the two look the same. The
// visits go on, for a window that was cut off may still report.
type Window interface {
	Provision(ctx context.Context, p Provisioning) (certificate string, err error)
	Authenticate(ctx context.Context, url string) error
	Lost() <-chan struct{}
	Close()
}

// errAnotherWindow: the person has opened another window in place of a lost one.
var errAnotherWindow = errors.New("another window")

// certify gets a certificate for a fresh key from the provider: the ladder of
// design 5.4. Nothing is stored before the certificate has passed every check.
func (s *session) certify(ctx context.Context, email browserid.Email, provider *Provider) (*credential, error) {
	attempt, err := s.newAttempt(email, provider)
	if err != nil {
		return nil, err
	}
	token, err := attempt.token(ctx)
	if err != nil {
		return nil, err
	}
	certificate, err := attempt.checkCertificate(ctx, token)
	if err != nil {
		return nil, err
	}
	c := &credential{certificate, token, attempt.key, provider.Authority}
	s.keep(ctx, c)
	return c, attempt.offerPasskey(ctx)
}

// token climbs the ladder, or takes the login host's own word for domains that
// have no provider.
func (a *attempt) token(ctx context.Context) (string, error) {
	if a.provider.Fallback {
		return a.fromFallback(ctx)
	}
	token, err := a.inFrame(ctx)
	if err != nil && !hasLeft(err) {
		token, err = a.inWindow(ctx)
	}
	return token, err
}

// attempt is one certification: one address, one provider, one pending key.
type attempt struct {
	*session
	email     browserid.Email
	provider  *Provider
	algorithm browserid.Algorithm
	key       Key  // pending; nil until a page has asked for it
	byMail    bool // a mail has just proven the address
}

func (s *session) newAttempt(email browserid.Email, provider *Provider) (*attempt, error) {
	algorithm, err := s.chooseAlgorithm(provider.Algorithms)
	if err != nil {
		return nil, err
	}
	return &attempt{session: s, email: email, provider: provider, algorithm: algorithm}, nil
}

// errInSight: what the site asked for is for the person to see and do.
var errInSight = errors.New("not without the person")

// inFrame tries the provisioning page out of sight. Any failure is free: the window comes next.
func (a *attempt) inFrame(ctx context.Context) (token string, err error) {
	if a.req.ForceAuthentication || a.req.isForeign(a.email) {
		return "", errInSight
	}
	err = a.waiting(ctx, a.screen(ScreenWait, WaitingProvider), func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, FrameTimeout)
		defer cancel()
		token, err = a.Pages.Frame(ctx, a.provisioning())
		return err
	})
	return token, err
}

// inWindow gets the certificate in a window that the person sees, opened by
// the click that brought us here, or else by a click on Continue.
func (a *attempt) inWindow(ctx context.Context) (string, error) {
	clicked := false
	if a.req.isForeign(a.email) {
		if _, err := a.ask(ctx, a.windowNeedsClick(ReasonIssuer, false)); err != nil {
			return "", err
		}
		clicked = true
	}
	for {
		window, err := a.Pages.Window(ctx)
		switch {
		case err == nil:
			token, err := a.visit(ctx, window)
			window.Close()
			if !errors.Is(err, errAnotherWindow) {
				return token, err
			}
		case errors.Is(err, ErrWindowBlocked):
			if _, err := a.ask(ctx, a.windowNeedsClick(ReasonFirst, clicked)); err != nil {
				return "", err
			}
		default:
			return "", fail(CodeInternal, "open window: %w", err)
		}
		clicked = true // and if the click's own window does not open, it was refused
	}
}

// windowNeedsClick is the screen whose answer opens the window: Continue, or,
// where the browser has refused the window of just that click, Try again.
func (a *attempt) windowNeedsClick(reason Reason, refused bool) Screen {
	screen := a.screen(ScreenContinue, "")
	screen.Reason = reason
	if refused {
		screen.Name, screen.Reason, screen.Code = ScreenError, "", CodePopupBlocked
	}
	return screen
}

// visit asks the provisioning page, lets the person sign in if it says that
// nobody is, and asks again. Where the site wants them to sign in anew, that
// comes first.
func (a *attempt) visit(ctx context.Context, window Window) (token string, err error) {
	err = a.watching(ctx, window, func(ctx context.Context) error {
		if !a.req.ForceAuthentication {
			token, err = a.provisionIn(ctx, window)
			if _, notSignedIn := errors.AsType[*ProvisioningFailure](err); !notSignedIn {
				return err
			}
		}
		if err := a.authenticateIn(ctx, window); err != nil {
			return err
		}
		token, err = a.provisionIn(ctx, window)
		if failure, refused := errors.AsType[*ProvisioningFailure](err); refused {
			return &Error{Code: CodeProviderRefused, Err: failure}
		}
		return err
	})
	return token, err
}

// watching says that the window is awaited, for as long as work takes. While it
// is lost another one is offered; if the person takes that, the error is
// errAnotherWindow. A lost window that stays silent is no provider's fault.
func (a *attempt) watching(ctx context.Context, window Window, work func(context.Context) error) error {
	return a.meanwhile(ctx, func(ctx context.Context) error { return a.offerAnother(ctx, window) }, func(ctx context.Context) error {
		err := work(ctx)
		if isLost(window) && errors.Is(err, &Error{Code: CodeProviderSilent}) {
			<-ctx.Done()
		}
		return err
	})
}

// offerAnother waits with the person until the window is lost, and then offers another one.
func (a *attempt) offerAnother(ctx context.Context, window Window) error {
	inSight, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		select {
		case <-window.Lost():
			stop()
		case <-inSight.Done():
		}
	}()
	_, err := a.ask(inSight, a.screen(ScreenWait, WaitingWindow))
	if hasLeft(err) || !isLost(window) {
		return err
	}
	if _, err := a.ask(ctx, a.windowNeedsClick(ReasonClosed, false)); err != nil {
		return err
	}
	return errAnotherWindow
}

func isLost(window Window) bool {
	select {
	case <-window.Lost():
		return true
	default:
		return false
	}
}

func (a *attempt) provisionIn(ctx context.Context, window Window) (string, error) {
	bounded, cancel := context.WithTimeout(ctx, ProvisioningTimeout)
	defer cancel()
	token, err := window.Provision(bounded, a.provisioning())
	return token, pageError(ctx, err)
}

func (a *attempt) authenticateIn(ctx context.Context, window Window) error {
	bounded, cancel := context.WithTimeout(ctx, AuthenticationTimeout)
	defer cancel()
	return pageError(ctx, window.Authenticate(bounded, authenticationURL(a.provider, a.email)))
}

// pageError gives a code to what a provider's page did wrong. Where ctx itself
// is done, the person has left, and its error stands.
func pageError(ctx context.Context, err error) error {
	_, failed := errors.AsType[*ProvisioningFailure](err)
	_, coded := errors.AsType[*Error](err)
	switch {
	case err == nil, failed, coded, ctx.Err() != nil, errors.Is(err, ErrBack):
		return err
	case errors.Is(err, context.DeadlineExceeded):
		return fail(CodeProviderSilent, "provider page: %w", err)
	default:
		return fail(CodeProviderMisspoke, "provider page: %w", err)
	}
}

func (a *attempt) provisioning() Provisioning {
	return Provisioning{
		URL:      a.provider.Provisioning,
		Origin:   a.provider.Origin,
		Email:    a.email,
		Duration: a.lifetime(),
		NewKey:   a.newKey,
	}
}

// newKey makes the attempt's pending key once; a page that asks again, or the
// window after the frame, gets the same.
func (a *attempt) newKey(ctx context.Context) (string, error) {
	if a.key == nil {
		key, err := a.keys.Generate(ctx, a.algorithm)
		if err != nil {
			return "", &Error{Code: CodeBrowserTooOld, Err: fmt.Errorf("generate key: %w", err)}
		}
		a.key = key
	}
	text, err := a.key.PublicKey().MarshalJSON()
	return string(text), err
}

func (a *attempt) screen(name ScreenName, waiting Waiting) Screen {
	return Screen{
		Name: name, Waiting: waiting, CanGoBack: true,
		Email: string(a.email), Authority: string(a.provider.Authority),
	}
}

// authenticationURL is the provider's sign-in page for an address (C2.1).
func authenticationURL(provider *Provider, email browserid.Email) string {
	return provider.Authentication + "?email=" + escapeQuery(string(email))
}

// escapeQuery percent-encodes all but the unreserved characters (RFC 3986
// section 2.3). net/url would cost the wasm more than these lines.
func escapeQuery(s string) string {
	const unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
	var escaped strings.Builder
	for _, b := range []byte(s) {
		if strings.IndexByte(unreserved, b) >= 0 {
			escaped.WriteByte(b)
		} else {
			fmt.Fprintf(&escaped, "%%%02X", b)
		}
	}
	return escaped.String()
}
