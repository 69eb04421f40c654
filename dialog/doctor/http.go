package doctor

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/issuer"
)

// page looks at the dialog's page: is it the host that answers, with its headers
// as it sent them?
func (d Doctor) page(page answer) []Finding {
	switch {
	case page.status == http.StatusMisdirectedRequest:
		return problem("HTTP", "The host answers, but it was asked for another name or scheme than it goes by. It says: %s", oneLine(page.body))
	case page.status >= 500:
		return problem("HTTP", "The answer is %d: the proxy does not reach the host, or the host fails. Its log says more.", page.status)
	case page.status != http.StatusOK:
		return problem("HTTP", "The sign-in page answers %d, and not 200: something else answers there, or a proxy keeps this path to itself.", page.status)
	}
	findings := []Finding{{Good, "HTTP", "The sign-in page is there."}}
	for _, header := range []struct{ name, has, why string }{
		{"Content-Security-Policy", "frame-ancestors", "nothing keeps other sites from framing the sign-in page"},
		{"X-Content-Type-Options", "nosniff", "browsers may take files for what they are not"},
		{"Strict-Transport-Security", "max-age", "browsers do not insist on https"},
	} {
		if !strings.Contains(page.header.Get(header.name), header.has) && (header.name != "Strict-Transport-Security" || d.Origin.Scheme() == "https") {
			findings = append(findings, Finding{Problem, "headers", "A proxy takes " + header.name + " away or changes it: " + header.why + "."})
		}
	}
	if page.header.Get("Cross-Origin-Opener-Policy") != "" {
		findings = append(findings, Finding{Problem, "headers", "A proxy adds Cross-Origin-Opener-Policy, which cuts the sign-in window off from the site that opened it."})
	}
	if len(findings) == 1 {
		findings = append(findings, Finding{Good, "headers", "They arrive as the host sends them."})
	}
	return findings
}

func oneLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return line
}

// ready asks what a balancer asks.
func (d Doctor) ready(ctx context.Context) []Finding {
	answer, err := d.get(ctx, string(d.Origin)+"/readyz")
	switch {
	case err != nil:
		return problem("ready", "/readyz does not answer: %v.", err)
	case answer.status == http.StatusOK:
		return []Finding{{Good, "ready", "Database, keys and mail worker answer."}}
	case answer.status == http.StatusServiceUnavailable:
		return problem("ready", "The host says: %s. Its log says why.", oneLine(answer.body))
	default:
		return []Finding{{Warning, "ready", "/readyz is not passed on by the proxy; nobody else needs it."}}
	}
}

// redirect looks where people come who type the name without https.
func (d Doctor) redirect(ctx context.Context) []Finding {
	if d.Origin.Scheme() != "https" || d.Origin.Port() != "443" {
		return nil
	}
	answer, err := d.get(ctx, "http://"+d.Origin.Host()+"/")
	switch {
	case err != nil:
		return []Finding{{Warning, "HTTP", "Who types the name without https gets nothing, because nothing answers at port 80. -listen-http, or the proxy, can send them on."}}
	case answer.status/100 == 3 && strings.HasPrefix(answer.header.Get("Location"), string(d.Origin)+"/"):
		return []Finding{{Good, "HTTP", "Who comes by http is sent on to https."}}
	default:
		return []Finding{{Warning, "HTTP", "Who comes by http is not sent on to " + string(d.Origin) + "."}}
	}
}

// tolerance is how wrong a clock may be: assertions live for two minutes.
const tolerance = 30 * time.Second

// clock compares the host's clock with this machine's, and this one's with one
// that is known to be good.
func (d Doctor) clock(ctx context.Context, page answer) []Finding {
	here := d.Now()
	findings := d.compare("The host's clock", page, here)
	if d.Reference == "" {
		return findings
	}
	reference, err := d.get(ctx, d.Reference)
	if err != nil {
		return append(findings, Finding{Warning, "clock", "This machine's clock could not be compared with another one: " + err.Error() + "."})
	}
	return append(findings, d.compare("The clock of others", reference, d.Now())...)
}

func (d Doctor) compare(whose string, answer answer, here time.Time) []Finding {
	there, err := http.ParseTime(answer.header.Get("Date"))
	if err != nil {
		return []Finding{{Warning, "clock", whose + " does not show: the answer has no Date."}}
	}
	difference := there.Sub(here).Round(time.Second)
	if difference.Abs() > tolerance {
		return problem("clock", "%s differs from this machine's by %s: sign-ins will fail, because they live for two minutes. Let a time service set both.", whose, difference)
	}
	return []Finding{{Good, "clock", whose + " and this machine's agree."}}
}

// document looks at what verifiers fetch.
func (d Doctor) document(ctx context.Context) []Finding {
	if !d.Fallback {
		return nil
	}
	answer, err := d.get(ctx, string(d.Origin)+issuer.Path)
	switch {
	case err != nil:
		return problem("keys", "Verifiers cannot fetch %s: %v.", issuer.Path, err)
	case answer.status != http.StatusOK:
		return problem("keys", "Verifiers get %d for %s: a proxy keeps /.well-known to itself, or the host runs with -no-fallback.", answer.status, issuer.Path)
	}
	document, err := browserid.ParseSupportDocument([]byte(answer.body))
	if err != nil || len(document.PublicKeys) == 0 {
		return problem("keys", "What stands at %s is no support document with keys: something else answers there.", issuer.Path)
	}
	return []Finding{{Good, "keys", "Verifiers find the host's keys."}}
}
