package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/navid-login/navid/agent/browserid"
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
	bundle, err := readBundle(std.stdin)
	if err != nil {
		return err
	}
	rules, err := verify.New(config)
	if err != nil {
		return &usageError{err}
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
	var audience string
	given := documents{}
	flags := newFlags("verify")
	flags.StringVar(&audience, "audience", "", "`origin` of the site, such as https://shop.example")
	flags.Var(given, "support", "`DOMAIN=FILE` with its support document; where any is given, nothing is asked over the network, and other domains have none")
	flags.Func("now", "`time` of the verification, such as 2026-11-21T12:00:00Z (default: now)", func(text string) error {
		now, err := time.Parse(time.RFC3339, text)
		config.Now = func() time.Time { return now }
		return err
	})
	flags.Var((*domainList)(&config.Fallbacks), "fallback", "`domain` that may vouch for the addresses of domains without an identity provider")
	flags.BoolVar(&config.AllowLegacyKeys, "allow-legacy-keys", false, "accept the weak keys of 2011 to 2016: DSA, and RSA below 2047 bits")
	if err := parseOnlyFlags(flags, args); err != nil {
		return config, err
	}
	if audience == "" {
		return config, badUsage("-audience is missing")
	}
	origin, err := browserid.ParseOrigin(audience)
	if err != nil {
		return config, badUsage("-audience %q is not an origin such as https://shop.example: %w", audience, err)
	}
	config.Audience = origin
	config.Discovery = discovery.New(discovery.Config{})
	if len(given) > 0 {
		config.Discovery = given
	}
	return config, nil
}

// readBundle reads as much as a bundle may have, and white space around it.
func readBundle(stdin io.Reader) (string, error) {
	text, err := io.ReadAll(io.LimitReader(stdin, 2*browserid.MaxBackedBytes))
	if err != nil {
		return "", fmt.Errorf("read the bundle: %w", err)
	}
	return strings.TrimSpace(string(text)), nil
}
