package check

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// policy is one Content-Security-Policy: its directives and their values. A page obeys all that it has.
type policy map[string][]string

// policiesOf reads the policies of a page, from its headers and its meta elements. frame-ancestors and sandbox count in headers alone.
func policiesOf(header http.Header, metas []string) (policies []policy) {
	for _, value := range header.Values("Content-Security-Policy") {
		for text := range strings.SplitSeq(value, ",") {
			policies = append(policies, parsePolicy(text))
		}
	}
	for _, text := range metas {
		inPage := parsePolicy(text)
		delete(inPage, "frame-ancestors")
		delete(inPage, "sandbox")
		policies = append(policies, inPage)
	}
	return policies
}

// parsePolicy reads one policy. Of a directive that is there twice the first counts (CSP 3, section 2.2.1).
func parsePolicy(text string) policy {
	parsed := policy{}
	for directive := range strings.SplitSeq(text, ";") {
		words := strings.Fields(directive)
		if len(words) == 0 {
			continue
		}
		name := strings.ToLower(words[0])
		if _, found := parsed[name]; !found {
			parsed[name] = words[1:]
		}
	}
	return parsed
}

// sources returns the values of the first of the directives that is there.
func (p policy) sources(directives ...string) (sources []string, found bool) {
	for _, name := range directives {
		if sources, found = p[name]; found {
			return sources, true
		}
	}
	return nil, false
}

// allowsScript reports whether the policy lets a page load a script that its HTML names.
func (p policy) allowsScript(page *url.URL, s script) bool {
	sources, found := p.sources("script-src-elem", "script-src", "default-src")
	if !found || s.nonce != "" && slices.Contains(sources, "'nonce-"+s.nonce+"'") || allowsHash(sources, s.integrity) {
		return true
	}
	if slices.Contains(sources, "'strict-dynamic'") { // hosts do not count then
		return false
	}
	return matchesAny(sources, page, s.url)
}

// maxHashes is how many hashes of an integrity attribute are looked at: there are three kinds.
const maxHashes = 8

func allowsHash(sources []string, integrity string) bool {
	hashes := strings.Fields(integrity)
	return slices.ContainsFunc(hashes[:min(len(hashes), maxHashes)], func(hash string) bool { return slices.Contains(sources, "'"+hash+"'") })
}

// sandboxed reports whether the policy takes a power from the page.
func (p policy) sandboxed(power string) bool {
	powers, found := p["sandbox"]
	return found && !slices.Contains(powers, power)
}

// matchesAny reports whether a URL is of one of the sources of a page.
func matchesAny(sources []string, page, target *url.URL) bool {
	return slices.ContainsFunc(sources, func(source string) bool { return matches(source, page, target) })
}

// matches compares as CSP 3 does (section 6.7.2.8), but for paths after redirects.
func matches(source string, page, target *url.URL) bool {
	lower := strings.ToLower(source)
	switch {
	case lower == "'self'":
		return sameOrigin(page, target)
	case strings.HasPrefix(lower, "'"):
		return false
	case lower == "*":
		return target.Scheme == "https" || target.Scheme == "http"
	case strings.HasSuffix(lower, ":"):
		return upgrades(strings.TrimSuffix(lower, ":"), target.Scheme)
	}
	scheme, rest, hasScheme := strings.Cut(lower, "://")
	if !hasScheme {
		scheme, rest = page.Scheme, lower
	}
	authority, _, _ := strings.Cut(rest, "/")
	host, port, hasPort := strings.Cut(authority, ":")
	return upgrades(scheme, target.Scheme) && matchesHost(host, target.Hostname()) &&
		(!hasPort && defaultPort(target) || port == "*" || port == portOf(target)) && matchesPath(source, rest, target.Path)
}

// upgrades: http allows https, too.
func upgrades(allowed, scheme string) bool {
	return allowed == scheme || allowed == "http" && scheme == "https"
}

func matchesHost(pattern, host string) bool {
	parent, isWildcard := strings.CutPrefix(pattern, "*")
	return isWildcard && strings.HasSuffix(host, parent) && len(host) > len(parent) || pattern == host
}

// matchesPath compares the path of a source, with its case, if it has one.
func matchesPath(source, rest, path string) bool {
	slash := strings.IndexByte(rest, '/')
	if slash < 0 {
		return true
	}
	wanted := source[len(source)-len(rest)+slash:]
	return wanted == path || strings.HasSuffix(wanted, "/") && strings.HasPrefix(path, wanted)
}

func sameOrigin(a, b *url.URL) bool { return originOf(a) == originOf(b) }

// originOf is the origin of a URL as browsers write it.
func originOf(u *url.URL) string {
	origin := u.Scheme + "://" + strings.ToLower(u.Hostname())
	if defaultPort(u) {
		return origin
	}
	return origin + ":" + u.Port()
}

func defaultPort(u *url.URL) bool {
	return u.Port() == "" || portOf(u) == portOf(&url.URL{Scheme: u.Scheme})
}

func portOf(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "http":
		return "80"
	}
	return "443"
}

// framing is what a page says about being framed.
type framing struct {
	policies []policy
	header   http.Header
}

// mayFrame reports whether a page of another origin may frame this one. X-Frame-Options does not count beside frame-ancestors.
func (f framing) mayFrame(page, other *url.URL) bool {
	stated := false
	for _, p := range f.policies {
		if ancestors, found := p["frame-ancestors"]; found {
			stated = true
			if !matchesAny(ancestors, page, other) {
				return false
			}
		}
	}
	return stated || !f.refusesByOldHeader()
}

// refusesByOldHeader: any other word than these is none to browsers.
func (f framing) refusesByOldHeader() bool {
	for _, value := range f.header.Values("X-Frame-Options") {
		for word := range strings.SplitSeq(value, ",") {
			switch strings.ToUpper(strings.TrimSpace(word)) {
			case "DENY", "SAMEORIGIN":
				return true
			}
		}
	}
	return false
}
