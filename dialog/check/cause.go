package check

import (
	"bytes"
	"crypto/x509"
	"fmt"
	"strings"
	"time"

	"github.com/navid-login/navid/agent/discovery"
)

// fixes say what to do about each cause.
var fixes = map[discovery.Cause]string{
	discovery.CauseBusy:       "Ask again in a minute.",
	discovery.CauseLocalhost:  "For a check in development say the port with -dev-port.",
	discovery.CauseNoAddress:  "Give the name an A or AAAA record with an address on the public Internet: private ones, such as 10.0.0.1, cannot be reached from elsewhere, and are never asked.",
	discovery.CauseDNS:        "See that all name servers of the domain answer, and that DNSSEC, if it is on, is right.",
	discovery.CauseRefused:    "Have a web server listen on port 443 of the domain itself, and let it through the firewall. A mail domain that has no web server can have one for this single file.",
	discovery.CauseNoAnswer:   "See that the server is up, that port 443 passes the firewall, and that an answer takes less than eight seconds.",
	discovery.CauseConnection: "See in the server's log why it ends the connection.",

	discovery.CauseTLSName:      "Get a certificate for this very name, and have the server show it when this name is asked for (SNI).",
	discovery.CauseTLSAuthority: "Use a certificate of an authority that browsers know, such as Let's Encrypt, and send its intermediate certificates along (fullchain.pem, not cert.pem).",
	discovery.CauseTLSTime:      "Renew the certificate, and reload the server: it may still show the old one.",
	discovery.CauseTLS:          "Have the server speak https, with TLS 1.2 or 1.3, on port 443.",

	discovery.CauseMissing:    "Put the support document at /.well-known/browserid, without an ending such as .json. Many servers hide folders that begin with a dot: allow this one.",
	discovery.CauseRedirected: "Serve the document at this address itself, with status 200: no redirect is followed, not even to www or to a slash. To have it elsewhere, serve {\"authority\": \"idp.example\"} here.",
	discovery.CauseFailing:    "See in the server's log why it fails, and whether it limits how often it may be asked.",
	discovery.CauseStatus:     "Serve the document with status 200 to everybody, without a login, a cookie or a check of the browser.",
	discovery.CauseType:       "Serve the document as Content-Type: application/json. Servers guess the type by the file's ending, which this file has not got: set it for this path.",
	discovery.CauseCompressed: "Compress only where the request's Accept-Encoding allows it, or leave this file out.",
	discovery.CauseUnfinished: "See in the server's log why the answer ends early, or never ends; send a Content-Length.",
	discovery.CauseTooLarge:   "A support document has a few keys and two paths: is it the right file?",
	discovery.CauseMalformed:  "",

	discovery.CauseDisabled:            "Take \"disabled\" out of the document to have an identity provider again.",
	discovery.CauseDelegationCycle:     "Let the last one of these domains be the identity provider, with keys and paths of its own.",
	discovery.CauseDelegationTooLong:   "Delegate to the identity provider directly.",
	discovery.CauseDelegationLocalhost: "Delegate to a name on the Internet.",
}

// explain completes a finding about a failed lookup.
func explain(failure *discovery.Error, finding Finding) Finding {
	if finding.Code == "" {
		finding.Code = string(failure.Cause)
	}
	if finding.Fix == "" {
		finding.Fix = fixes[failure.Cause]
	}
	finding.Severity, finding.Says = Error, strings.TrimSpace(failure.Reason+" "+finding.Says)
	return finding
}

// failed is the finding about a hop that failed, as exactly as it can be told.
func (c Checker) failed(hop *discovery.Hop) Finding {
	finding := Finding{URL: hop.URL}
	switch hop.Failure.Cause {
	case discovery.CauseMalformed:
		finding = malformed(hop)
	case discovery.CauseRedirected:
		finding.Says = "It leads to " + quote(hop.Header.Get("Location")) + "."
	case discovery.CauseType:
		finding.Says = "Its Content-Type is " + quote(hop.Header.Get("Content-Type")) + "."
	case discovery.CauseNoAddress:
		finding = c.withoutAddress(hop)
	case discovery.CauseTLSName, discovery.CauseTLSAuthority, discovery.CauseTLSTime:
		finding = c.unbelieved(hop)
	}
	finding.URL = hop.URL
	return explain(hop.Failure, finding)
}

// withoutAddress says, to who may know, which private addresses there are.
func (c Checker) withoutAddress(hop *discovery.Hop) Finding {
	if !c.RevealPrivate || len(hop.Addresses) == 0 {
		return Finding{}
	}
	return Finding{Code: "private_address", Says: "Seen from here it leads to " + addressesOf(hop.Addresses) + ", which is not public."}
}

// unbelieved says what is in a certificate that is not believed.
func (c Checker) unbelieved(hop *discovery.Hop) (finding Finding) {
	if len(hop.Certificates) == 0 {
		return finding
	}
	leaf := hop.Certificates[0]
	now := c.now()
	switch {
	case hop.Failure.Cause == discovery.CauseTLSName:
		finding.Says = "It is for " + quote(strings.Join(leaf.DNSNames, ", ")) + "."
	case hop.Failure.Cause == discovery.CauseTLSTime && now.Before(leaf.NotBefore):
		finding.Code = "tls_not_yet_valid"
		finding.Says = "It begins on " + day(leaf.NotBefore) + "."
		finding.Fix = "Wait, or get one that is valid now. The clock of the machine that made it may be wrong."
	case hop.Failure.Cause == discovery.CauseTLSTime:
		finding.Says = "It ended on " + day(leaf.NotAfter) + "."
	case selfSigned(leaf):
		finding.Code, finding.Says = "tls_self_signed", "It is signed by itself."
	}
	return finding
}

func selfSigned(certificate *x509.Certificate) bool {
	return bytes.Equal(certificate.RawIssuer, certificate.RawSubject)
}

func day(t time.Time) string { return t.UTC().Format("2 January 2006 at 15:04 UTC") }

func minutes(d time.Duration) string {
	if d < 2*time.Minute {
		return fmt.Sprintf("%.0f seconds", d.Seconds())
	}
	return fmt.Sprintf("%.0f minutes", d.Minutes())
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }
