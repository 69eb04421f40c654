package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
	"github.com/navid-login/navid/dialog"
)

// serveOptions are the flags of `navid serve`.
type serveOptions struct {
	listen    string
	publicURL string
	dev       bool
}

// serve runs the login host until ctx ends.
func serve(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	options, err := parseServe(args, stdout)
	if errors.Is(err, flag.ErrHelp) {
		return exitOK
	}
	var handler http.Handler
	log := newLog(stderr, options.dev)
	if err == nil {
		handler, err = newHost(options, log)
	}
	if err != nil {
		fmt.Fprintf(stderr, "navid serve: %v. `navid serve -h` explains the flags.\n", err)
		return exitUsage
	}
	listener, err := net.Listen("tcp", options.listen)
	if err == nil {
		log.Info("serving", "public_url", options.publicURL, "listen", listener.Addr().String())
		err = serveUntil(ctx, listener, newServer(handler, log))
	}
	if err != nil {
		fmt.Fprintf(stderr, "navid serve: %v\n", err)
		return exitFailed
	}
	return exitOK
}

// parseServe reads the flags; the error is a sentence without its full stop.
func parseServe(args []string, stdout io.Writer) (serveOptions, error) {
	var options serveOptions
	flags := flag.NewFlagSet("navid serve", flag.ContinueOnError)
	flags.StringVar(&options.listen, "listen", "127.0.0.1:8080", "`address` to listen on, for plain HTTP")
	flags.StringVar(&options.publicURL, "public-url", "", "`origin` that browsers see, such as https://login.example")
	flags.BoolVar(&options.dev, "dev", false, "allow http and identity providers on localhost names; never for real use")
	flags.SetOutput(io.Discard)
	flags.Usage = func() {}
	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(stdout, "Flags of navid serve:")
		flags.SetOutput(stdout)
		flags.PrintDefaults()
	}
	if err != nil {
		return serveOptions{}, err
	}
	if flags.NArg() > 0 {
		return serveOptions{}, fmt.Errorf("%q is not a flag", flags.Arg(0))
	}
	if options.publicURL == "" {
		return serveOptions{}, errors.New("-public-url is missing")
	}
	return options, nil
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
