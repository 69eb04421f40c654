package check

import (
	"context"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/navid-login/navid/agent/discovery"
)

// maxRedirects is how many of a page's own redirects are followed.
const maxRedirects = 5

// page is a page of a provider or a site as it was got.
type page struct {
	what   string // such as "provisioning page"
	url    *url.URL
	hop    *discovery.Hop // the last one, whose answer it is
	steps  []Step
	faults []Finding
	markup
	framing
}

// provider examines the two pages of a provider, both at once.
func (c Checker) provider(ctx context.Context, report *Report, found *discovery.Provider) {
	report.Authority, report.Authentication, report.Provisioning = found.Authority, found.Authentication, found.Provisioning
	ctx, cancel := context.WithTimeout(ctx, PagesTimeout)
	defer cancel()
	var provisioning, authentication *page
	var both sync.WaitGroup
	both.Go(func() { provisioning = c.load(ctx, "provisioning page", found.Provisioning) })
	both.Go(func() { authentication = c.load(ctx, "authentication page", found.Authentication) })
	both.Wait()
	for _, p := range []*page{provisioning, authentication} {
		report.Steps = append(report.Steps, p.steps...)
		report.add(p.faults...)
	}
	if provisioning.hop != nil {
		report.add(c.provisioning(provisioning)...)
	}
	if authentication.hop != nil {
		report.add(c.authentication(authentication)...)
	}
}

// load gets a page, and follows its redirects within its origin. The page has no hop where it cannot be looked at.
func (c Checker) load(ctx context.Context, what, address string) *page {
	p := &page{what: what}
	target, err := url.Parse(address)
	if err != nil {
		p.faults = append(p.faults, Finding{Severity: Error, Code: "page_url", Says: "The address of the " + what + " is none.", URL: address})
		return p
	}
	for range maxRedirects + 1 {
		hop := c.Discovery.Visit(ctx, target)
		next := redirect(target, &hop)
		step := c.step(what, &hop)
		if next != nil {
			step.LeadsTo = next.String()
		}
		p.steps = append(p.steps, step)
		switch {
		case next != nil && sameOrigin(target, next):
			target = next
			continue
		case next != nil:
			p.faults = append(p.faults, p.elsewhere(&hop, next))
			return p
		}
		p.answered(c, target, &hop)
		return p
	}
	p.faults = append(p.faults, Finding{
		Severity: Error, Code: "page_redirects", Says: "The " + what + " redirects again and again.",
		Fix: "See where it goes for a visitor without a cookie: this one keeps none.", URL: address,
	})
	return p
}

// redirect is where an answer sends the browser, nil for nowhere.
func redirect(from *url.URL, hop *discovery.Hop) *url.URL {
	if hop.Status < 300 || hop.Status >= 400 || hop.Header.Get("Location") == "" {
		return nil
	}
	next, err := from.Parse(hop.Header.Get("Location"))
	if err != nil || next.Host == "" {
		return nil
	}
	next.RawQuery = escapeQuery(next.RawQuery)
	return next
}

// escapeQuery escapes what is not ASCII, as browsers do. Package url does it everywhere but in queries, and a report must not hold
// what turns the direction of the text around it.
func escapeQuery(query string) string {
	var escaped strings.Builder
	for i := range len(query) {
		if query[i] < utf8.RuneSelf {
			escaped.WriteByte(query[i])
		} else {
			fmt.Fprintf(&escaped, "%%%02X", query[i])
		}
	}
	return escaped.String()
}

// elsewhere is the finding about a redirect to another origin. The sign-in may take a detour; what speaks for the domain may not.
func (p *page) elsewhere(hop *discovery.Hop, next *url.URL) Finding {
	says := fmt.Sprintf("The %s redirects to another origin, %s.", p.what, quote(originOf(next)))
	if p.what == "authentication page" {
		return warning(hop, "page_redirected", says+" That page is not looked at.",
			"That may be, if the sign-in ends on a page of the provider's own origin again, which calls completeAuthentication.")
	}
	return wrong(hop, "page_redirected", says, "Answer here: nothing that another origin says is believed.")
}

// answered looks at status and headers of the page's answer.
func (p *page) answered(c Checker, at *url.URL, hop *discovery.Hop) {
	if fault, isFault := p.fault(c, hop); isFault {
		p.faults = append(p.faults, fault)
		return
	}
	p.url, p.hop = at, hop
	p.markup = readMarkup(at, hop.Body)
	p.framing = framing{policiesOf(hop.Header, p.markup.policies), hop.Header}
	p.faults = append(p.faults, c.clock(hop)...)
	if len(hop.Body) > discovery.MaxPageBytes {
		p.faults = append(p.faults, warning(hop, "page_large", fmt.Sprintf("The %s has more than %d kB, and no more of it was looked at.",
			p.what, discovery.MaxPageBytes>>10), "Make it small: people wait for it at each sign-in."))
	}
}

