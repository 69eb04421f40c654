package check

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/discovery"
)

// Anybody may have the login host look at a page of their own. However it is made, it costs next to nothing: each of these took
// minutes, while half a second is what a busy machine needs for one that does no harm.
func TestNoPageCostsMuch(t *testing.T) {
	page, err := url.Parse("https://idp.test/prove")
	require.NoError(t, err)
	const script = `<script src="https://login.test/provisioning_api.js" integrity="`
	words := func(word string, bytes int) string { return strings.Repeat(word+" ", bytes/(len(word)+1)) }
	const half = discovery.MaxPageBytes / 2
	for name, body := range map[string]string{
		"hashes times sources": `<meta http-equiv="Content-Security-Policy" content="script-src ` + words("'b'", half) + `">` + script + words("a", half) + `"></script>`,
		"hashes times policies": strings.Repeat(`<meta http-equiv="Content-Security-Policy" content="script-src 'b'">`, half/70) +
			script + words("a", half) + `"></script>`,
		"bases upon bases": `<base href="/` + strings.Repeat("a/", half/2) + `">` + strings.Repeat(`<base href="x">`, half/15),
	} {
		start := time.Now()
		read := readMarkup(page, []byte(body))
		for _, policy := range policiesOf(http.Header{}, read.policies) {
			for _, s := range read.scripts {
				policy.allowsScript(page, s)
			}
		}
		assert.Less(t, time.Since(start), 2*time.Second, name)
	}
}

// Browsers go by the first base alone.
func TestTheFirstBaseCounts(t *testing.T) {
	t.Parallel()
	page, err := url.Parse("https://idp.test/prove")
	require.NoError(t, err)
	read := readMarkup(page, []byte(`<base target="_top"><base href="/a/"><base href="https://other.test/"><script src="x.js"></script>`))
	require.Len(t, read.scripts, 1)
	assert.Equal(t, "https://idp.test/a/x.js", read.scripts[0].url.String())
}
