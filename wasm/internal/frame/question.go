//go:build js && wasm

package frame

import (
	"context"
	"encoding/json"
	"time"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/wasm/internal/jsx"
)

// question is what a provisioning page finds in its fragment (design 5.4c).
// provisioning_api.js takes it away, and uses it only where the page has nobody
// to speak to.
type question struct {
	Attempt   string `json:"attempt"`
	Email     string `json:"email"`
	Seconds   int64  `json:"cert_duration_s"`
	PublicKey string `json:"publicKey"`
}

// withQuestion returns the URL of a provisioning page with the question in its
// fragment. It makes the key that is to be certified.
func withQuestion(ctx context.Context, p agent.Provisioning, attempt string) (string, error) {
	publicKey, err := p.NewKey(ctx)
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(question{attempt, string(p.Email), int64(p.Duration / time.Second), publicKey})
	if err != nil {
		return "", err
	}
	global, err := jsx.Lookup("globalThis")
	if err != nil {
		return "", err
	}
	escaped, err := jsx.Call(global, "encodeURIComponent", string(text))
	if err != nil {
		return "", err
	}
	fragment, _ := jsx.Text(escaped)
	return p.URL + "#navid=" + fragment, nil
}

// link is the link that is followed. The browser names this host, and only the
// host, to the page behind it: a provisioning page answers a question in its
// fragment to nobody else (security.md G4). Scripts have no other way to set
// that for one navigation, under a policy of no referrer.
var link = [][2]string{{"rel", "opener"}, {"referrerpolicy", "origin"}}

// follow makes a window of that name, or with "" this one, go to a page.
func follow(url, target string) error {
	document, err := jsx.Lookup("document")
	if err != nil {
		return err
	}
	anchor, err := jsx.Call(document, "createElement", "a")
	if err != nil {
		return err
	}
	for _, attribute := range append(link, [2]string{"href", url}, [2]string{"target", target}) {
		if _, err := jsx.Call(anchor, "setAttribute", attribute[0], attribute[1]); err != nil {
			return err
		}
	}
	_, err = jsx.Call(anchor, "click")
	return err
}
