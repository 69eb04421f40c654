package testbrowser

import (
	"bytes"
	"log/slog"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
	"github.com/navid-login/navid/agent/verify"
	"github.com/navid-login/navid/dialog"
	fallback "github.com/navid-login/navid/dialog/idp"
	"github.com/navid-login/navid/testbrowser/site/evil"
	"github.com/navid-login/navid/testbrowser/site/idp"
	"github.com/navid-login/navid/testbrowser/site/rp"
)

// The sites of the standard world.
const (
	Host  = "login.example" // package dialog
	RP    = "rp.test"       // package site/rp
	RP2   = "rp2.test"      // another
	IdP   = "idp.test"      // package site/idp
	IdP2  = "idp2.test"     // another
	Evil  = "evil.test"     // package site/evil, its victim is RP
	Alice = "alice@" + IdP  // who has an account at IdP, as Bob has
	Bob   = "bob@" + IdP
	Carol = "carol@" + IdP2 // who has an account at IdP2

	// Password is that of all accounts.
	Password = "correct horse"
)

// settings are what options change.
type settings struct {
	now    func() time.Time
	idp    func(*idp.Config)
	rp     func(*rp.Config)
	dialog func(*dialog.Config)

	isFallback bool
	fallback   func(*fallback.Config)
}

// Option changes the standard world before it starts.
type Option func(*settings)

// WithNow gives all sites another clock. The browser's stays.
func WithNow(now func() time.Time) Option {
	return func(s *settings) { s.now = now }
}

// WithIdP changes the configuration of both identity providers.
func WithIdP(change func(*idp.Config)) Option {
	return func(s *settings) { s.idp = change }
}

// WithClassicSites has the relying parties include include.js, as those of Persona's time do: they are sent RSA keys alone.
func WithClassicSites() Option {
	return func(s *settings) { s.rp = func(c *rp.Config) { c.Script = "/include.js" } }
}

// WithDialog changes the configuration of the login host.
func WithDialog(change func(*dialog.Config)) Option {
	return func(s *settings) { s.dialog = change }
}

// NewWorld starts the standard world: the login host, two relying parties, two identity providers and an attacker. See [NewEmptyWorld] for
// what makes it fail its test; [World.Handle] puts other sites beside them or in their place.
func NewWorld(t testing.TB, options ...Option) *World {
	t.Helper()
	s := settings{now: time.Now, idp: func(*idp.Config) {}, rp: func(*rp.Config) {}, dialog: func(*dialog.Config) {}}
	for _, option := range options {
		option(&s)
	}
	w := NewEmptyWorld(t)
	w.Handle(Host, w.newHost(s))
	w.Handle(RP, w.newRP(RP, s))
	w.Handle(RP2, w.newRP(RP2, s))
	w.IdP = w.newIdP(IdP, s, "alice", "bob")
	w.IdP2 = w.newIdP(IdP2, s, "carol")
	w.Handle(IdP, w.IdP)
	w.Handle(IdP2, w.IdP2)
	w.Handle(Evil, evil.New(evil.Config{HostURL: w.URL(Host, ""), Victim: w.URL(RP, "")}))
	return w
}

// Discovery finds the identity providers of this world. Each site that needs one has a client, and so a cache, of its own.
func (w *World) Discovery(now func() time.Time) *discovery.Client {
	return discovery.New(discovery.Config{RootCAs: w.RootCAs(), InsecureDial: w.Dial, Now: now})
}

func (w *World) newHost(s settings) http.Handler {
	w.t.Helper()
	config := dialog.Config{
		PublicURL: w.URL(Host, ""),
		Discovery: w.Discovery(s.now),
		Logger:    slog.New(slog.NewTextHandler(&w.hostLog, nil)),
		Now:       s.now,
	}
	if s.isFallback {
		config.Fallback = w.newFallback(s, config)
		w.HandleFunc(Mailbox, http.NotFound)
	}
	s.dialog(&config)
	host, err := dialog.New(config)
	if err != nil {
		w.t.Fatal(err)
	}
	return host
}

// Verifier verifies assertions for a site of this world, as its relying parties do. They believe the login host about domains that have no
// identity provider.
func (w *World) Verifier(site string, now func() time.Time) *verify.Verifier {
	w.t.Helper()
	verifier, err := verify.New(verify.Config{
		Audience:  browserid.Origin(w.URL(site, "")),
		Discovery: w.Discovery(now),
		Fallbacks: []browserid.Domain{Host},
		Replay:    &verify.ReplayMemory{Now: now},
		Now:       now,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return verifier
}

func (w *World) newRP(name string, s settings) http.Handler {
	w.t.Helper()
	config := rp.Config{
		Origin:   browserid.Origin(w.URL(name, "")),
		HostURL:  w.URL(Host, ""),
		Verifier: w.Verifier(name, s.now),
		Now:      s.now,
	}
	s.rp(&config)
	site, err := rp.New(config)
	if err != nil {
		w.t.Fatal(err)
	}
	return site
}

func (w *World) newIdP(name string, s settings, users ...string) *idp.Provider {
	w.t.Helper()
	config := idp.Config{
		Domain:   browserid.Domain(name),
		Origin:   browserid.Origin(w.URL(name, "")),
		HostURL:  w.URL(Host, ""),
		Accounts: map[string]string{},
		Now:      s.now,
	}
	for _, user := range users {
		config.Accounts[user] = Password
	}
	s.idp(&config)
	provider, err := idp.New(config)
	if err != nil {
		w.t.Fatal(err)
	}
	return provider
}

// HostLog is what the login host has logged so far.
func (w *World) HostLog() string {
	return w.hostLog.String()
}

// syncBuffer is a buffer that several goroutines may write to.
type syncBuffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (b *syncBuffer) Write(data []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Write(data)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.String()
}
