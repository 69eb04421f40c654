package check

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// agentScript looks for the script of the login host in a site's page.
func (c Checker) agentScript(ctx context.Context, report *Report, p *page) []Finding {
	found := p.named("agent.js", "include.js")
	if len(found) == 0 {
		return []Finding{wrong(p.hop, "agent_missing", "The HTML of the page includes no agent.js. (If another script adds it, this check cannot see that.)",
			"Add <script src=\""+c.hostInWords()+"/agent.js\" referrerpolicy=\"no-referrer\"></script>.")}
	}
	s := found[0]
	findings := c.agentOrigin(p, s)
	if len(found) > 1 {
		findings = append(findings, c.twice(p, found))
	}
	if hosts := p.framing.policies; slices.ContainsFunc(hosts, func(policy policy) bool { return !policy.allowsScript(p.url, s) }) {
		findings = append(findings, wrong(p.hop, "csp_script", "The Content-Security-Policy of the page forbids "+quote(s.url.String())+".",
			"Add "+originOf(s.url)+" to its script-src."))
	}
	findings = append(findings, observer(p, s.loginHost())...)
	if !hasErrors(findings) {
		findings = append(findings, c.isLoginHost(ctx, report, p, s.loginHost())...)
	}
	return findings
}

// agentOrigin is what is to be said of the script element.
func (c Checker) agentOrigin(p *page, s script) (findings []Finding) {
	switch host := originOf(s.loginHost()); {
	case s.url.Scheme == "http" && p.url.Scheme == "https":
		findings = append(findings, wrong(p.hop, "agent_http", "The page includes "+quote(s.url.String())+" by http, which browsers refuse in a page of https.", "Write https://."))
	case sameOrigin(s.url, p.url) && s.host == "" && !c.isGiven(s.url):
		findings = append(findings, wrong(p.hop, "agent_copy", "The page has a copy of agent.js of its own, which does not say which login host it is for.",
			"Add data-host=\""+c.hostInWords()+"\" to its script element."))
	case len(c.Hosts) > 0 && !c.isHost(s.loginHost()):
		findings = append(findings, wrong(p.hop, "agent_other_host", "The page has the script of another login host, "+quote(host)+".", "Include it from "+c.hostInWords()+"."))
	}
	if s.isModule {
		findings = append(findings, wrong(p.hop, "agent_module", "The page loads agent.js as a module, in which it cannot tell where it is from: request() throws no_host.",
			"Leave type=\"module\" out."))
	}
	if !sameOrigin(s.url, p.url) {
		findings = append(findings, p.discretion(s)...)
	}
	return findings
}

// isGiven reports whether a URL is of a login host that was named.
func (c Checker) isGiven(u *url.URL) bool { return len(c.Hosts) > 0 && c.isHost(u) }

// discretion: the host need not learn which site its script is for.
func (p *page) discretion(s script) (findings []Finding) {
	policy := s.referrerPolicy
	for _, fallback := range []string{p.markup.referrer, p.hop.Header.Get("Referrer-Policy")} {
		if policy == "" {
			policy = strings.ToLower(fallback)
		}
	}
	if policy != "no-referrer" && policy != "same-origin" {
		findings = append(findings, warning(p.hop, "referrer", "The script element has no referrerpolicy, so that browsers tell the login host which site its script is for.",
			"Add referrerpolicy=\"no-referrer\" to it."))
	}
	if s.integrity != "" {
		findings = append(findings, warning(p.hop, "script_integrity", "The script has an integrity attribute: after the next update of the login host it does not load.",
			"Serve a copy of your own, with data-host, or leave the attribute out."))
	}
	return findings
}

// twice: the first one counts.
func (c Checker) twice(p *page, found []script) Finding {
	for _, s := range found[1:] {
		if !sameOrigin(s.loginHost(), found[0].loginHost()) {
			return wrong(p.hop, "agent_twice", "The page includes the script of two login hosts: the first, "+quote(originOf(found[0].loginHost()))+", counts.", "Leave one of them.")
		}
	}
	return note(p.hop, "agent_twice", "The page includes the script twice. That does no harm, and no good.", "Leave one of them.")
}

// observer: a hidden frame of the host, in pages that want to hear of log-outs.
func observer(p *page, host *url.URL) []Finding {
	for _, policy := range p.framing.policies {
		if sources, found := policy.sources("frame-src", "child-src", "default-src"); found && !matchesAny(sources, p.url, host) {
			return []Finding{note(p.hop, "csp_frame", "The Content-Security-Policy of the page lets it frame nothing of "+quote(originOf(host))+". Only observer mode, watch() with onlogout, needs that.",
				"For that, add "+originOf(host)+" to its frame-src.")}
		}
	}
	return nil
}

// isLoginHost asks whether what the script will open is there.
func (c Checker) isLoginHost(ctx context.Context, report *Report, p *page, host *url.URL) []Finding {
	dialog := &url.URL{Scheme: host.Scheme, Host: host.Host, Path: "/sign_in"}
	hop := c.Discovery.Visit(ctx, dialog)
	report.Steps = append(report.Steps, c.step("sign-in window of the login host", &hop))
	if hop.Status == http.StatusOK && strings.Contains(string(hop.Body), `name="navid-agent"`) {
		return []Finding{ok(&hop, "host", "The page has the script of %s, which is a login host.", originOf(host))}
	}
	return []Finding{wrong(p.hop, "agent_unknown_host", "The script is for "+quote(originOf(host))+", and that is no login host: there is no sign-in window at "+dialog.String()+".",
		"Include it from a login host. If this is yours, navid doctor looks at it.")}
}