// fault is what keeps the page from being one.
func (p *page) fault(c Checker, hop *discovery.Hop) (Finding, bool) {
	status := hop.Status
	switch mediaType, _, _ := mime.ParseMediaType(hop.Header.Get("Content-Type")); {
	case hop.Failure != nil:
		fault := c.failed(hop)
		if hop.Failure.Cause == discovery.CauseRefused {
			fault.Fix = p.forSites("Have a web server listen at "+hop.URL+", and let it through the firewall.", fault.Fix)
		}
		fault.Says = "The " + p.what + " was not got. " + fault.Says
		return fault, true
	case status == http.StatusNotFound, status == http.StatusGone:
		return wrong(hop, "page_missing", fmt.Sprintf("There is no %s: the answer is %d.", p.what, status),
			p.forSites("See whether its path is right.", "Put it there, or correct its path in the support document.")), true
	case status >= 500:
		return wrong(hop, "page_failing", fmt.Sprintf("The %s fails: the answer is %d.", p.what, status), "See in the server's log why."), true
	case status != http.StatusOK:
		return wrong(hop, "page_status", fmt.Sprintf("The %s answers %d, where 200 is wanted.", p.what, status),
			p.forSites("Show it to everybody, also to who is not signed in.",
				"Show it to everybody, also to who is not signed in: the page itself says so then, by raiseProvisioningFailure.")), true
	case mediaType != "text/html" && mediaType != "application/xhtml+xml":
		return wrong(hop, "page_type", fmt.Sprintf("The %s has the Content-Type %s.", p.what, quote(hop.Header.Get("Content-Type"))),
			"Serve it as text/html; charset=utf-8."), true
	}
	return Finding{}, false
}

// sitePage is what the page of a site is called.
const sitePage = "page"

// forSites chooses between the advice for the page of a site and that for a page of a provider.
func (p *page) forSites(site, provider string) string {
	if p.what == sitePage {
		return site
	}
	return provider
}

// frameWait is how long a page gets in the hidden frame (design.md 5.4a).
const frameWait = 2500 * time.Millisecond

// provisioning is what is to be said of a provisioning page that was got.
func (c Checker) provisioning(p *page) []Finding {
	findings, host := c.ourScript(p, "provisioning_api.js")
	switch {
	case host == nil:
	case !p.mayFrame(p.url, host):
		findings = append(findings, warning(p.hop, "frame_refused",
			"The provisioning page does not let "+quote(originOf(host))+" frame it, by X-Frame-Options or frame-ancestors. It works in a window instead: slower, and seen by people.",
			"Send Content-Security-Policy: frame-ancestors "+originOf(host)+" with this page, and no X-Frame-Options."))
	default:
		findings = append(findings, ok(p.hop, "frame", "The login host may frame the provisioning page."))
	}
	if p.hop.Took > frameWait {
		findings = append(findings, warning(p.hop, "page_slow", "The provisioning page took "+seconds(p.hop.Took)+
			". After 2.5 s the hidden frame is given up, and a window opens.", "Make it a small page that asks no database."))
	}
	return append(findings, p.separation()...)
}

// authentication is what is to be said of an authentication page that was got.
func (c Checker) authentication(p *page) []Finding {
	findings, host := c.ourScript(p, "authentication_api.js")
	stranger := &url.URL{Scheme: "https", Host: "stranger.invalid"}
	if p.mayFrame(p.url, stranger) || host != nil && p.mayFrame(p.url, host) {
		findings = append(findings, warning(p.hop, "frame_open", "Other sites can frame the authentication page, and lead the clicks of people there on what they do not see.",
			"Send Content-Security-Policy: frame-ancestors 'none' with it."))
	} else {
		findings = append(findings, ok(p.hop, "frame", "Nobody may frame the authentication page."))
	}
	if p.hop.Took > slow {
		findings = append(findings, warning(p.hop, "page_slow", "The authentication page took "+seconds(p.hop.Took)+".", "Make it faster: people wait for it."))
	}
	return append(findings, p.separation()...)
}

// separation says whether the page cuts itself off from the window that opened it.
func (p *page) separation() []Finding {
	value, _, _ := mime.ParseMediaType(p.hop.Header.Get("Cross-Origin-Opener-Policy"))
	if value == "" || value == "unsafe-none" {
		return nil
	}
	return []Finding{warning(p.hop, "coop", "The "+p.what+" sends Cross-Origin-Opener-Policy: "+quote(value)+
		", which cuts it off from the sign-in window. It works by a slower path, with one more page and maybe one more click.",
		"Leave the header out on this page.")}
}
