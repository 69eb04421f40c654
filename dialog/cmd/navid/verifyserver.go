package main

import (
	"context"
	"errors"
	"flag"
	"net"
	"strconv"

	"github.com/navid-login/navid/agent/discovery"
	"github.com/navid-login/navid/dialog/verifier"
)

// verifyServer serves the verifier alone until ctx ends.
func verifyServer(ctx context.Context, args []string, std streams) (err error) {
	var config verifier.Config
	var devPort, seenFile string
	flags := newFlags("verify-server")
	listen := flags.String("listen", "127.0.0.1:8081", "`address` to listen on, for plain HTTP")
	flags.Func("dev-port", "`port` of identity providers on localhost names, over http, for development: 8080 is that of make demo", func(text string) error {
		_, err := strconv.ParseUint(text, 10, 16)
		devPort = text
		return err
	})
	seenFlag(flags, &seenFile)
	verifierFlags(flags, &config)
	if err := parseOnlyFlags(flags, args); err != nil {
		return err
	}
	seen, err := openSeen(seenFile)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, seen.Close()) }()
	log := newLog(std.stderr, false)
	config.Log, config.Discovery = log, discovery.New(discovery.Config{Log: log, Seen: seen, InsecureLocalhostPort: devPort})
	handler, err := verifier.New(config)
	if err != nil {
		return &usageError{err}
	}
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		return err
	}
	log.Info("serving", "listen", listener.Addr().String())
	return serveUntil(ctx, listener, newServer(handler, log))
}

// verifierFlags are those of a verifier, also of one within a login host.
func verifierFlags(flags *flag.FlagSet, config *verifier.Config) {
	flags.Var((*domainList)(&config.Fallbacks), "fallback",
		"`domain` that may vouch, at /verify, for the addresses of domains without an identity provider; may be repeated")
	flags.Var((*domainList)(&config.TrustedIssuers), "trust",
		"`domain` that may vouch for any address where who asks /verify says so, by trustedIssuers or experimental_forceIssuer; may be repeated")
	flags.BoolVar(&config.AllowUnverified, "allow-unverified", false,
		"let who asks /verify have addresses that are not proven, by experimental_allowUnverified")
	flags.BoolVar(&config.AllowLegacyKeys, "allow-legacy-keys", false,
		"accept, at /verify, the weak keys of 2011 to 2016: DSA, and RSA below 2047 bits")
}
