package check

import (
	"context"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/navid-login/navid/agent/browserid"
)

// Site says which site to examine.
type Site struct {
	// Page is the URL of the page with the sign-in button.
	Page *url.URL
	// Audience is the origin that the site's server verifies for, empty if that is not known.
	Audience browserid.Origin
	// Bundle is what a browser sent to the site, empty if there is none. It is not verified: only its audience is looked at.
	Bundle string
}

var unseenOfSites = []string{
	"Whether the site's server verifies assertions, and with the right audience: navid verify does that for one bundle, and -audience compares.",
	"What scripts add to the page later, and scripts of other origins: no script was run.",
	"Whether a session is kept after the sign-in.",
}

// Site examines the page of a site that people sign in to. It is for who runs the site: its requests are not guarded unless those of
// Discovery are.
func (c Checker) Site(ctx context.Context, site Site) *Report {
	report := &Report{Subject: site.Page.String(), Unseen: unseenOfSites}
	ctx, cancel := context.WithTimeout(ctx, 2*PagesTimeout)
	defer cancel()
	p := c.follow(ctx, site.Page)
	report.Steps = append(report.Steps, p.steps...)
	report.add(p.faults...)
	if p.hop != nil {
		report.add(c.secure(p)...)
		report.add(c.agentScript(ctx, report, p)...)
		report.add(c.powers(ctx, report, p)...)
		report.add(c.windows(ctx, report, p)...)
		report.add(c.origins(ctx, report, p)...)
		report.add(audience(site, originOf(p.url))...)
	}
	return report.finish("Nothing is seen that would keep people from signing in at this page.", "People cannot sign in at this page.")
}

// follow gets a page as a browser does: wherever it redirects to.
func (c Checker) follow(ctx context.Context, target *url.URL) *page {
	p := &page{what: sitePage}
	for range maxRedirects + 1 {
		hop := c.Discovery.Visit(ctx, target)
		step, next := c.step(sitePage, &hop), redirect(target, &hop)
		if next == nil {
			p.steps = append(p.steps, step)
			p.answered(c, target, &hop)
			return p
		}
		step.LeadsTo = next.String()
		p.steps = append(p.steps, step)
		target = next
	}
	p.faults = append(p.faults, Finding{
		Severity: Error, Code: "page_redirects", Says: "The page redirects again and again.", URL: target.String(),
		Fix: "See where it goes for a visitor without a cookie: this one keeps none.",
	})
	return p
}

// secure: sign-ins are for https alone.
func (c Checker) secure(p *page) []Finding {
	if p.url.Scheme == "https" {
		return c.tls(p.hop)
	}
	if name := p.url.Hostname(); name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return []Finding{ok(p.hop, "site_local", "The page is of this machine, where http will do.")}
	}
	return []Finding{wrong(p.hop, "site_http", "The page is served by http. The sign-in window answers pages of https alone.",
		"Serve the site by https, and redirect http there.")}
}

// powers says whether headers of the page take from it what a sign-in needs.
func (c Checker) powers(ctx context.Context, report *Report, p *page) (findings []Finding) {
	opener, _, _ := mime.ParseMediaType(p.hop.Header.Get("Cross-Origin-Opener-Policy"))
	if opener != "" && opener != "unsafe-none" && opener != "same-origin-allow-popups" {
		findings = append(findings, c.cutOff(ctx, report, p, opener))
	}
	self := p.url
	for _, policy := range p.framing.policies {
		if policy.sandboxed("allow-popups") || policy.sandboxed("allow-scripts") {
			findings = append(findings, wrong(p.hop, "csp_sandbox", "The Content-Security-Policy of the page has a sandbox without scripts or windows.",
				"Take sandbox out, or add allow-scripts, allow-same-origin, allow-popups and allow-popups-to-escape-sandbox."))
		}
		if sources, found := policy.sources("connect-src", "default-src"); found && !matchesAny(sources, self, self) {
			findings = append(findings, warning(p.hop, "csp_connect", "The Content-Security-Policy keeps scripts from sending anything to the site itself, so that an assertion can get there in a form only.",
				"Add 'self' to connect-src, if the page sends it by fetch."))
		}
		if _, found := policy["require-trusted-types-for"]; found {
			findings = append(findings, ok(p.hop, "trusted_types", "Trusted Types are required, and our script gets by with that."))
		}
	}
	return findings
}

