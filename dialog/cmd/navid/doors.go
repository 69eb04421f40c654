package main

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"net/http"
	"time"

	"golang.org/x/crypto/acme/autocert"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/dialog/listen"
)

// front is the handler for everybody: the host, and the probes of a balancer,
// which knows this machine by another name than people do.
func (h *host) front(site http.Handler) http.Handler {
	mux := http.NewServeMux()
	h.probes(mux)
	mux.Handle("/", site)
	return h.metrics.Requests(mux)
}

func (h *host) probes(mux *http.ServeMux) {
	mux.HandleFunc("GET /healthz", listen.Alive)
	mux.Handle("GET /readyz", h.ready)
}

// back is the handler for the operator's own machines.
func (h *host) back() http.Handler {
	mux := http.NewServeMux()
	h.probes(mux)
	mux.Handle("GET /metrics", h.metrics.Handler())
	h.metrics.Ready(h.ready.Ready)
	return mux
}

// bind reads the certificate files and opens the listeners, before anything is
// made: a mistake in their settings leaves nothing behind.
func (h *host) bind() (err error) {
	if h.certificate != "" {
		if h.files, err = openFiles(h.certificate, h.key); err != nil {
			return err
		}
	}
	for _, door := range []struct{ setting, address string }{
		{"listen", h.serveOptions.listen}, {"listen-http", h.plainAddress()}, {"metrics", h.metricsAddress},
	} {
		if door.address == "" {
			continue
		}
		listener, err := bind(door.setting, door.address)
		if err != nil {
			return err
		}
		h.doors[door.setting] = listener
	}
	return nil
}

// listen begins to answer at the listeners: first the one for browsers.
func (h *host) listen(ctx context.Context, front http.Handler) (servers []listen.Server, err error) {
	plain := listen.Redirect(append([]browserid.Origin{h.publicURL}, h.otherURLs...))
	certificates, plain, err := h.certificates(ctx, plain)
	if err != nil {
		return nil, err
	}
	for _, door := range []struct {
		setting      string
		handler      http.Handler
		certificates listen.Certificates
	}{
		{"listen", front, certificates},
		{"listen-http", plain, nil},
		{"metrics", h.back(), nil},
	} {
		listener, bound := h.doors[door.setting]
		if !bound {
			continue
		}
		if door.certificates != nil {
			listener = listen.TLS(listener, door.certificates, listen.ChallengeProtocol)
		}
		servers = append(servers, listen.New(listener, door.handler, h.log))
	}
	return servers, nil
}

// plainAddress is where to send browsers on from.
func (h *host) plainAddress() string {
	if !h.speaksTLS() || h.listenHTTP == "off" {
		return ""
	}
	return h.listenHTTP
}

// certificates finds where TLS certificates come from, nil for no TLS. What
// answers over plain HTTP may have to answer an authority as well.
func (h *host) certificates(ctx context.Context, plain http.Handler) (listen.Certificates, http.Handler, error) {
	switch {
	case h.acme:
		manager, err := h.acmeManager(ctx)
		if err != nil {
			return nil, nil, err
		}
		h.beside(func(ctx context.Context) { listen.Fetch(ctx, manager, h.hosts(), h.log) })
		return manager.GetCertificate, manager.HTTPHandler(plain), nil
	case h.files != nil:
		if left := time.Until(h.files.Expires()); left < 14*24*time.Hour {
			h.log.Warn("the TLS certificate ends soon", "expires", h.files.Expires())
		}
		h.beside(func(ctx context.Context) { h.files.Run(ctx, h.log) })
		return h.files.Certificate, plain, nil
	default:
		return nil, plain, nil
	}
}

// acmeManager shares the certificates through the database, encrypted with a key
// that is not in it.
func (h *host) acmeManager(ctx context.Context) (*autocert.Manager, error) {
	secret, err := h.hostSecret(ctx)
	if err != nil {
		return nil, err
	}
	key, err := hkdf.Key(sha256.New, secret, nil, "navid acme certificates", sha256.Size)
	if err != nil {
		return nil, err
	}
	cache, err := h.store.Certificates(key)
	if err != nil {
		return nil, err
	}
	return listen.ACME{
		Hosts: h.hosts(), Directory: h.acmeDirectory, Email: h.acmeEmail, Cache: cache,
	}.Manager(), nil
}

// hosts are the names of the host.
func (o *serveOptions) hosts() []string {
	hosts := []string{o.publicURL.Host()}
	for _, origin := range o.otherURLs {
		hosts = append(hosts, origin.Host())
	}
	return hosts
}
