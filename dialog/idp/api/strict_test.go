package api_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/dialog/idp/idptest"
)

// paths are all that the API answers, with a question of the right shape.
var paths = map[string]string{
	"session": `{}`, "session/end": `{"id":"x"}`, "sign_out": `{"everywhere":true}`,
	"challenge": `{"email":"alice@mail.test","elsewhere":false}`, "challenge/resend": `{"challenge":"x"}`,
	"challenge/confirm": `{"challenge":"x","code":"123456"}`, "challenge/await": `{"challenge":"x"}`, "link": `{"token":"x"}`,
	"certificate":   `{"email":"alice@mail.test","publicKey":"{}","duration":3600}`,
	"passkey/enrol": `{}`, "passkey/enrolled": `{"ceremony":"x","name":"x","credential":{}}`,
	"passkey/login": `{}`, "passkey/loggedin": `{"ceremony":"x","credential":{}}`,
	"passkey/rename": `{"id":"x","name":"x"}`, "passkey/remove": `{"id":"x"}`, "passkey/undo": `{"token":"x"}`,
	"account": `{}`, "account/remove": `{"email":"alice@mail.test","confirm":false}`, "account/delete": `{"confirm":true}`,
	"account/export": `{}`,
}

// Every path refuses what does not have its exact shape, before anything else.
func TestQuestionsAreReadStrictly(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	for path, good := range paths {
		bad := map[string]string{
			"empty": "", "no JSON": "x", "array": "[]", "null": "null", "two values": good + good,
			"more members":  strings.Replace(good, "{", `{"more":1,`, 1),
			"too deep":      strings.Replace(good, "{", `{"a":`+strings.Repeat("[", 20)+strings.Repeat("]", 20)+",", 1),
			"too long":      good + strings.Repeat(" ", 17<<10),
			"not UTF-8":     "{\"\xff\":1}",
			"trailing text": good + "x",
		}
		bad["more members"] = strings.Replace(bad["more members"], ",}", "}", 1)
		if good != `{}` {
			bad["none"] = `{}`
			bad["twice"] = strings.TrimSuffix(good, "}") + "," + strings.TrimPrefix(good, "{")
			bad["null member"] = nulled(good)
			bad["upper case"] = strings.ToUpper(good[:4]) + good[4:]
			bad["other type"] = `{"` + strings.SplitN(good, `"`, 3)[1] + `":[1]}`
		}
		if path == "passkey/login" {
			bad["other type"] = `{"elsewhere":"yes"}`
		}
		for name, body := range bad {
			t.Run(path+" "+name, func(t *testing.T) {
				status, answer := h.tab(t).ask(path, body)
				assert.Contains(t, []int{http.StatusBadRequest, http.StatusRequestEntityTooLarge}, status)
				assert.Equal(t, "invalid_request", answer["code"])
			})
		}
	}
	assert.Empty(t, h.Letters())
}

// nulled is a question whose first member is null.
func nulled(question string) string {
	name, rest, _ := strings.Cut(question, ":")
	if _, others, more := strings.Cut(rest, ","); more {
		return name + ":null," + others
	}
	return name + ":null}"
}

func TestOnlyJSONIsRead(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	for _, kind := range []string{"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonp"} {
		b := h.tab(t)
		r := b.request("challenge", paths["challenge"])
		r.Header.Set("Content-Type", kind)
		assert.Equal(t, http.StatusUnsupportedMediaType, b.send(r).StatusCode, kind)
	}
	assert.Empty(t, h.Letters())
}

// CSRF: no other site, and nobody who does not say where from, has a say.
func TestOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	cases := map[string]map[string]string{
		"cross-site":             {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.test"},
		"same-site":              {"Sec-Fetch-Site": "same-site", "Origin": "https://evil.login.test"},
		"typed in":               {"Sec-Fetch-Site": "none"},
		"silent":                 {},
		"old browser, elsewhere": {"Origin": "https://evil.test"},
		"opaque":                 {"Origin": "null"},
		"other port":             {"Origin": "https://login.test:8443"},
		"user in the origin":     {"Origin": "https://login.test@evil.test"},
		"user before the origin": {"Origin": "https://evil.test@login.test"},
		"put there on the way":   {"Origin": "http://login.test"},
	}
	for path, question := range paths {
		for name, headers := range cases {
			b := h.tab(t)
			r := b.request(path, question)
			r.Header.Del("Sec-Fetch-Site")
			r.Header.Del("Origin")
			for header, value := range headers {
				r.Header.Set(header, value)
			}
			assert.Equal(t, http.StatusForbidden, b.send(r).StatusCode, "%s %s", path, name)
			assert.Empty(t, b.cookies)
		}
	}
	assert.Empty(t, h.Letters())
	old := h.tab(t)
	r := old.request("session", "{}")
	r.Header.Del("Sec-Fetch-Site")
	assert.Equal(t, http.StatusOK, old.send(r).StatusCode, "an old browser of our own page")
}

// Abuse test 14: mail scanners follow links, by GET and HEAD.
func TestGETChangesNothing(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	b := h.tab(t)
	b.must("challenge", paths["challenge"])
	letter := h.CodeLetter()
	assert.NotContains(t, letter.Link, "?", "the token is in the fragment, which is not sent")
	for path := range paths {
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPut, http.MethodOptions} {
			r := b.request(path+"?token="+idptest.LinkToken(letter), "")
			r.Method = method
			status := b.send(r).StatusCode
			assert.GreaterOrEqual(t, status, 400, "%s %s", method, path)
		}
	}
	assert.Equal(t, "confirmed", b.must("link", text(map[string]any{"token": idptest.LinkToken(letter)}))["state"])
}

// No log line has a secret or a whole address (rule 13).
func TestTheLogTellsNothing(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	b := h.tab(t)
	challenge := b.must("challenge", paths["challenge"])
	letter := h.CodeLetter()
	b.must("challenge/confirm", text(map[string]any{"challenge": challenge["challenge"], "code": letter.Code}))
	certificate := b.must("certificate", certificateFor(alice))["certificate"].(string)
	b.ask("certificate", `{"email":"alice@mail.test","publicKey":"{}","duration":1}`)
	b.ask("challenge", `{"email":"alice@mail test","elsewhere":false}`)
	b.ask("passkey/loggedin", paths["passkey/loggedin"])
	log := h.log.String()
	require.Contains(t, log, "certificate issued")
	secrets := []string{alice, "alice", letter.Code, idptest.LinkToken(letter), certificate, challenge["challenge"].(string)}
	for _, cookie := range b.cookies {
		secrets = append(secrets, cookie.Value)
	}
	for _, secret := range secrets {
		assert.NotContains(t, log, secret)
	}
	assert.Contains(t, log, "mail.test")
}

func TestNothingElseIsThere(t *testing.T) {
	t.Parallel()
	b := newHost(t).tab(t)
	r := b.request("nothing", "{}")
	w := httptest.NewRecorder()
	b.h.handler.ServeHTTP(w, r)
	assert.Equal(t, http.StatusNotFound, w.Code)
	assert.Contains(t, w.Body.String(), `"code":"not_found"`)
}
