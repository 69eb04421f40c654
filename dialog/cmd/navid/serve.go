package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/navid-login/navid/agent/discovery"
	"github.com/navid-login/navid/dialog"
	"github.com/navid-login/navid/dialog/idp"
	"github.com/navid-login/navid/dialog/idp/store"
	"github.com/navid-login/navid/dialog/listen"
	"github.com/navid-login/navid/dialog/metrics"
)

// host is a login host as it runs: what it has opened, and what it does beside
// answering.
type host struct {
	serveOptions
	log        *slog.Logger
	terminal   io.Writer               // where mails go in development
	files      *listen.Files           // of TLS; nil: there are none
	doors      map[string]net.Listener // by the settings that name their addresses
	store      *store.Store            // nil: none is needed
	seen       seenStore
	discovery  *discovery.Client
	provider   *idp.Provider // nil: no fallback
	metrics    *metrics.Metrics
	ready      *listen.Readiness
	background []func(context.Context)
	later      func(time.Duration, func()) *time.Timer
}

// serve runs the login host until ctx ends.
func serve(ctx context.Context, args []string, std streams) (err error) {
	options, err := parseServe(args, std.environ)
	if err != nil {
		return err
	}
	h := newHost(options, std.stderr)
	defer func() { err = errors.Join(err, h.close()) }()
	if options.dev {
		h.warnOfDev()
	}
	if err := h.bind(); err != nil {
		return err
	}
	if err := h.open(ctx); err != nil {
		return err
	}
	handler, err := h.handler()
	if err != nil {
		return &usageError{err}
	}
	servers, err := h.listen(ctx, h.front(handler))
	if err != nil {
		return err
	}
	if options.isBlind() {
		h.log.Warn("Without -trusted-proxies everybody behind a proxy shares one limit")
	}
	h.log.Info("serving", "public_url", h.publicURL, "listen", servers[0].Address(), "fallback", h.provider != nil)
	return h.run(ctx, servers)
}

func newHost(options serveOptions, stderr io.Writer) *host {
	log := newLog(stderr, options.dev)
	return &host{
		serveOptions: options, log: log, terminal: stderr, doors: map[string]net.Listener{},
		metrics: metrics.New(), ready: &listen.Readiness{Log: log}, later: time.AfterFunc,
	}
}

// warnOfDev says in a way that nobody overlooks what is different.
func (h *host) warnOfDev() {
	about := []string{"DEVELOPMENT: http, and providers on localhost names.", "Never let others reach it."}
	if h.mailsToLog() {
		about = []string{"DEVELOPMENT: http, providers on localhost names, and mails", "with their codes in this log. Never let others reach it."}
	}
	frame := strings.Repeat("*", 65)
	fmt.Fprintf(h.terminal, "\n  %s\n", frame)
	for _, line := range about {
		fmt.Fprintf(h.terminal, "  *  %-59s  *\n", line)
	}
	fmt.Fprintf(h.terminal, "  %s\n\n", frame)
}

// mailsToLog tells whether mails go nowhere else.
func (o *serveOptions) mailsToLog() bool { return !o.noFallback && o.smtp == "" && o.outbox == "" }

// isBlind tells whether a proxy is in front, most likely, whose word is not taken.
func (o *serveOptions) isBlind() bool { return !o.dev && !o.speaksTLS() && len(o.proxies) == 0 }

// open opens all that the host keeps.
func (h *host) open(ctx context.Context) (err error) {
	if !h.noFallback || h.acme {
		if h.store, err = h.data.open(ctx, store.WithLog(h.log)); err != nil {
			return err
		}
		h.watch("database", h.store.Ping)
		h.beside(h.sweep)
	}
	if h.seen, err = h.openSeen(); err != nil {
		return err
	}
	h.discovery = discovery.New(h.discoveryConfig(h.seen, h.log))
	if h.noFallback {
		return nil
	}
	return h.openFallback(ctx)
}

// openSeen is the memory of providers: in a file, or in the database where there
// is one.
func (h *host) openSeen() (seenStore, error) {
	if h.seenFile == "" && h.store != nil {
		return inDatabase{h.store.Seen()}, nil
	}
	return openSeen(h.seenFile)
}

// discoveryConfig is how the host finds identity providers.
func (o *serveOptions) discoveryConfig(seen discovery.SeenStore, log *slog.Logger) discovery.Config {
	config := discovery.Config{Seen: seen, Log: log}
	if o.dev {
		// Development sites share the port of the login host.
		config.InsecureLocalhostPort = o.publicURL.Port()
	}
	return config
}

// handler makes the login host that browsers see.
func (h *host) handler() (http.Handler, error) {
	return dialog.New(dialog.Config{
		PublicURL:      string(h.publicURL),
		OtherURLs:      texts(h.otherURLs),
		Discovery:      h.discovery,
		Verifier:       h.verifier,
		Fallback:       h.provider,
		TrustedProxies: h.proxies,
		Dev:            h.dev,
		Logger:         h.log,
	})
}

// beside adds something to do for as long as the host runs.
func (h *host) beside(do func(context.Context)) { h.background = append(h.background, do) }

// watch adds something without which the host is not ready.
func (h *host) watch(name string, check func(context.Context) error) {
	h.ready.Checks = append(h.ready.Checks, listen.Check{Name: name, Do: check})
}

// run serves until ctx ends. Then it tells the balancer, goes on for as long as
// that may take to notice, lets the requests under way end, and after them the
// work beside.
func (h *host) run(ctx context.Context, servers []listen.Server) error {
	working, stopWorking := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWorking()
	var work sync.WaitGroup
	for _, do := range h.background {
		work.Go(func() { do(working) })
	}
	serving, stopServing := context.WithCancel(working)
	defer stopServing()
	defer context.AfterFunc(ctx, func() {
		h.ready.End()
		h.later(h.drain, stopServing)
	})()
	err := listen.Until(serving, servers...)
	stopWorking()
	work.Wait()
	h.log.Info("ended")
	return err
}

// sweepInterval is how often what has expired is removed.
const sweepInterval = time.Minute

func (h *host) sweep(ctx context.Context) {
	ticker := time.NewTicker(sweepInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if err := h.store.Sweep(ctx, time.Now()); err != nil && ctx.Err() == nil {
			h.log.Warn("what has expired could not be removed", "error", err)
		}
	}
}

// close closes what was opened.
func (h *host) close() error {
	var errs []error
	for _, listener := range h.doors {
		_ = listener.Close() // the server has closed it already, if it came to that
	}
	if h.seen != nil {
		errs = append(errs, h.seen.Close())
	}
	if h.store != nil {
		errs = append(errs, h.store.Close())
	}
	return errors.Join(errs...)
}
