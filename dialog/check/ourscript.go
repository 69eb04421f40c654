package check

import (
	"net/url"
	"slices"

	"github.com/navid-login/navid/agent/browserid"
)

// otherScript is what a page may have in place of the script that it should have.
var otherScript = map[string]string{
	"provisioning_api.js":   "authentication_api.js",
	"authentication_api.js": "provisioning_api.js",
}

// ourScript looks for the script of the login host in a provider's page, and returns the login host that the page belongs to, nil if that
// cannot be told.
func (c Checker) ourScript(p *page, name string) ([]Finding, *url.URL) {
	found := p.named(name)
	if len(found) == 0 {
		return []Finding{p.withoutScript(name, c.hostInWords())}, c.firstHost()
	}
	i := max(0, slices.IndexFunc(found, func(s script) bool { return c.isHost(s.loginHost()) }))
	s := found[i]
	findings := c.scriptOrigin(p, s)
	for _, policy := range p.framing.policies {
		if !policy.allowsScript(p.url, s) {
			findings = append(findings, wrong(p.hop, "csp_script", "The Content-Security-Policy of the "+p.what+" forbids the script "+quote(s.url.String())+".",
				"Add "+originOf(s.url)+" to its script-src."))
			break
		}
	}
	if slices.ContainsFunc(p.framing.policies, func(policy policy) bool { return policy.sandboxed("allow-scripts") }) {
		findings = append(findings, wrong(p.hop, "csp_sandbox", "The Content-Security-Policy of the "+p.what+" has a sandbox in which no script runs.",
			"Take sandbox out, or add allow-scripts and allow-same-origin to it."))
	}
	if !hasErrors(findings) {
		findings = append(findings, ok(p.hop, "script", "The %s has %s of %s.", p.what, name, originOf(s.loginHost())))
	}
	if host := c.firstHost(); host != nil {
		return findings, host
	}
	return findings, s.loginHost()
}

func hasErrors(findings []Finding) bool {
	return slices.ContainsFunc(findings, func(f Finding) bool { return f.Severity == Error })
}

func (p *page) withoutScript(name, host string) Finding {
	if len(p.named(otherScript[name])) > 0 {
		return wrong(p.hop, "script_wrong", "The "+p.what+" has "+otherScript[name]+", which is for the provider's other page.", "Include "+host+"/"+name+" here.")
	}
	return wrong(p.hop, "script_missing", "The HTML of the "+p.what+" does not include "+name+", so that the page cannot answer.",
		"Add <script src=\""+host+"/"+name+"\"></script> before the page's own scripts. (If another script adds it, this check cannot see that.)")
}

// scriptOrigin is what is to be said of where the script comes from.
func (c Checker) scriptOrigin(p *page, s script) (findings []Finding) {
	host := originOf(s.loginHost())
	switch {
	case s.url.Scheme == "http" && p.url.Scheme == "https":
		findings = append(findings, wrong(p.hop, "script_http", "The "+p.what+" includes "+quote(s.url.String())+" by http, which browsers refuse in a page of https.",
			"Write https://."))
	case s.host == "" && sameOrigin(s.url, p.url) && (len(c.Hosts) == 0 || !c.isHost(s.url)):
		findings = append(findings, wrong(p.hop, "script_copy", "The "+p.what+" has a copy of the script of its own, which does not say which login host it is for.",
			"Add data-host=\""+c.hostInWords()+"\" to its script element."))
	case !c.isHost(s.loginHost()):
		findings = append(findings, wrong(p.hop, "script_other_host", "The "+p.what+" has the script of another login host, "+quote(host)+", and answers nobody else.",
			"Include the script of "+c.hostInWords()+", if it is this host that people sign in by."))
	}
	if s.isModule {
		findings = append(findings, wrong(p.hop, "script_module", "The "+p.what+" loads the script as a module, in which it cannot tell where it is from.",
			"Leave type=\"module\" out."))
	}
	if s.integrity != "" && !sameOrigin(s.url, p.url) {
		findings = append(findings, warning(p.hop, "script_integrity", "The "+p.what+" loads the script with an integrity attribute: after the next update of the login host it does not load.",
			"Serve a copy of your own, with data-host, or leave the attribute out."))
	}
	return findings
}

// isHost reports whether a URL is of the login host that is meant. Where none is, any is.
func (c Checker) isHost(u *url.URL) bool {
	return len(c.Hosts) == 0 || slices.Contains(c.Hosts, browserid.Origin(originOf(u)))
}

func (c Checker) firstHost() *url.URL {
	if len(c.Hosts) == 0 {
		return nil
	}
	host, err := url.Parse(string(c.Hosts[0]))
	if err != nil {
		return nil
	}
	return host
}

// hostInWords is the login host as a fix names it.
func (c Checker) hostInWords() string {
	if len(c.Hosts) == 0 {
		return "https://login.example"
	}
	return string(c.Hosts[0])
}
