package check

import (
	"context"
	"fmt"
	"net/http"
)

// maxOwnScripts bounds the scripts of the site itself that are read.
const maxOwnScripts = 12

// windows guesses, by reading the page's own scripts, whether the sign-in window is opened too late after a click.
func (c Checker) windows(ctx context.Context, report *Report, p *page) (findings []Finding) {
	read, called := 0, false
	look := func(where, source string) {
		for _, call := range signInCalls(source) {
			called = true
			if call.late != "" {
				findings = append(findings, Finding{
					Severity: Warning, Code: "window_late", URL: where,
					Says: fmt.Sprintf("By the look of it, navigator.id.%s is called %s, in line %d. Browsers block a window that no longer belongs to a click. This is a guess: the script was read, and not run.", call.name, call.late, call.line),
					Fix:  "Call it first thing in the click's listener, and fetch what it needs, such as a nonce, beforehand.",
				})
			}
		}
	}
	for _, s := range p.scripts {
		switch {
		case s.url == nil:
			look(p.url.String(), s.text)
		case sameOrigin(s.url, p.url) && s.name() != "agent.js" && s.name() != "include.js" && read < maxOwnScripts:
			read++
			hop := c.Discovery.Visit(ctx, s.url)
			report.Steps = append(report.Steps, c.step("script", &hop))
			if hop.Status == http.StatusOK {
				look(s.url.String(), string(hop.Body))
			}
		}
	}
	if called && len(findings) == 0 {
		findings = append(findings, ok(p.hop, "window", "By the look of the scripts, the window is opened within the click. That is a guess."))
	}
	return findings
}
