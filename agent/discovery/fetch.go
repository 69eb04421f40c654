package discovery

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/navid-login/navid/agent/browserid"
)

const (
	wellKnown      = "/.well-known/browserid"
	contentType    = "application/json"
	maxHeaderBytes = 16 << 10
)

// errNoDocument marks an answer that says, over verified TLS, that there is no support document: three of them over a day mean
// that a provider is gone (G12).
var errNoDocument = errors.New("no support document")

// fetcher gets one support document from one host.
type fetcher struct {
	client        *http.Client
	localhostPort string
}

func newFetcher(config Config) *fetcher {
	dial := guardedDial(config.Resolver)
	if config.InsecureDial != nil {
		dial = withTimeout(config.InsecureDial)
	}
	if config.InsecureLocalhostPort != "" {
		dial = withLocalhost(dial, config.InsecureLocalhostPort)
	}
	return &fetcher{
		localhostPort: config.InsecureLocalhostPort,
		client: &http.Client{
			Transport: &http.Transport{
				Proxy:                  nil, // a proxy from the environment would walk round the address guard (G15)
				DialContext:            dial,
				TLSHandshakeTimeout:    HopTimeout, // dials and handshakes do not end with the request
				TLSClientConfig:        &tls.Config{RootCAs: config.RootCAs, MinVersion: tls.VersionTLS12},
				DisableCompression:     true, // a small gzip can unpack to gigabytes
				DisableKeepAlives:      true, // answers are cached; strangers keep no connection
				MaxResponseHeaderBytes: maxHeaderBytes,
			},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // C3.1
		},
	}
}

// fetch gets host's document about domain. It asks with ?domain= on every hop, since a host may serve several domains (C3.6).
func (f *fetcher) fetch(ctx context.Context, host, domain browserid.Domain) Hop {
	hop := Hop{Host: host, URL: f.origin(host) + wellKnown + "?domain=" + url.QueryEscape(string(domain))}
	if isLocalhost(host) && f.localhostPort == "" {
		hop.Failure = &Error{
			State: Absent, Cause: CauseLocalhost,
			Reason: string(host) + " is this machine itself, which has a provider in development only.",
		}
		return hop
	}
	err := f.visit(ctx, &hop, contentType, MaxDocumentBytes)
	switch {
	case hop.Status == 0:
		hop.Failure = unreachable(host, err)
	default:
		hop.Failure = checkResponse(host, hop.Status, hop.Header)
	}
	if hop.Failure == nil {
		hop.Document, hop.Failure = readDocument(host, hop.Body, err)
	}
	return hop
}

func (f *fetcher) get(ctx context.Context, target, accept string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", accept)
	request.Header.Set("User-Agent", "Navid (BrowserID discovery)")
	return f.client.Do(request)
}

// origin is where host's pages and its support document are.
func (f *fetcher) origin(host browserid.Domain) string {
	if isLocalhost(host) && f.localhostPort != "" {
		return "http://" + string(host) + ":" + f.localhostPort
	}
	return "https://" + string(host)
}

// checkResponse holds the status and the headers to C3.1.
func checkResponse(host browserid.Domain, status int, header http.Header) *Error {
	switch {
	case status == http.StatusOK:
		return checkHeaders(host, header)
	case status == http.StatusNotFound, status == http.StatusGone:
		return &Error{State: Absent, Cause: CauseMissing, Err: errNoDocument, Reason: fmt.Sprintf(
			"%s has no support document: it answers %d for %s.", host, status, wellKnown)}
	case status >= 300 && status < 400:
		return &Error{State: Absent, Cause: CauseRedirected, Reason: fmt.Sprintf(
			"%s redirects %s elsewhere (%d). A support document must be served from the domain itself.", host, wellKnown, status)}
	case status >= 500, status == http.StatusTooManyRequests, status == http.StatusRequestTimeout, status == http.StatusTooEarly:
		return &Error{State: Offline, Cause: CauseFailing, Reason: fmt.Sprintf(
			"%s is in trouble: it answers %d for its support document. Try again later.", host, status)}
	default:
		return &Error{State: Absent, Cause: CauseStatus, Reason: fmt.Sprintf(
			"%s answers %d for %s, where 200 is wanted.", host, status, wellKnown)}
	}
}

func checkHeaders(host browserid.Domain, header http.Header) *Error {
	mediaType, _, _ := strings.Cut(header.Get("Content-Type"), ";")
	if !strings.EqualFold(strings.TrimSpace(mediaType), contentType) {
		return &Error{State: Absent, Cause: CauseType, Reason: fmt.Sprintf(
			"What %s serves at %s is not of the type %s.", host, wellKnown, contentType)}
	}
	if coding := header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return &Error{State: Invalid, Cause: CauseCompressed, Reason: fmt.Sprintf(
			"%s serves its support document compressed to a client that did not ask for it.", host)}
	}
	return nil
}

// readDocument reads what came of a document; err is why it ended early.
func readDocument(host browserid.Domain, data []byte, err error) (*browserid.SupportDocument, *Error) {
	if err != nil {
		return nil, &Error{State: Offline, Cause: CauseUnfinished, Err: err, Reason: fmt.Sprintf(
			"The connection to %s broke, or took too long, in the middle of its support document.", host)}
	}
	if len(data) > MaxDocumentBytes {
		return nil, &Error{State: Invalid, Cause: CauseTooLarge, Reason: fmt.Sprintf(
			"The support document of %s is larger than %d bytes.", host, MaxDocumentBytes)}
	}
	document, err := browserid.ParseSupportDocument(data)
	if err != nil {
		return nil, &Error{State: Invalid, Cause: CauseMalformed, Err: err, Reason: fmt.Sprintf(
			"The support document of %s cannot be used: %s.", host, details(err))}
	}
	return document, nil
}

// details names what is wrong and where, from the outside in, without the codes.
func details(err error) string {
	var parts []string
	for {
		broken, ok := errors.AsType[*browserid.Error](err)
		if !ok {
			return strings.Join(parts, ": ")
		}
		parts = append(parts, broken.Detail)
		err = broken.Err
	}
}
