// Package check tells who runs a mail domain why its identity provider does not work, and who runs a site why nobody can sign in there.
//
// [Checker.Domain] looks at a domain through [discovery.Client] itself, so that it sees what the login host sees and judges as it does:
// this package only says what each thing met on the way means, and what to do about it. It then loads the provider's two pages in the
// same way, and looks for what would keep them from doing their part. [Checker.Site] looks at the page of a site.
//
// Nothing is executed and nobody signs in: what can be seen only then is listed in [Report.Unseen].
//
// A report quotes what strangers publish, in short and escaped pieces. It is text, and to be shown as text.
package check

import (
	"context"
	"net/url"
	"slices"
	"time"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
)

// PagesTimeout bounds the visit of all pages of a check; a lookup has its own bound.
const PagesTimeout = 20 * time.Second

// Discovery looks a domain up and gets pages. [discovery.Client] is one.
type Discovery interface {
	Trace(ctx context.Context, domain browserid.Domain) *discovery.Trace
	Visit(ctx context.Context, page *url.URL) discovery.Hop
}

// Checker examines domains and sites. The zero value of all but Discovery is the strictest.
type Checker struct {
	Discovery Discovery
	// Hosts are the origins of the login host whose script the pages should have. Without any, it is the one that they do have.
	Hosts []browserid.Origin
	// Fallback is the domain of the login host as a fallback, empty if it is none: it has no pages of a provider.
	Fallback browserid.Domain
	// RevealPrivate says of private addresses what they are, for who runs the check on a machine of their own. To strangers they are
	// as good as none (G15).
	RevealPrivate bool
	// Now is the clock; nil means [time.Now].
	Now func() time.Time
}

// Severity is how bad a finding is.
type Severity string

// The severities, the worst first.
const (
	Error   Severity = "error"   // people cannot sign in
	Warning Severity = "warning" // they can, but it is slow, unsafe, or about to break
	Note    Severity = "note"    // good to know
	OK      Severity = "ok"      // as it should be
)

// severities are in the order in which they are shown.
var severities = []Severity{Error, Warning, Note, OK}

// Finding is one thing that was seen.
type Finding struct {
	Severity Severity `json:"severity"`
	// Code is a stable word for programs to branch on.
	Code string `json:"code"`
	// Says is what was seen, and Fix what to do about it; a sentence or two each.
	Says string `json:"says"`
	Fix  string `json:"fix,omitempty"`
	// URL is where.
	URL string `json:"url,omitempty"`
}

// Step is one request of the check.
type Step struct {
	What         string   `json:"what"` // such as "provisioning page"
	URL          string   `json:"url"`
	Addresses    []string `json:"addresses,omitempty"`
	TLSUntil     string   `json:"tlsUntil,omitempty"` // RFC 3339
	Status       int      `json:"status,omitempty"`
	ContentType  string   `json:"contentType,omitempty"`
	Bytes        int      `json:"bytes"`
	Milliseconds int64    `json:"milliseconds"`
	LeadsTo      string   `json:"leadsTo,omitempty"` // the next domain or URL
	Failed       bool     `json:"failed,omitempty"`
}

// Report is the result of a check.
type Report struct {
	// Subject is the domain or the URL that was examined.
	Subject string `json:"subject"`
	// Works: there is no error among the findings.
	Works bool `json:"works"`
	// Verdict is the result in a sentence.
	Verdict string `json:"verdict"`
	// Authority, Authentication and Provisioning are those of the provider, where one was found.
	Authority      browserid.Domain `json:"authority,omitempty"`
	Authentication string           `json:"authentication,omitempty"`
	Provisioning   string           `json:"provisioning,omitempty"`

	Steps    []Step    `json:"steps"`
	Findings []Finding `json:"findings"` // the worst first
	// Unseen are sentences about what a check cannot see.
	Unseen []string `json:"unseen"`
}

// Codes are those of all findings of a severity.
func (r *Report) Codes(severity Severity) []string {
	var codes []string
	for _, finding := range r.Findings {
		if finding.Severity == severity && !slices.Contains(codes, finding.Code) {
			codes = append(codes, finding.Code)
		}
	}
	return codes
}

func (r *Report) add(findings ...Finding) { r.Findings = append(r.Findings, findings...) }

// finish orders the findings and sums them up. The steps are as they came.
func (r *Report) finish(works, fails string) *Report {
	slices.SortStableFunc(r.Findings, func(a, b Finding) int {
		return slices.Index(severities, a.Severity) - slices.Index(severities, b.Severity)
	})
	r.Works = len(r.Codes(Error)) == 0
	r.Verdict = works
	if !r.Works {
		r.Verdict = fails
	}
	return r
}

func (c Checker) now() time.Time {
	if c.Now == nil {
		return time.Now()
	}
	return c.Now()
}
