// Package doctor looks at a login host from outside, as browsers and verifiers
// meet it, and says what is wrong and what to do about it.
package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/navid-login/navid/agent/browserid"
)

// Level is how bad a finding is.
type Level string

// The levels.
const (
	Good    Level = "ok"
	Warning Level = "warning" // people can sign in all the same
	Problem Level = "problem" // they cannot
)

// Finding is what the doctor has seen, as a sentence for whoever runs the host.
type Finding struct {
	Level Level
	About string // DNS, TLS, …
	Says  string
}

// Doctor looks at one host.
type Doctor struct {
	Origin browserid.Origin
	// Fallback: the host is to vouch for addresses, so it publishes keys.
	Fallback bool
	// Reference is a URL of somebody else's server with a good clock; empty asks
	// nobody.
	Reference string
	// Resolve looks up a name; nil is the system's.
	Resolve func(ctx context.Context, host string) ([]netip.Addr, error)
	// Dial connects; nil is the network.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Roots are whom to trust; nil is the system's.
	Roots *x509.CertPool
	// Now is the clock; nil is [time.Now].
	Now func() time.Time
}

// patience is how long one look may take, and limit how much of an answer is read.
const (
	patience = 10 * time.Second
	limit    = 64 << 10
)

// Examine looks at everything. It stops where looking further makes no sense.
func (d Doctor) Examine(ctx context.Context) []Finding {
	d.setDefaults()
	findings := d.dns(ctx)
	if worst(findings) == Problem {
		return findings
	}
	if d.Origin.Scheme() == "https" {
		findings = append(findings, d.tls(ctx)...)
		if worst(findings) == Problem {
			return findings
		}
	}
	page, err := d.get(ctx, string(d.Origin)+"/sign_in")
	if err != nil {
		return append(findings, Finding{Problem, "HTTP", "Nothing answers at " + string(d.Origin) + "/sign_in: " + err.Error() + "."})
	}
	findings = append(findings, d.page(page)...)
	findings = append(findings, d.ready(ctx)...)
	findings = append(findings, d.redirect(ctx)...)
	findings = append(findings, d.clock(ctx, page)...)
	return append(findings, d.document(ctx)...)
}

func (d *Doctor) setDefaults() {
	if d.Resolve == nil {
		d.Resolve = func(ctx context.Context, host string) ([]netip.Addr, error) {
			return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
		}
	}
	if d.Dial == nil {
		d.Dial = (&net.Dialer{}).DialContext
	}
	if d.Now == nil {
		d.Now = time.Now
	}
	if d.Origin.Scheme() == "http" {
		d.lookHere()
	}
}

// lookHere finds names below localhost on this machine, as browsers do.
func (d *Doctor) lookHere() {
	d.Resolve = func(context.Context, string) ([]netip.Addr, error) { return []netip.Addr{netip.IPv6Loopback()}, nil }
	dial := d.Dial
	d.Dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return dial(ctx, network, net.JoinHostPort("localhost", d.Origin.Port()))
	}
}

func worst(findings []Finding) Level {
	level := Good
	for _, finding := range findings {
		if finding.Level == Problem || level == Good {
			level = finding.Level
		}
	}
	return level
}

func (d Doctor) dns(ctx context.Context) []Finding {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	host := d.Origin.Host()
	addresses, err := d.Resolve(ctx, host)
	if err != nil {
		return []Finding{{Problem, "DNS", host + " leads nowhere: " + err.Error() + ". Add an A or AAAA record with the address of this machine or of the proxy in front."}}
	}
	texts := make([]string, len(addresses))
	private := false
	for i, address := range addresses {
		texts[i] = address.Unmap().String()
		private = private || address.IsPrivate() || address.IsLoopback()
	}
	findings := []Finding{{Good, "DNS", host + " leads to " + strings.Join(texts, ", ") + "."}}
	if private && d.Origin.Scheme() == "https" {
		findings = append(findings, Finding{Warning, "DNS", "Seen from here it is a private address: verifiers elsewhere cannot reach it, unless they see another one."})
	}
	return findings
}

// soon is how long before its end a certificate should have been renewed.
const soon = 14 * 24 * time.Hour

func (d Doctor) tls(ctx context.Context) []Finding {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	conn, err := d.Dial(ctx, "tcp", net.JoinHostPort(d.Origin.Host(), d.Origin.Port()))
	if err != nil {
		return []Finding{{Problem, "TLS", "Nothing listens there: " + err.Error() + ". See that the host or the proxy runs, and that no firewall keeps port " + d.Origin.Port() + " shut."}}
	}
	defer func() { _ = conn.Close() }()
	client := tls.Client(conn, &tls.Config{ServerName: d.Origin.Host(), RootCAs: d.Roots, Time: d.Now})
	if err := client.HandshakeContext(ctx); err != nil {
		return []Finding{{Problem, "TLS", "Browsers will refuse it: " + err.Error() + "."}}
	}
	leaf := client.ConnectionState().PeerCertificates[0]
	finding := Finding{Good, "TLS", "The certificate is good until " + leaf.NotAfter.UTC().Format("2 January 2006") + "."}
	if leaf.NotAfter.Sub(d.Now()) < soon {
		finding = Finding{Warning, "TLS", "The certificate ends on " + leaf.NotAfter.UTC().Format("2 January 2006 at 15:04 UTC") + ", and is not renewed yet."}
	}
	return []Finding{finding}
}

// answer is an HTTP answer that was read.
type answer struct {
	status int
	header http.Header
	body   string
}

// get fetches a URL, following nothing.
func (d Doctor) get(ctx context.Context, url string) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	client := &http.Client{
		Transport: &http.Transport{
			DialContext: d.Dial, TLSClientConfig: &tls.Config{RootCAs: d.Roots, Time: d.Now}, DisableKeepAlives: true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return answer{}, err
	}
	response, err := client.Do(request)
	if err != nil {
		return answer{}, errors.Unwrap(err) // without the URL, which the caller names
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, limit))
	return answer{response.StatusCode, response.Header, string(body)}, err
}

func problem(about, format string, args ...any) []Finding {
	return []Finding{{Problem, about, fmt.Sprintf(format, args...)}}
}
