package main

import (
	"context"
	"errors"

	"github.com/navid-login/navid/agent/discovery"
	"github.com/navid-login/navid/dialog/listen"
	"github.com/navid-login/navid/dialog/verifier"
)

// verifyServerOptions are the settings of `navid verify-server`.
type verifyServerOptions struct {
	listen   string
	devPort  string
	seenFile string
	verifier verifier.Config
}

func (o *verifyServerOptions) settings() *settings {
	table := newSettings("verify-server")
	table.inEnvironment = true
	table.text(&o.listen, row{
		section: sectionPlace, name: "listen", argument: "ADDRESS", standard: "127.0.0.1:8081",
		does: "where to listen, for plain HTTP",
	})
	addVerifier(table, &o.verifier)
	table.text(&o.seenFile, seenRow)
	table.add((*portFlag)(&o.devPort), devPortRow)
	return table
}

// devPortRow is the setting of commands that verify during development.
var devPortRow = row{
	section: sectionDevelopment, name: "dev-port", argument: "PORT",
	does: "look for identity providers on localhost names at this port, over http; make demo has them at 8080",
}

// verifyServer serves the verifier alone until ctx ends.
func verifyServer(ctx context.Context, args []string, std streams) (err error) {
	var o verifyServerOptions
	if err := o.settings().parseAll(args, std.environ); err != nil {
		return err
	}
	seen, err := openSeen(o.seenFile)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, seen.Close()) }()
	log := newLog(std.stderr, false)
	o.verifier.Log, o.verifier.Discovery = log, discovery.New(discovery.Config{Log: log, Seen: seen, InsecureLocalhostPort: o.devPort})
	handler, err := verifier.New(o.verifier)
	if err != nil {
		return &usageError{err}
	}
	listener, err := bind("listen", o.listen)
	if err != nil {
		return err
	}
	log.Info("serving", "listen", listener.Addr().String())
	return listen.Until(ctx, listen.New(listener, handler, log))
}

// addVerifier adds the settings of a verifier, also of one within a login host.
func addVerifier(table *settings, config *verifier.Config) {
	table.add((*domainList)(&config.Fallbacks), row{
		section: sectionVerifier, name: "fallback", argument: "DOMAIN",
		does: "may vouch, at /verify, for the addresses of domains without an identity provider; may be repeated",
	})
	table.add((*domainList)(&config.TrustedIssuers), row{
		section: sectionVerifier, name: "trust", argument: "DOMAIN",
		does: "may vouch for any address where who asks /verify says so, by trustedIssuers or experimental_forceIssuer; may be repeated",
	})
	table.toggle(&config.AllowUnverified, row{
		section: sectionVerifier, name: "allow-unverified",
		does: "let who asks /verify have addresses that are not proven, by experimental_allowUnverified",
	})
	table.toggle(&config.AllowLegacyKeys, row{
		section: sectionVerifier, name: "allow-legacy-keys",
		does: "accept, at /verify, the weak keys of 2011 to 2016: DSA, and RSA below 2047 bits",
	})
}
