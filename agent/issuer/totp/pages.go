package totp

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"time"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/issuer"
)

//go:embed templates
var files embed.FS

var templates = template.Must(template.ParseFS(files, "templates/*.html"))

// draw fills a template in.
func draw(name string, data any) template.HTML {
	var text bytes.Buffer
	if err := templates.ExecuteTemplate(&text, name, data); err != nil {
		panic(err) // the templates are ours, and a buffer takes all
	}
	return template.HTML(text.String())
}

// home says who is signed in, who may then sign out.
func (p *Provider) home(w http.ResponseWriter, r *http.Request) {
	p.site.Show(w, http.StatusOK, "Signed in?", draw("home.html", map[string]any{"Domain": p.config.Domain, "Emails": p.signedIn(r)}))
}

// signIn is for [issuer.Site]: it asks for a code, and takes it.
func (p *Provider) signIn(w http.ResponseWriter, r *http.Request, email browserid.Email) issuer.Form {
	if r.Method != http.MethodPost {
		return form(email, 0, "")
	}
	code, ok := readCode(r.PostFormValue("code"))
	if !ok {
		return form(email, http.StatusBadRequest, "A code has six digits.")
	}
	client, _ := p.config.Client(r)
	token, browser := newToken(), browserToken(r)
	err := p.try(email, code, client, browser, p.begin(r, token))
	if err != nil {
		return p.refuse(w, email, err)
	}
	http.SetCookie(w, cookie(cookieName, token, SessionLifetime))
	http.SetCookie(w, cookie(browserCookie, browser, browserLifetime))
	return issuer.Form{}
}

// refuse says why a try is no good, and asks again.
func (p *Provider) refuse(w http.ResponseWriter, email browserid.Email, err error) issuer.Form {
	if limit, ok := errors.AsType[*waitError](err); ok {
		w.Header().Set("Retry-After", strconv.Itoa(int(limit.left/time.Second)+1))
		return form(email, http.StatusTooManyRequests, "There were too many wrong codes. Try again in "+inWords(limit.left)+".")
	}
	if errors.Is(err, errWrong) {
		return form(email, http.StatusForbidden, "That code is wrong, or has been used already. Wait for the next one.")
	}
	p.config.Log.Error("codes cannot be checked", "error", err)
	return form(email, http.StatusServiceUnavailable, "Codes cannot be checked at the moment. Try again later.")
}

func form(email browserid.Email, status int, problem string) issuer.Form {
	return issuer.Form{HTML: draw("code.html", map[string]any{"Email": email, "Problem": problem}), Status: status}
}

// inWords is a time to wait, never too short.
func inWords(left time.Duration) string {
	minutes := int((left + time.Minute - 1) / time.Minute)
	switch {
	case minutes <= 1:
		return "a minute"
	case minutes < 120:
		return fmt.Sprintf("%d minutes", minutes)
	default:
		return fmt.Sprintf("%d hours", (minutes+59)/60)
	}
}
