package main

import (
	"context"
	"time"

	"github.com/navid-login/navid/agent/discovery"
	"github.com/navid-login/navid/agent/verify"
	"github.com/navid-login/navid/dialog/verifier"
)

// verifyBundle verifies one bundle and prints the reply that the HTTP verifier
// would give.
func verifyBundle(ctx context.Context, args []string, std streams) error {
	config, err := parseVerify(args)
	if err != nil {
		return err
	}
	rules, err := verify.New(config)
	if err != nil {
		return &usageError{err}
	}
	bundle, err := readBundle("verify", std)
	if err != nil {
		return err
	}
	result, err := rules.Verify(ctx, bundle)
	if err != nil {
		if err := printJSON(std.stdout, verifier.Failure(err), ""); err != nil {
			return err
		}
		return errAnswered
	}
	return printJSON(std.stdout, verifier.Okay(result, string(config.Audience)), "")
}

func parseVerify(args []string) (verify.Config, error) {
	var config verify.Config
	var dev bool
	given := documents{}
	flags := newFlags("verify")
	flags.Var((*originFlag)(&config.Audience), "audience", "`origin` of the site, such as https://shop.example")
	flags.Var(given, "support", "`DOMAIN=FILE` with its support document; where any is given, nothing is asked over the network, and other domains have none")
	flags.Func("now", "`time` of the verification, such as 2026-11-21T12:00:00Z (default: now)", func(text string) error {
		now, err := time.Parse(time.RFC3339, text)
		config.Now = func() time.Time { return now }
		return err
	})
	flags.Var((*domainList)(&config.Fallbacks), "fallback", "`domain` that may vouch for the addresses of domains without an identity provider")
	flags.BoolVar(&config.AllowLegacyKeys, "allow-legacy-keys", false, "accept the weak keys of 2011 to 2016: DSA, and RSA below 2047 bits")
	flags.BoolVar(&dev, "dev", false, "look for identity providers on localhost names at the port of -audience, over http, as make demo has them")
	if err := parseOnlyFlags(flags, args); err != nil {
		return config, err
	}
	switch {
	case config.Audience == "":
		return config, badUsage("-audience is missing")
	case len(given) > 0:
		config.Discovery = given
	case !dev:
		config.Discovery = discovery.New(discovery.Config{})
	case config.Audience.Scheme() == "https":
		return config, badUsage("-dev is for an -audience such as http://rp.localhost:8080")
	default:
		config.Discovery = discovery.New(discovery.Config{InsecureLocalhostPort: config.Audience.Port()})
	}
	return config, nil
}
