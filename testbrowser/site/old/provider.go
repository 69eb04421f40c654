package old

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/issuer"
)

// Habit is how a provider's pages do their part.
type Habit string

// The habits.
const (
	// LocalSession keeps its session in localStorage, and its provisioning page asks its server about it, synchronously, in the callback
	// of beginProvisioning.
	LocalSession Habit = "local_session"
	// ParsesKey parses what genKeyPair gives and sends its server an object. Its session is a cookie.
	ParsesKey Habit = "parses_key"
	// PassesKey sends on the string that genKeyPair gives, in a form. Its session is a cookie.
	PassesKey Habit = "passes_key"
	// SignsInElsewhere passes its key on too, and has its people sign in at another host: see [Provider.Elsewhere] (C2.4).
	SignsInElsewhere Habit = "signs_in_elsewhere"
)

// ProviderConfig says which provider to be.
type ProviderConfig struct {
	Habit  Habit
	Domain browserid.Domain
	// HostURL is the origin of the login host that the API scripts come from.
	HostURL string
	// ElsewhereURL is the origin at which [Provider.Elsewhere] is served, if people sign in there.
	ElsewhereURL string
	// Password is everybody's.
	Password string
	// Delegating are further domains, whose support documents name Domain.
	Delegating []browserid.Domain
}

// Provider is an identity provider with an account for everybody, and an RSA key. It is an [http.Handler].
type Provider struct {
	http.Handler
	config   ProviderConfig
	issuer   *issuer.Issuer
	sessions sessions
}

// Paths of the pages.
const (
	AuthenticationPath = "/browserid/authenticate.html"
	ProvisioningPath   = "/browserid/provision.html"
	backPath           = "/browserid/back"
)

// signingKey is the same for all providers: RSA keys take their time, and nothing here depends on whose it is.
var signingKey = sync.OnceValues(func() (*issuer.Key, error) { return issuer.GenerateKey(browserid.RS256) })

// NewProvider makes a provider.
func NewProvider(config ProviderConfig) (*Provider, error) {
	if config.Password == "" {
		return nil, problem("Password")
	}
	key, err := signingKey()
	if err != nil {
		return nil, fmt.Errorf("old: %w", err)
	}
	p := &Provider{config: config, issuer: &issuer.Issuer{
		Domain:     config.Domain,
		Domains:    config.Delegating,
		Keys:       []browserid.Signer{key},
		Algorithms: []browserid.Algorithm{browserid.RS256},
	}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+issuer.Path, p.document)
	mux.HandleFunc("GET "+ProvisioningPath, p.provisioning)
	mux.HandleFunc("GET "+AuthenticationPath, p.authentication)
	mux.HandleFunc("GET "+backPath, p.back)
	mux.HandleFunc("GET /dollar.js", script)
	mux.HandleFunc("POST /login", p.login)
	mux.HandleFunc("POST /whoami", p.whoAmI)
	mux.HandleFunc("POST /certify", p.certify)
	p.Handler = mux
	return p, nil
}

// document is the least that a support document can be: one key, of the only algorithm that there was, and two paths (C3.4).
func (p *Provider) document(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{
		"public-key":     p.issuer.Keys[0].PublicKey(),
		"authentication": AuthenticationPath,
		"provisioning":   ProvisioningPath,
	})
}

func (p *Provider) provisioning(w http.ResponseWriter, _ *http.Request) {
	habit := p.config.Habit
	if habit == SignsInElsewhere {
		habit = PassesKey
	}
	write(w, "provision_"+string(habit)+".html", p.config)
}

func (p *Provider) authentication(w http.ResponseWriter, _ *http.Request) {
	if p.config.Habit == SignsInElsewhere {
		write(w, "authenticate_elsewhere.html", p.config)
		return
	}
	write(w, "authenticate.html", p.config)
}

// login takes a form with email and password.
func (p *Provider) login(w http.ResponseWriter, r *http.Request) {
	email, err := browserid.ParseEmail(r.PostFormValue("email"))
	if err != nil || r.PostFormValue("password") != p.config.Password {
		http.Error(w, "no", http.StatusForbidden)
		return
	}
	writeText(w, p.start(w, email))
}

// start begins a session. Where it is a cookie, that says nothing about SameSite: nobody did.
func (p *Provider) start(w http.ResponseWriter, email browserid.Email) (token string) {
	token = p.sessions.start(email)
	if p.config.Habit != LocalSession {
		http.SetCookie(w, &http.Cookie{Name: "sid", Value: token, Path: "/", HttpOnly: true})
	}
	return token
}

// email is who sends a request.
func (p *Provider) email(r *http.Request) browserid.Email {
	if p.config.Habit == LocalSession {
		return p.sessions.email(r.Header.Get("X-Session"))
	}
	return p.sessions.email(cookie(r, "sid"))
}

func (p *Provider) whoAmI(w http.ResponseWriter, r *http.Request) {
	writeText(w, string(p.email(r)))
}

// certify takes what the habit makes the page send.
func (p *Provider) certify(w http.ResponseWriter, r *http.Request) {
	key, seconds, err := p.readRequest(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	public, err := browserid.ParsePublicKey(key)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	email := p.email(r)
	request := issuer.Request{SignedIn: []browserid.Email{email}, Email: email, PublicKey: public, Duration: time.Duration(seconds) * time.Second}
	certificate, err := p.issuer.Certificate(r.Context(), request)
	if err != nil {
		http.Error(w, err.Error(), http.StatusForbidden)
		return
	}
	writeText(w, certificate)
}

func (p *Provider) readRequest(r *http.Request) (key []byte, seconds int64, err error) {
	if p.config.Habit == ParsesKey {
		var form struct {
			Key struct {
				Algorithm string `json:"algorithm"`
				N         string `json:"n"`
				E         string `json:"e"`
			}
			Duration int64
		}
		if err := json.NewDecoder(r.Body).Decode(&form); err != nil {
			return nil, 0, fmt.Errorf("read request: %w", err)
		}
		if form.Key.Algorithm != "RS" {
			return nil, 0, errors.New("this provider knows RSA keys in decimal, and no others")
		}
		key, err = json.Marshal(form.Key)
		return key, form.Duration, err
	}
	seconds, err = strconv.ParseInt(r.PostFormValue("duration"), 10, 64)
	return []byte(r.PostFormValue("pubkey")), seconds, err
}

// Elsewhere is the other host at which people sign in: a page with a form, that sends them back with a ticket.
func (p *Provider) Elsewhere() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		write(w, "elsewhere.html", map[string]string{"Email": r.FormValue("email")})
	})
	mux.HandleFunc("POST /{$}", func(w http.ResponseWriter, r *http.Request) {
		email, err := browserid.ParseEmail(r.PostFormValue("email"))
		if err != nil || r.PostFormValue("password") != p.config.Password {
			http.Error(w, "no", http.StatusForbidden)
			return
		}
		ticket := url.QueryEscape(p.sessions.start(email))
		http.Redirect(w, r, "https://"+string(p.config.Domain)+backPath+"?ticket="+ticket, http.StatusFound)
	})
	return mux
}

// back takes the ticket and ends the authentication.
func (p *Provider) back(w http.ResponseWriter, r *http.Request) {
	email := p.sessions.email(r.FormValue("ticket"))
	if email == "" {
		http.Error(w, "no such ticket", http.StatusForbidden)
		return
	}
	p.start(w, email)
	write(w, "back.html", p.config)
}
