package api_test

import (
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// random is what differs between any two answers.
var random = regexp.MustCompile(`"(challenge|words|ceremony)":"[^"]*"`)

// Abuse test 37: to a stranger every answer is the same, byte for byte, whether
// an address is known, was known, or never was.
func TestAnswersDoNotTellWhoIsKnown(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	owner := h.tab(t)
	owner.prove("known@mail.test")
	owner.prove("removed@mail.test")
	owner.must("account/remove", `{"email":"removed@mail.test","confirm":false}`)
	h.Clock.Advance(24 * time.Hour) // the limits begin anew

	story := func(email string) (told []string) {
		b := h.tab(t)
		ask := func(path string, question map[string]any) map[string]any {
			r := b.request(path, text(question))
			r.RemoteAddr = "203.0.113.9:1"
			response := b.send(r)
			body, err := io.ReadAll(response.Body)
			require.NoError(t, err)
			told = append(told, random.ReplaceAllString(path+" "+response.Status+" "+headers(response)+" "+string(body), `"$1":"…"`))
			var answer map[string]any
			require.NoError(t, json.Unmarshal(body, &answer))
			return answer
		}
		challenge := ask("challenge", map[string]any{"email": email, "elsewhere": false})["challenge"]
		for range 6 {
			ask("challenge/confirm", map[string]any{"challenge": challenge, "code": "00000x"})
			ask("challenge/confirm", map[string]any{"challenge": challenge, "code": wrongFor(h)})
		}
		ask("challenge/await", map[string]any{"challenge": challenge})
		ask("challenge/resend", map[string]any{"challenge": challenge})
		ask("certificate", map[string]any{"email": email, "publicKey": "{}", "duration": 3600})
		ask("account/remove", map[string]any{"email": email, "confirm": true})
		ask("account", map[string]any{})
		h.Letters()
		return told
	}
	known, removed, never := story("known@mail.test"), story("removed@mail.test"), story("never@mail.test")
	assert.Equal(t, never, known)
	assert.Equal(t, never, removed)
}

// wrongFor is a code that none of the letters that wait has.
func wrongFor(h *host) string {
	for _, letter := range h.Letters() {
		if letter.Code == "000000" {
			return "000001"
		}
	}
	return "000000"
}

// headers are those that are the same each time: the cookies but for their values.
func headers(response *http.Response) string {
	cookie := regexp.MustCompile(`=[^;]*`).ReplaceAllString(response.Header.Get("Set-Cookie"), "")
	return response.Header.Get("Content-Type") + response.Header.Get("Retry-After") + cookie
}
