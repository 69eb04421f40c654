package agenttest

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/browserid"
)

// World is a set of mail domains and a browser to visit them with. It is the
// agent's Discoverer and Pages.
type World struct {
	t       *testing.T
	domains map[browserid.Domain]*Domain
	// Now is the time by every clock of this world.
	Now func() time.Time
	// HostDown makes discovery fail as an unreachable login host does.
	HostDown bool
	// HostSilent makes discovery never answer.
	HostSilent bool
	// Clicks is how many windows may still be opened without another click.
	Clicks int
	// Fallback, where set, vouches for the domains that are not in this world.
	Fallback *Fallback
	// Blocked makes the browser refuse every window, clicks or not.
	Blocked bool

	mu     sync.Mutex
	pages  map[browserid.Origin]*Domain // whose pages they are, of those discovered
	frames int
	opened int
	open   int
}

// Domain is a mail domain with an identity provider of its own.
type Domain struct {
	Name       browserid.Domain
	Authority  browserid.Domain // who speaks for it; Name unless it delegates
	Algorithms []browserid.Algorithm
	Err        error // what discovery fails with
	Display    agent.Display

	SignedIn     bool  // the person has a session in a window
	FrameWorks   bool  // and it is seen in a hidden frame too
	FrameStalls  bool  // the hidden frame takes a key and is not heard of again
	CannotSignIn bool  // the session is never for the address asked
	CancelsLogin bool  // the person cancels at the provider
	ClosesWindow int   // the person closes the window so many times
	SeversWindow bool  // the sign-in page cuts its window off
	Silent       bool  // the provisioning page never speaks
	Misspeaks    error // the provisioning page breaks the protocol with this

	Tamper func(*browserid.Certificate) // changes each certificate before it is signed
	Mangle func(token string) string    // changes each signed certificate
	Signer browserid.Signer             // signs the certificates; the published key by default

	key     *key
	Asked   []agent.Provisioning // every conversation that reached genKeyPair
	Visited int                  // visits of the sign-in page
}

// NewWorld returns a world with the mail domains named, at the current time.
func NewWorld(t *testing.T, names ...browserid.Domain) *World {
	w := &World{t: t, domains: map[browserid.Domain]*Domain{}, pages: map[browserid.Origin]*Domain{}, Now: time.Now, Clicks: 1}
	for _, name := range names {
		w.Add(name)
	}
	return w
}

// Add adds a mail domain with an identity provider of its own.
func (w *World) Add(name browserid.Domain) {
	key, err := newKey(browserid.ES256)
	require.NoError(w.t, err)
	w.domains[name] = &Domain{
		Name: name, Authority: name, key: key, Signer: key,
		Algorithms: []browserid.Algorithm{browserid.EdDSA, browserid.ES256, browserid.RS256},
	}
}

// Domain returns one of the world's domains.
func (w *World) Domain(name browserid.Domain) *Domain { return w.domains[name] }

// Keys returns the keys that a domain publishes.
func (d *Domain) Keys() []browserid.PublicKey { return []browserid.PublicKey{d.key.PublicKey()} }

// Frames returns how many hidden frames were loaded, Windows how many windows
// were opened, Open how many of those are open still.
func (w *World) Frames() int { return w.count(&w.frames) }

// Windows returns how many windows were opened.
func (w *World) Windows() int { return w.count(&w.opened) }

// Open returns how many windows are open.
func (w *World) Open() int { return w.count(&w.open) }

func (w *World) count(n *int) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return *n
}

