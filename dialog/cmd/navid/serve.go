package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
	"github.com/navid-login/navid/dialog"
	"github.com/navid-login/navid/dialog/verifier"
)

// serveOptions are the flags of `navid serve`.
type serveOptions struct {
	listen    string
	publicURL browserid.Origin
	otherURLs []browserid.Origin
	proxies   []netip.Prefix
	dev       bool
	seenFile  string
	verifier  verifier.Config
}

// serve runs the login host until ctx ends.
func serve(ctx context.Context, args []string, std streams) (err error) {
	options, err := parseServe(args)
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

func parseServe(args []string) (serveOptions, error) {
	var options serveOptions
	flags := newFlags("serve")
	flags.StringVar(&options.listen, "listen", "", "`address` to listen on, for plain HTTP (default 127.0.0.1:8080, with -dev the port of -public-url)")
	flags.Var(&publicURLs{&options.publicURL, &options.otherURLs}, "public-url", "`origin` that browsers see, such as https://login.example; may be given again for a host with several names")
	flags.BoolVar(&options.dev, "dev", false, "allow http and identity providers on localhost names; never for real use")
	flags.Var((*networkList)(&options.proxies), "trusted-proxies",
		"`networks` of the proxies in front, such as 10.0.0.0/8,127.0.0.1, whose X-Forwarded-For is believed: with it each client may ask about 60 domains a minute, without it proxies on private addresses as many as they like")
	seenFlag(flags, &options.seenFile)
	verifierFlags(flags, &options.verifier)
	err := parseOnlyFlags(flags, args)
	if err == nil && options.publicURL == "" {
		err = badUsage("-public-url is missing")
	}
	if options.listen == "" {
		options.listen = net.JoinHostPort("127.0.0.1", options.defaultPort())
	}
	return options, err
}

// defaultPort is where to listen when nothing is said: in development browsers
// come to the public URL themselves, otherwise a proxy does.
func (o serveOptions) defaultPort() string {
	if o.dev {
		return o.publicURL.Port()
	}
	return "8080"
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
