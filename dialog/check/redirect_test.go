package check

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/discovery"
)

// Where a stranger redirects to is shown, and followed, in ASCII alone: U+202E would turn the rest of the line round.
func TestRedirectsAreASCII(t *testing.T) {
	t.Parallel()
	from, err := url.Parse("https://idp.test/prove")
	require.NoError(t, err)
	for location, want := range map[string]string{
		"/in?next=\u202eevil":            "https://idp.test/in?next=%E2%80%AEevil",
		"/\u202ein?a=b#\u202e":           "https://idp.test/%E2%80%AEin?a=b#%E2%80%AE",
		"https://b\u202e.test/?%e2=\xff": "https://b%E2%80%AE.test/?%e2=%FF",
	} {
		hop := discovery.Hop{Status: http.StatusFound, Header: http.Header{"Location": {location}}}
		assert.Equal(t, want, redirect(from, &hop).String())
	}
}