// Discover returns the domain's provider.
func (w *World) Discover(ctx context.Context, name browserid.Domain) (*agent.Provider, error) {
	if w.HostDown {
		return nil, context.DeadlineExceeded
	}
	if w.HostSilent {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	d, ok := w.domains[name]
	if !ok && w.Fallback != nil {
		return w.Fallback.provider(), nil
	}
	if !ok {
		return nil, agent.ErrNoProvider
	}
	if d.Err != nil {
		return nil, d.Err
	}
	origin := browserid.Origin("https://" + d.Authority)
	w.mu.Lock()
	w.pages[origin] = d
	w.mu.Unlock()
	return &agent.Provider{
		Authority:      d.Authority,
		Origin:         origin,
		Authentication: string(origin) + "/auth",
		Provisioning:   string(origin) + "/provision",
		Keys:           d.Keys(),
		Algorithms:     d.Algorithms,
		Display:        d.Display,
	}, ctx.Err()
}

// at returns the domain whose pages are of an origin.
func (w *World) at(origin browserid.Origin) *Domain {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.pages[origin]
}

// Frame visits the provisioning page in a hidden frame.
func (w *World) Frame(ctx context.Context, p agent.Provisioning) (string, error) {
	w.mu.Lock()
	w.frames++
	w.mu.Unlock()
	d := w.at(p.Origin)
	if d.FrameStalls {
		_, err := p.NewKey(ctx)
		require.NoError(w.t, err)
		<-ctx.Done()
		return "", ctx.Err()
	}
	return d.provision(ctx, w, p, d.SignedIn && d.FrameWorks)
}

// Window opens a window, if a click allows it.
func (w *World) Window(context.Context) (agent.Window, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.Blocked || w.Clicks == 0 {
		return nil, agent.ErrWindowBlocked
	}
	w.Clicks--
	w.opened++
	w.open++
	return &window{World: w, lost: make(chan struct{})}, nil
}

type window struct {
	*World
	domain *Domain
	lost   chan struct{}
}

// Provision visits the provisioning page in the window.
func (win *window) Provision(ctx context.Context, p agent.Provisioning) (string, error) {
	win.domain = win.at(p.Origin)
	return win.domain.provision(ctx, win.World, p, win.domain.SignedIn && !win.domain.CannotSignIn)
}

// Authenticate lets the person sign in at the provider.
func (win *window) Authenticate(ctx context.Context, url string) error {
	origin, _, _ := strings.Cut(url, "/auth?")
	win.domain = win.at(browserid.Origin(origin))
	win.domain.Visited++
	switch {
	case win.domain.ClosesWindow > 0:
		win.domain.ClosesWindow--
		close(win.lost)
		<-ctx.Done()
		return ctx.Err()
	case win.domain.SeversWindow:
		close(win.lost)
		time.Sleep(time.Minute) // for as long as the person takes
	case win.domain.CancelsLogin:
		return agent.ErrBack
	}
	win.domain.SignedIn = true
	return nil
}

// Lost is closed when the window is out of sight.
func (win *window) Lost() <-chan struct{} { return win.lost }

// Close closes the window.
func (win *window) Close() {
	win.mu.Lock()
	defer win.mu.Unlock()
	win.open--
}

// provision is the provider's provisioning page.
func (d *Domain) provision(ctx context.Context, w *World, p agent.Provisioning, signedIn bool) (string, error) {
	switch {
	case d.Silent:
		<-ctx.Done()
		return "", ctx.Err()
	case d.Misspeaks != nil:
		return "", d.Misspeaks
	case !signedIn:
		return "", &agent.ProvisioningFailure{Reason: "user is not authenticated as target user"}
	}
	text, err := p.NewKey(ctx)
	if err != nil {
		return "", err
	}
	d.Asked = append(d.Asked, p)
	return d.certificate(w, p, text), nil
}

func (d *Domain) certificate(w *World, p agent.Provisioning, publicKey string) string {
	public, err := browserid.ParsePublicKey([]byte(publicKey))
	require.NoError(w.t, err)
	certificate := browserid.Certificate{
		Issuer:    string(d.Authority),
		IssuedAt:  browserid.MillisOf(w.Now().Add(-10 * time.Second)), // C5.1
		Expires:   browserid.MillisOf(w.Now().Add(p.Duration)),
		PublicKey: public,
		Principal: browserid.Principal{Email: p.Email},
	}
	if d.Tamper != nil {
		d.Tamper(&certificate)
	}
	token, err := browserid.SignCertificate(w.t.Context(), d.Signer, certificate)
	require.NoError(w.t, err)
	if d.Mangle != nil {
		token = d.Mangle(token)
	}
	return token
}
