package main

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
	"github.com/navid-login/navid/dialog"
	"github.com/navid-login/navid/dialog/verifier"
)

// serveOptions are the flags of `navid serve`.
type serveOptions struct {
	listen    string
	publicURL string
	dev       bool
	verifier  verifier.Config
}

// serve runs the login host until ctx ends.
func serve(ctx context.Context, args []string, std streams) error {
	options, err := parseServe(args)
	if err != nil {
		return err
	}
	log := newLog(std.stderr, options.dev)
	handler, err := newHost(options, log)
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
	flags.StringVar(&options.publicURL, "public-url", "", "`origin` that browsers see, such as https://login.example")
	flags.BoolVar(&options.dev, "dev", false, "allow http and identity providers on localhost names; never for real use")
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
	if origin, err := browserid.ParseOrigin(o.publicURL); o.dev && err == nil {
		return origin.Port()
	}
	return "8080"
}

// newHost makes the login host that the options describe.
func newHost(options serveOptions, log *slog.Logger) (http.Handler, error) {
	config := discovery.Config{Log: log}
	if options.dev {
		// Development sites share the port of the login host: its public
		// URL names it. Whether the URL is any good is for dialog.New to say.
		origin, _ := browserid.ParseOrigin(options.publicURL)
		config.InsecureLocalhostPort = origin.Port()
	}
	return dialog.New(dialog.Config{
		PublicURL: options.publicURL,
		Discovery: discovery.New(config),
		Verifier:  options.verifier,
		Dev:       options.dev,
		Logger:    log,
	})
}

// newLog writes JSON, for machines; in development text, for people.
func newLog(w io.Writer, dev bool) *slog.Logger {
	if dev {
		return slog.New(slog.NewTextHandler(w, nil))
	}
	return slog.New(slog.NewJSONHandler(w, nil))
}
