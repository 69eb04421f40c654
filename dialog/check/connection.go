package check

import (
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/navid-login/navid/agent/discovery"
)

const (
	// soon is how long before its end a certificate should have been renewed.
	soon = 14 * 24 * time.Hour
	// slow is an answer for which people wait.
	slow = 3 * time.Second
	// leeway is how far verifiers take a clock to be off, and agentLeeway how far the sign-in window does.
	leeway, agentLeeway = time.Minute, 5 * time.Minute
)

// step tells a hop in short.
func (c Checker) step(what string, hop *discovery.Hop) Step {
	step := Step{
		What: what, URL: hop.URL, Status: hop.Status, Bytes: len(hop.Body), Milliseconds: hop.Took.Milliseconds(),
		Failed: hop.Failure != nil, Addresses: texts(c.mayTell(hop.Addresses)),
	}
	if hop.Header != nil {
		step.ContentType = plainHeader(hop.Header.Get("Content-Type"))
	}
	if len(hop.Certificates) > 0 {
		step.TLSUntil = hop.Certificates[0].NotAfter.UTC().Format(time.RFC3339)
	}
	return step
}

// plainHeader is a header as a step shows it: escaped, without the marks of a quotation.
func plainHeader(value string) string { return strings.Trim(quote(value), "“”") }

// mayTell are the addresses that the reader may know.
func (c Checker) mayTell(addresses []netip.Addr) []netip.Addr {
	var told []netip.Addr
	for _, address := range addresses {
		if c.RevealPrivate || discovery.Public(address) {
			told = append(told, address)
		}
	}
	return told
}

func texts(addresses []netip.Addr) []string {
	var list []string
	for _, address := range addresses {
		list = append(list, address.String())
	}
	return list
}

func addressesOf(addresses []netip.Addr) string { return strings.Join(texts(addresses), ", ") }

// connection is what is to be said of DNS, TLS, time and clock of a hop.
func (c Checker) connection(hop *discovery.Hop) (findings []Finding) {
	told := c.mayTell(hop.Addresses)
	if len(told) > 0 {
		findings = append(findings, ok(hop, "dns", "%s leads to %s.", hop.Host, addressesOf(told)))
	}
	if c.RevealPrivate && hop.Status != 0 && hasPrivate(hop.Addresses) {
		findings = append(findings, warning(hop, "private_address", "Some of the addresses of "+string(hop.Host)+" are private.",
			"Take them out of the public DNS: others cannot reach them, and try in vain."))
	}
	if hop.Status == 0 {
		return findings
	}
	findings = append(findings, c.tls(hop)...)
	if hop.Took > slow {
		findings = append(findings, warning(hop, "slow", "The answer took "+seconds(hop.Took)+".",
			"Serve it from memory or a file: people wait for it, and after eight seconds it counts as none."))
	}
	return append(findings, c.clock(hop)...)
}

func hasPrivate(addresses []netip.Addr) bool {
	for _, address := range addresses {
		if !discovery.Public(address) {
			return true
		}
	}
	return false
}

func (c Checker) tls(hop *discovery.Hop) []Finding {
	if len(hop.Certificates) == 0 {
		return nil // in development
	}
	until := hop.Certificates[0].NotAfter
	if until.Sub(c.now()) < soon {
		return []Finding{warning(hop, "tls_ends_soon", "The TLS certificate of "+string(hop.Host)+" ends on "+day(until)+".",
			"Renew it, and see why that does not happen by itself: it is usually done a month before.")}
	}
	return []Finding{ok(hop, "tls", "The TLS certificate of %s is good until %s.", hop.Host, day(until))}
}

// clock compares the server's clock with ours: it dates the certificates that people get.
func (c Checker) clock(hop *discovery.Hop) []Finding {
	stated, err := http.ParseTime(hop.Header.Get("Date"))
	if err != nil {
		return []Finding{note(hop, "clock_unknown", "The answer has no Date, so that the server's clock cannot be compared.", "")}
	}
	off := stated.Sub(hop.Asked.Add(hop.Took / 2)).Round(time.Second)
	if off.Abs() <= leeway {
		return nil
	}
	which := "fast"
	if off < 0 {
		which = "slow"
	}
	finding := warning(hop, "clock_wrong", fmt.Sprintf("The clock of %s is %s %s.", hop.Host, off.Abs(), which),
		"Set it by NTP: certificates that are dated by it are not valid yet, or over, for everybody else.")
	if off.Abs() > agentLeeway {
		finding.Severity = Error
	}
	return []Finding{finding}
}

// headersOf is what is to be said of the headers of a document that can be read.
func headersOf(hop *discovery.Hop) []Finding {
	return []Finding{caching(hop), cors(hop)}
}

func caching(hop *discovery.Hop) Finding {
	header := hop.Header.Get("Cache-Control")
	kept := minutes(hop.Lifetime)
	switch {
	case header == "" && hop.Header.Get("Expires") == "":
		return note(hop, "caching_unsaid", "The document does not say for how long it may be kept. It is for "+kept+".",
			"Say it: Cache-Control: public, max-age=3600. A key is to be published for that long before it signs.")
	case hop.Lifetime == discovery.MinLifetime:
		return note(hop, "caching_short", "By its Cache-Control or Expires the document is not to be kept, or hardly. It is for "+kept+" all the same.",
			"Allow an hour: Cache-Control: public, max-age=3600. Each sign-in may wait for the document otherwise.")
	default:
		return ok(hop, "caching", "The document is kept for %s.", kept)
	}
}

func cors(hop *discovery.Hop) Finding {
	if hop.Header.Get("Access-Control-Allow-Origin") == "*" {
		return ok(hop, "cors", "Pages of other origins may read the document.")
	}
	return note(hop, "cors_missing", "Pages of other origins may not read the document. Nothing here needs that; tools in browsers do.",
		"Send Access-Control-Allow-Origin: * with it. It is public.")
}
