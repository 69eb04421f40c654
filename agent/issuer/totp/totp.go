// Package totp is an identity provider whose people sign in with the codes of an authenticator app (RFC 6238). It is for a mail domain
// with a handful of people and a server: `navid idp totp` runs it, and `navid idp totp add user@example.com` lets somebody in.
//
// # What it keeps
//
// Three things, each of them in files that only their owner may read:
//
//   - the users file has an entry for each person: the whole address, and the secret that their app shares, encrypted. The command
//     writes it, and the provider notices;
//   - the state file has the sessions and the known browsers, as hashes of their tokens, the last code of each person, and the tries
//     that were wrong. The provider alone writes it, before it answers: neither a restart nor a second process, which may serve the
//     same files, lets a code count twice or forgets a limit;
//   - the folder of keys has those that sign (package keyring), and the secret that the users file is encrypted with.
//
// So neither the users file nor a backup of it lets anybody in. Who has both it and the folder of keys can sign in as everybody: keep
// backups of the two apart.
//
// # What it refuses
//
// A code counts once, within 30 seconds of its time to either side. After a few wrong codes an address, and a client's network, wait;
// they are told for how long. A browser in which somebody has signed in before has tries of its own for them, so that a stranger
// cannot keep people out by wrong codes. Who is not a user is asked for a code, and told that it is wrong, like everybody else, and it
// takes as long. A certificate is for exactly the address that the session has proven: the same local part at another domain is
// somebody else.
package totp

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/issuer"
)

// Paths of the pages.
const (
	AuthenticationPath = "/sign_in"
	ProvisioningPath   = "/provision"
	LogoutPath         = "/sign_out"
)

// SessionLifetime is for how long somebody stays signed in.
const SessionLifetime = 30 * 24 * time.Hour

// Config says which provider to be.
type Config struct {
	// Domain is the provider's own: it is served at https://DOMAIN.
	Domain browserid.Domain
	// Domains are others, which delegate to Domain.
	Domains []browserid.Domain
	// LoginHost is the origin of the login host whose scripts the pages load.
	LoginHost browserid.Origin
	// Keyring has the signing keys.
	Keyring issuer.Keyring
	// Users are the people.
	Users *Users
	// StateFile is where sessions and tries are kept. It is made where there is none.
	StateFile string
	// Client returns the network that stands for the sender of a request; it is false where that cannot be told, and no limit of
	// networks holds then. Nil is the address that the request comes from.
	Client func(*http.Request) (netip.Prefix, bool)
	// Now is the clock. Nil is [time.Now].
	Now func() time.Time
	// Log is told what goes wrong. Nil is [slog.Default].
	Log *slog.Logger
}

// Provider is a running provider. It is an [http.Handler].
type Provider struct {
	http.Handler
	config Config
	site   *issuer.Site

	mu    sync.Mutex // of what is kept
	state state
	seen  fs.FileInfo // of the file that it is in
}

// New makes the provider, with what it knew before.
func New(config Config) (*Provider, error) {
	if config.Users == nil || config.Keyring == nil || config.StateFile == "" {
		return nil, errors.New("make TOTP provider: Users, Keyring and StateFile are needed")
	}
	if config.Now == nil {
		config.Now = time.Now
	}
	if config.Log == nil {
		config.Log = slog.Default()
	}
	if config.Client == nil {
		config.Client = sender
	}
	kept, err := readState(config.StateFile)
	if err != nil {
		return nil, fmt.Errorf("make TOTP provider: %w", err)
	}
	p := &Provider{config: config, state: kept}
	p.site = &issuer.Site{
		Issuer: &issuer.Issuer{
			Domain: config.Domain, Domains: config.Domains, Keyring: config.Keyring, Now: config.Now,
			Authentication: AuthenticationPath, Provisioning: ProvisioningPath, Logout: LogoutPath,
		},
		LoginHost: config.LoginHost,
		SignedIn:  p.signedIn,
		SignIn:    p.signIn,
	}
	p.Handler, err = p.routes()
	return p, err
}

func (p *Provider) routes() (http.Handler, error) {
	site, err := p.site.Handler()
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/", site)
	mux.HandleFunc("GET /{$}", p.home)
	mux.HandleFunc("GET "+LogoutPath, p.home)
	mux.Handle("POST "+LogoutPath, http.NewCrossOriginProtection().Handler(http.HandlerFunc(p.signOut)))
	return mux, nil
}

// ipv6ClientBits is the part of an IPv6 address that a client cannot choose.
const ipv6ClientBits = 64

// sender is the network of the peer.
func sender(r *http.Request) (netip.Prefix, bool) {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Prefix{}, false
	}
	address := peer.Addr().Unmap()
	network, err := address.Prefix(min(address.BitLen(), ipv6ClientBits))
	return network, err == nil
}
