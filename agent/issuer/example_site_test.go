package issuer_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
	"github.com/navid-login/navid/agent/issuer"
	"github.com/navid-login/navid/agent/issuer/keyring"
	"github.com/navid-login/navid/agent/verify"
)

// provider is a whole identity provider: accounts with passwords, and sessions. Yours has both already.
type provider struct {
	passwords map[browserid.Email]string // yours are hashed, and tries are limited
	mu        sync.Mutex
	sessions  map[string]browserid.Email
}

const cookieName = "__Host-session"

// signedIn is who the browser is signed in as.
func (p *provider) signedIn(r *http.Request) []browserid.Email {
	p.mu.Lock()
	defer p.mu.Unlock()
	cookie, err := r.Cookie(cookieName)
	if err != nil || p.sessions[cookie.Value] == "" {
		return nil
	}
	return []browserid.Email{p.sessions[cookie.Value]}
}

var form = template.Must(template.New("form").Parse(`<h1>Sign in</h1>
<form method="post">
  <p>as <strong>{{.Email}}</strong></p>
  <label for="password">Password</label>
  <input id="password" name="password" type="password" autocomplete="current-password" required autofocus />
  <p role="alert">{{.Problem}}</p>
  <p class="choice"><button>Sign in</button> <button name="cancel" type="button">Cancel</button></p>
</form>`))

// signIn shows the form, and takes it.
func (p *provider) signIn(w http.ResponseWriter, r *http.Request, email browserid.Email) issuer.Form {
	problem := ""
	if r.Method == http.MethodPost {
		if password, known := p.passwords[email]; known && password == r.PostFormValue("password") {
			p.mu.Lock()
			defer p.mu.Unlock()
			token := rand.Text()
			p.sessions[token] = email
			http.SetCookie(w, &http.Cookie{Name: cookieName, Value: token, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
			return issuer.Form{}
		}
		problem = "That is not the password. Try again."
	}
	var html strings.Builder
	_ = form.Execute(&html, map[string]any{"Email": email, "Problem": problem}) // a builder takes all
	return issuer.Form{HTML: template.HTML(html.String())}
}

// newProvider makes the provider of example.com, with its keys in a folder.
func newProvider(keys string) (http.Handler, error) {
	ring, err := keyring.Open(keys, time.Now()) // beside the server: go ring.Run(ctx, log)
	if err != nil {
		return nil, err
	}
	p := &provider{passwords: map[browserid.Email]string{"user@example.com": "secret"}, sessions: map[string]browserid.Email{}}
	site := issuer.Site{
		Issuer:    &issuer.Issuer{Domain: "example.com", Keyring: ring, Authentication: "/sign_in", Provisioning: "/provision"},
		LoginHost: "https://login.example",
		SignedIn:  p.signedIn,
		SignIn:    p.signIn,
	}
	return site.Handler()
}

// A whole identity provider, and what a browser does with it. Serve it at https://example.com.
func ExampleSite() {
	folder, err := os.MkdirTemp("", "idp")
	check(err)
	defer func() { _ = os.RemoveAll(folder) }()
	handler, err := newProvider(filepath.Join(folder, "keys"))
	check(err)
	server := httptest.NewTLSServer(handler)
	defer server.Close()

	// The person signs in, the agent has their key certified, and a site verifies what they say.
	browser := server.Client()
	browser.Jar, err = cookiejar.New(nil)
	check(err)
	post(browser, "https://example.com/sign_in?email=user@example.com", "application/x-www-form-urlencoded", url.Values{"password": {"secret"}}.Encode())
	key, err := issuer.GenerateKey(browserid.ES256)
	check(err)
	question, err := json.Marshal(map[string]any{"email": "user@example.com", "publicKey": string(key.PublicKey().JWK()), "duration": 3600})
	check(err)
	var reply struct{ Certificate string }
	check(json.Unmarshal(post(browser, "https://example.com/provision", "application/json", string(question)), &reply))
	assertion, err := browserid.SignAssertion(context.Background(), key, browserid.Assertion{
		Audience: "https://shop.example", Expires: browserid.MillisOf(time.Now().Add(time.Minute)),
	})
	check(err)
	verifier, err := verify.New(verify.Config{
		Audience:  "https://shop.example",
		Discovery: discovery.New(discovery.Config{RootCAs: rootsOf(server), InsecureDial: dialerOf(server)}),
	})
	check(err)
	result, err := verifier.Verify(context.Background(), reply.Certificate+"~"+assertion)
	check(err)
	fmt.Println("signed in as", result.Email)
	// Output: signed in as user@example.com
}
