package discovery

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"sync"
	"time"

	"github.com/navid-login/navid/agent/browserid"
)

// Hop is one request as it went: for the support document of a host, or, of [Client.Visit], for a page.
type Hop struct {
	Host browserid.Domain
	URL  string
	// Asked is when, by our clock; Took is how long it took, its body included.
	Asked time.Time
	Took  time.Duration
	// Addresses are those that the name was found to have. Not all of them are public: what strangers read must not have those
	// that are not (G15). There are none where nothing was looked up.
	Addresses []netip.Addr
	// Certificates are what the server showed in TLS, its own first, whether they were believed or not.
	Certificates []*x509.Certificate
	// Status is 0 where there was no answer.
	Status int
	Header http.Header
	// Body is what was read of an answer with status 200: up to the limit, and one byte more where there was more.
	Body []byte
	// Lifetime is for how long the answer may be kept.
	Lifetime time.Duration
	// Document is what Body says, where it can be used.
	Document *browserid.SupportDocument
	// Failure is what is wrong, with this hop alone in view. It is nil of a page that has answered, whatever it said.
	Failure *Error
}

// Public reports whether address is one that anybody on the Internet may be reached at.
func Public(address netip.Addr) bool { return public(address.Unmap()) }

// visit asks for the hop's URL, and reads up to limit bytes of what is there. The error is why the answer ended early.
func (f *fetcher) visit(ctx context.Context, hop *Hop, accept string, limit int64) error {
	ctx, cancel := context.WithTimeout(ctx, HopTimeout)
	defer cancel()
	start := time.Now()
	var seen witness
	response, err := f.get(seen.watch(ctx), hop.URL, accept)
	hop.Addresses = seen.resolved()
	if err != nil {
		hop.Took, hop.Certificates = time.Since(start), unbelieved(err)
		return err
	}
	defer func() { _ = response.Body.Close() }()
	hop.Status, hop.Header, hop.Lifetime = response.StatusCode, response.Header, lifetime(response.Header)
	if response.TLS != nil {
		hop.Certificates = response.TLS.PeerCertificates
	}
	if hop.Status == http.StatusOK {
		hop.Body, err = io.ReadAll(io.LimitReader(response.Body, limit+1))
	}
	hop.Took = time.Since(start)
	return err
}

// unbelieved returns the certificates that were refused, if that is what failed.
func unbelieved(err error) []*x509.Certificate {
	refused, ok := errors.AsType[*tls.CertificateVerificationError](err)
	if !ok {
		return nil
	}
	return refused.UnverifiedCertificates
}

// witness sees the addresses that a name has. A dial may go on when its request has ended, so that it may see them later.
type witness struct {
	mu        sync.Mutex
	addresses []netip.Addr
}

func (w *witness) watch(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{DNSDone: func(info httptrace.DNSDoneInfo) {
		w.mu.Lock()
		defer w.mu.Unlock()
		for _, address := range info.Addrs {
			if address, ok := netip.AddrFromSlice(address.IP); ok {
				w.addresses = append(w.addresses, address.Unmap())
			}
		}
	}})
}

func (w *witness) resolved() []netip.Addr {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.addresses
}
