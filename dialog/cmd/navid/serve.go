package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"

	"github.com/navid-login/navid/agent/discovery"
	"github.com/navid-login/navid/dialog"
)

// serve runs the login host until ctx ends.
func serve(ctx context.Context, args []string, std streams) (err error) {
	options, err := parseServe(args, std.environ)
	if err != nil {
		return err
	}
	log := newLog(std.stderr, options.dev)
	seen, err := openSeen(options.seenFile)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, seen.Close()) }()
	handler, err := newHost(options, seen, log)
	if err != nil {
		return &usageError{err}
	}
	listener, err := net.Listen("tcp", options.listen)
	if err != nil {
		return err
	}
	log.Info("serving", "public_url", options.publicURL, "listen", listener.Addr().String())
	return serveUntil(ctx, listener, newServer(handler, log))
}

// newHost makes the login host that the options describe.
func newHost(options serveOptions, seen discovery.SeenStore, log *slog.Logger) (http.Handler, error) {
	return dialog.New(dialog.Config{
		PublicURL:      string(options.publicURL),
		OtherURLs:      texts(options.otherURLs),
		Discovery:      discovery.New(options.discovery(seen, log)),
		Verifier:       options.verifier,
		TrustedProxies: options.proxies,
		Dev:            options.dev,
		Logger:         log,
	})
}

// discovery is how the login host finds identity providers.
func (o serveOptions) discovery(seen discovery.SeenStore, log *slog.Logger) discovery.Config {
	config := discovery.Config{Log: log, Seen: seen}
	if o.dev {
		// Development sites share the port of the login host.
		config.InsecureLocalhostPort = o.publicURL.Port()
	}
	return config
}

// newLog writes JSON, for machines; in development text, for people.
func newLog(w io.Writer, dev bool) *slog.Logger {
	if dev {
		return slog.New(slog.NewTextHandler(w, nil))
	}
	return slog.New(slog.NewJSONHandler(w, nil))
}
