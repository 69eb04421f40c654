package api

import (
	"net/http"
	"time"

	"github.com/navid-login/navid/dialog/idp"
)

// cookies are the two that the provider sets. The prefix __Host- keeps the hosts
// of other names, and plain http, from setting them (session fixation).
type cookies struct{ secure bool }

func (c cookies) session() string { return c.named("navid") }

func (c cookies) browser() string { return c.named("navid-browser") }

func (c cookies) named(name string) string {
	if c.secure {
		return "__Host-" + name
	}
	return name
}

// read returns the value of a cookie that looks like a token of ours.
func (c cookies) read(r *http.Request, name string) string {
	cookie, err := r.Cookie(name)
	if err != nil || len(cookie.Value) != idp.TokenLength {
		return ""
	}
	return cookie.Value
}

// set sends a cookie that lasts for some time, or ends with the browser for 0, or
// at once for less.
func (c cookies) set(w http.ResponseWriter, name, value string, life time.Duration) {
	cookie := &http.Cookie{
		Name: name, Value: value, Path: "/", Secure: c.secure, HttpOnly: true, SameSite: http.SameSiteStrictMode,
		MaxAge: int(life / time.Second),
	}
	if life < 0 {
		cookie.MaxAge = -1
	}
	http.SetCookie(w, cookie)
}
