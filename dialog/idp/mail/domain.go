package mail

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"strings"

	"golang.org/x/net/publicsuffix"

	"github.com/navid-login/navid/agent/browserid"
)

// Resolver looks up TXT records; a [net.Resolver] is one.
type Resolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
}

// Finding is what a DNS record says about mail from a domain, in a sentence for
// whoever runs the host.
type Finding struct {
	About  string // "SPF", "DKIM" or "DMARC"
	Name   string // where it was looked for
	Record string // as found; empty: none
	OK     bool   // nothing to mend
	Says   string
}

// CheckDomain looks up what other mail servers ask about mail from a domain. The
// selector names the DKIM key and is known to whoever signs the mails; without
// one DKIM is not looked up.
func CheckDomain(ctx context.Context, resolver Resolver, domain browserid.Domain, selector string) []Finding {
	findings := []Finding{checkSPF(ctx, resolver, string(domain))}
	if selector == "" {
		findings = append(findings, Finding{About: "DKIM", Says: "Not looked up: name the selector that your mail server signs with."})
	} else {
		findings = append(findings, checkDKIM(ctx, resolver, selector+"._domainkey."+string(domain)))
	}
	return append(findings, checkDMARC(ctx, resolver, string(domain)))
}

// begins tells the records of a version.
func begins(version string) func(string) bool {
	return func(text string) bool {
		rest, ok := strings.CutPrefix(text, version)
		return ok && (rest == "" || strings.ContainsAny(rest[:1], " ;"))
	}
}

// isKey tells DKIM keys, which need not name their version.
func isKey(text string) bool {
	_, ok := tags(text)["p"]
	return ok
}

// find looks for the one record of a kind.
func find(ctx context.Context, resolver Resolver, about, name string, kind func(string) bool) (Finding, bool) {
	finding := Finding{About: about, Name: name}
	texts, err := resolver.LookupTXT(ctx, name)
	var missing *net.DNSError
	if err != nil && !(errors.As(err, &missing) && missing.IsNotFound) {
		finding.Says = "The DNS does not answer: " + err.Error() + "."
		return finding, false
	}
	count := 0
	for _, text := range texts {
		if kind(text) {
			finding.Record = text
			count++
		}
	}
	if count > 1 {
		finding.Says = fmt.Sprintf("There are %d records; with more than one, receivers ignore all.", count)
	}
	return finding, count == 1
}

func checkSPF(ctx context.Context, resolver Resolver, domain string) Finding {
	finding, ok := find(ctx, resolver, "SPF", domain, begins("v=spf1"))
	if !ok {
		if finding.Says == "" {
			finding.Says = "No record: receivers cannot tell which servers may send mail of this domain, and many refuse it."
		}
		return finding
	}
	terms := strings.Fields(strings.ToLower(finding.Record))
	switch last := terms[len(terms)-1]; {
	case last == "+all" || last == "all":
		finding.Says = "Every server in the world may send mail of this domain. End the record with ~all or -all."
	case len(terms) == 2 && last == "-all":
		finding.Says = "No server may send mail of this domain, yours neither."
	case last == "-all" || last == "~all" || strings.HasPrefix(last, "redirect="):
		finding.OK = true
		finding.Says = "Only the listed servers may send mail of this domain. See that the one that sends for this host is among them."
	default:
		finding.Says = "Servers that are not listed are neither allowed nor refused. End the record with ~all or -all."
	}
	return finding
}

// tags reads "v=DKIM1; k=rsa; p=…".
func tags(record string) map[string]string {
	tags := map[string]string{}
	for part := range strings.SplitSeq(record, ";") {
		name, value, _ := strings.Cut(part, "=")
		tags[strings.TrimSpace(name)] = strings.Join(strings.Fields(value), "")
	}
	return tags
}

func checkDKIM(ctx context.Context, resolver Resolver, name string) Finding {
	finding, ok := find(ctx, resolver, "DKIM", name, isKey)
	if !ok {
		if finding.Says == "" {
			finding.Says = "No key under this name: signatures that name it count as none."
		}
		return finding
	}
	tags := tags(finding.Record)
	problem := dkimProblem(tags)
	switch {
	case tags["p"] == "":
		finding.Says = "This key was taken back: signatures by it do not count."
	case problem != "":
		finding.Says = problem
	case strings.Contains(tags["t"], "y"):
		finding.Says = "The key is marked as a test (t=y): receivers treat signed mail as unsigned."
	default:
		finding.OK = true
		finding.Says = "Receivers can check signatures by this key. See that the server that sends for this host signs with it."
	}
	return finding
}

// minDKIMBits is what receivers of today want of an RSA key.
const minDKIMBits = 2048

func dkimProblem(tags map[string]string) string {
	der, err := base64.StdEncoding.DecodeString(tags["p"])
	if err != nil {
		return "The key is no base64: it was cut or mangled on its way into the DNS."
	}
	if kind := tags["k"]; kind != "" && kind != "rsa" {
		return ""
	}
	key, err := x509.ParsePKIXPublicKey(der)
	rsaKey, ok := key.(*rsa.PublicKey)
	switch {
	case err != nil || !ok:
		return "The key is no RSA key: it was cut or mangled on its way into the DNS."
	case rsaKey.N.BitLen() < minDKIMBits:
		return fmt.Sprintf("The key has %d bits; receivers want %d.", rsaKey.N.BitLen(), minDKIMBits)
	}
	return ""
}

func checkDMARC(ctx context.Context, resolver Resolver, domain string) Finding {
	finding, ok := find(ctx, resolver, "DMARC", "_dmarc."+domain, begins("v=DMARC1"))
	parent, err := publicsuffix.EffectiveTLDPlusOne(domain)
	inherited := !ok && finding.Says == "" && err == nil && parent != domain
	if inherited {
		finding, ok = find(ctx, resolver, "DMARC", "_dmarc."+parent, begins("v=DMARC1"))
	}
	if !ok {
		if finding.Says == "" {
			finding.Says = "No record: receivers do what they like with mail that only claims to be of this domain, and large ones want a record."
		}
		return finding
	}
	tags := tags(finding.Record)
	policy := tags["p"]
	if own := tags["sp"]; inherited && own != "" {
		policy = own
	}
	finding.OK, finding.Says = dmarcPolicy(policy)
	return finding
}

func dmarcPolicy(policy string) (ok bool, says string) {
	switch strings.ToLower(policy) {
	case "reject":
		return true, "Mail that only claims to be of this domain is refused. Yours has to pass SPF or DKIM for exactly this domain."
	case "quarantine":
		return true, "Mail that only claims to be of this domain is set aside. Yours has to pass SPF or DKIM for exactly this domain."
	case "none":
		return false, "Mail that only claims to be of this domain is let through: phishers can send in its name. When all is well, say p=quarantine or p=reject."
	}
	return false, "The record names no policy (p=), and is ignored."
}
