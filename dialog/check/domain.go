package check

import (
	"context"
	"fmt"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
)

// Domain examines the identity provider of a mail domain.
func (c Checker) Domain(ctx context.Context, domain browserid.Domain) *Report {
	report := &Report{Subject: string(domain), Unseen: unseenOfProviders}
	trace := c.Discovery.Trace(ctx, domain)
	for i := range trace.Hops {
		c.document(report, trace, i)
	}
	c.outcome(report, trace)
	switch {
	case trace.Failure != nil:
	case c.Fallback != "" && trace.Provider.Authority == c.Fallback:
		report.Authority = c.Fallback
		report.add(Finding{
			Severity: OK, Code: "own_fallback", URL: lastURL(trace),
			Says: "This login host itself vouches for the addresses, by mail and passkey.",
		})
	default:
		c.provider(ctx, report, trace.Provider)
		if trace.Provider.Authority != domain {
			report.Unseen = append([]string{fmt.Sprintf("Whether %s is set to certify addresses at %s: who runs it knows.",
				trace.Provider.Authority, domain)}, report.Unseen...)
		}
	}
	return report.finish(
		fmt.Sprintf("%s has an identity provider, and nothing is seen that would keep it from working.", domain),
		fmt.Sprintf("People cannot sign in with addresses at %s by its own identity provider.", domain),
	)
}

// unseenOfProviders is what shows only when somebody signs in.
var unseenOfProviders = []string{
	"Whether somebody can sign in at the authentication page, and whether a session is kept: nobody has signed in.",
	"Whether the pages call navigator.id as they should: no script was run. What scripts add to a page later is not seen either.",
	"Whether the certificates are right: address, key, issuer, lifetime, clock, signature. Sign in once at a site; where a certificate is " +
		"wrong, the sign-in window says in which way.",
}

// outcome says what a failed lookup means, and what is remembered of better times.
func (c Checker) outcome(report *Report, trace *discovery.Trace) {
	failure := trace.Failure
	if failure == nil {
		return
	}
	if len(trace.Hops) == 0 || trace.Hops[len(trace.Hops)-1].Failure == nil { // no hop's fault alone
		report.add(explain(failure, Finding{URL: lastURL(trace)}))
	}
	switch {
	case trace.Provider != nil:
		report.add(Finding{
			Severity: Note, Code: "remembered",
			Says: "The domain answered well a short while ago, and that answer is still gone by. It is not for long.",
		})
	case trace.Err != nil && trace.Err.State != failure.State:
		report.add(Finding{Severity: Note, Code: "remembered", Says: trace.Err.Reason})
	case failure.State.FallbackMaySpeak():
		report.add(Finding{
			Severity: Note, Code: "fallback",
			Says: "The domain counts as one without an identity provider. A login host may vouch for its addresses instead, by mail.",
		})
	}
}

func lastURL(trace *discovery.Trace) string {
	if len(trace.Hops) == 0 {
		return ""
	}
	return trace.Hops[len(trace.Hops)-1].URL
}

// document adds what is to be said of one document of a lookup.
func (c Checker) document(report *Report, trace *discovery.Trace, i int) {
	hop := &trace.Hops[i]
	step := c.step("support document of "+string(hop.Host), hop)
	if hop.Document != nil {
		step.LeadsTo = hop.Document.Authority
	}
	report.Steps = append(report.Steps, step)
	report.add(c.connection(hop)...)
	if hop.Failure != nil {
		report.add(c.failed(hop))
		return
	}
	report.add(ok(hop, "document", "%s serves a support document that can be read: %d bytes.", hop.Host, len(hop.Body)))
	report.add(headersOf(hop)...)
	switch {
	case hop.Document.Authority != "":
		report.add(ok(hop, "delegation", "%s passes authority on to %s.", hop.Host, hop.Document.Authority))
	case !hop.Document.Disabled:
		report.add(keysOf(hop)...)
		report.add(algorithmsOf(hop)...)
	}
}

func ok(hop *discovery.Hop, code, format string, args ...any) Finding {
	return Finding{Severity: OK, Code: code, Says: fmt.Sprintf(format, args...), URL: hop.URL}
}

func note(hop *discovery.Hop, code, says, fix string) Finding {
	return Finding{Severity: Note, Code: code, Says: says, Fix: fix, URL: hop.URL}
}

func warning(hop *discovery.Hop, code, says, fix string) Finding {
	return Finding{Severity: Warning, Code: code, Says: says, Fix: fix, URL: hop.URL}
}

func wrong(hop *discovery.Hop, code, says, fix string) Finding {
	return Finding{Severity: Error, Code: code, Says: says, Fix: fix, URL: hop.URL}
}