// cutOff is the finding about a page whose Cross-Origin-Opener-Policy leaves the redirect flow alone, which wants an opt-in.
func (c Checker) cutOff(ctx context.Context, report *Report, p *page, policy string) Finding {
	says := "The page sends Cross-Origin-Opener-Policy: " + quote(policy) + ", which cuts the sign-in window off. "
	const fix = "Send same-origin-allow-popups instead, or leave the header out on the pages where people sign in."
	marker := &url.URL{Scheme: p.url.Scheme, Host: p.url.Host, Path: "/.well-known/navid"}
	hop := c.Discovery.Visit(ctx, marker)
	report.Steps = append(report.Steps, c.step("marker for redirects", &hop))
	if hop.Status == http.StatusOK {
		return warning(p.hop, "site_coop", says+"Sign-ins go by redirect, which the site allows by "+marker.Path+": it works, but the page is left.", fix)
	}
	return wrong(p.hop, "site_coop", says+"What is left is a redirect, which the site has not allowed: it has no "+marker.Path+".", fix)
}

// audience compares what the site's server verifies for, and what a browser has sent, with the page's own origin.
func audience(site Site, origin string) (findings []Finding) {
	compare := func(audience, whose string) {
		if audience == origin {
			findings = append(findings, Finding{Severity: OK, Code: "audience", Says: whose + " is the page's origin, " + origin + ".", URL: origin})
			return
		}
		findings = append(findings, Finding{
			Severity: Error, Code: "audience_mismatch", URL: origin,
			Says: fmt.Sprintf("%s is %s, and the page is at %s: no assertion of this page will be accepted.", whose, quote(audience), origin),
			Fix:  "Verify for the origin that people's browsers show, scheme and port included, and redirect all other names there.",
		})
	}
	if site.Audience != "" {
		compare(string(site.Audience), "The audience of the site's server")
	}
	if site.Bundle != "" {
		aud, err := audienceOf(site.Bundle)
		if err != nil {
			return append(findings, Finding{Severity: Error, Code: "bundle_malformed", Says: "The bundle cannot be read.", Fix: "navid decode shows what is in it."})
		}
		compare(aud, "The audience of the bundle")
	}
	return findings
}

func audienceOf(bundle string) (string, error) {
	backed, err := browserid.ParseBacked(strings.TrimSpace(bundle))
	if err != nil {
		return "", err
	}
	assertion, _, err := browserid.ParseAssertion(backed.Assertion)
	if err != nil {
		return "", err
	}
	return assertion.Audience, nil
}

// origins asks whether the site answers under other names, where assertions have another audience.
func (c Checker) origins(ctx context.Context, report *Report, p *page) (findings []Finding) {
	own := originOf(p.url)
	if p.url.Port() != "" || !strings.Contains(p.url.Hostname(), ".") || strings.HasSuffix(p.url.Hostname(), ".localhost") {
		return nil
	}
	for _, other := range otherOrigins(p.url) {
		hop := c.Discovery.Visit(ctx, other)
		next := redirect(other, &hop)
		step := c.step("the site by another name", &hop)
		if next != nil {
			step.LeadsTo = next.String()
		}
		step.Failed = false // it is good not to answer
		report.Steps = append(report.Steps, step)
		if hop.Status == http.StatusOK {
			findings = append(findings, warning(&hop, "origin_several", "The site answers at "+originOf(other)+", too. What is signed there has that audience, and a server that verifies for "+own+" refuses it.",
				"Redirect "+originOf(other)+" to "+own+"."))
		}
	}
	if len(findings) == 0 {
		findings = append(findings, ok(p.hop, "origin", "The site answers at %s alone.", own))
	}
	return findings
}

// otherOrigins are those that people could come by: the other scheme, with and without www.
func otherOrigins(page *url.URL) (others []*url.URL) {
	name := page.Hostname()
	twin, hadWWW := strings.CutPrefix(name, "www.")
	if !hadWWW {
		twin = "www." + name
	}
	for _, host := range []string{name, twin} {
		for _, scheme := range []string{"https", "http"} {
			if other := (&url.URL{Scheme: scheme, Host: host, Path: page.Path}); !sameOrigin(other, page) {
				others = append(others, other)
			}
		}
	}
	return slices.Clip(others)
}
