package dialog

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPages(t *testing.T) {
	t.Parallel()
	handler := newTestHost(t, testConfig())
	tests := []struct {
		target string
		status int
		want   string
	}{
		{"/", 200, testURL},
		{"/sign_in", 200, `<meta name="navid-now" content="1795262400000">`},
		{"/sign_in?AUTH_RETURN", 200, `data-cancelled="false"`},
		{"/sign_in?AUTH_RETURN=", 200, `data-cancelled="false"`},
		{"/sign_in?AUTH_RETURN_CANCEL", 200, `data-cancelled="true"`},
		{"/sign_in?PROVISION_RETURN", 200, `data-cancelled="false"`},
		{"/sign_in?REDIRECT", 200, `<meta name="navid-now" content="1795262400000">`},
		{"/communication_iframe", 200, `/frame.js"`},
		{"/sign_in/", 404, "nothing here"},
		{"/nothing", 404, "nothing here"},
	}
	for _, test := range tests {
		response := do(handler, "GET", test.target, "")
		require.Equal(t, test.status, response.Code, test.target)
		assert.Contains(t, response.Body.String(), test.want, test.target)
	}
	assert.NotContains(t, do(handler, "GET", "/sign_in?x=AUTH_RETURN", "").Body.String(), "data-cancelled")
}

// A host that has no room on one line breaks behind its dots, and keeps its port.
func TestHostBreaksBehindItsDots(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []string{"http://", "login.", "localhost:8080"}, partsOf("http://login.localhost:8080"))
	assert.Equal(t, []string{"https://", "login.", "department.", "example"}, partsOf("https://login.department.example"))
	pages, err := loadPages(embedded().templates)
	require.NoError(t, err)
	for _, name := range append(fallbackPages, "check") {
		var page strings.Builder
		require.NoError(t, pages.templates.ExecuteTemplate(&page, name+".html", pageData{HostParts: partsOf("https://login.example")}))
		assert.Contains(t, page.String(), `<bdi dir="ltr">https://<wbr />login.<wbr />example<wbr /></bdi>`, name)
	}
}

// The documents that are really linked in can be executed with the data that
// they get, and reach no other origin.
func TestEmbeddedPages(t *testing.T) {
	t.Parallel()
	files := testFiles()
	files.templates = embedded().templates
	handler, err := newHandler(testConfig(), files.load)
	require.NoError(t, err)
	for _, target := range []string{
		"/", "/sign_in", "/sign_in?AUTH_RETURN", "/sign_in?AUTH_RETURN_CANCEL", "/communication_iframe", "/nothing",
	} {
		body := do(handler, "GET", target, "").Body.String()
		assert.Contains(t, body, `<html lang="en" dir="ltr"`, target)
		assert.Contains(t, body, "</html>", target)
		assert.NotRegexp(t, `(src|href)="?(https?:)?//`, body, "%s: own files only", target)
		assert.NotRegexp(t, `<script>|<style| style=| on[a-z]+=`, body, "%s: nothing inline, the policy forbids it", target)
	}
}
