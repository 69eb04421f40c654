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

// verifyOptions are the settings of `navid verify`.
type verifyOptions struct {
	verify  verify.Config
	given   documents
	now     time.Time
	dev     bool
	devPort string
}

func (o *verifyOptions) settings() *settings {
	table := newSettings("verify")
	table.reads = "the bundle"
	table.add((*originFlag)(&o.verify.Audience), row{name: "audience", argument: "ORIGIN", does: "of the site, such as https://shop.example"})
	table.add((*domainList)(&o.verify.Fallbacks), row{
		name: "fallback", argument: "DOMAIN",
		does: "may vouch for the addresses of domains without an identity provider; may be repeated",
	})
	table.toggle(&o.verify.AllowLegacyKeys, row{name: "allow-legacy-keys", does: "accept the weak keys of 2011 to 2016: DSA, and RSA below 2047 bits"})
	table.add(o.given, row{
		name: "support", argument: "DOMAIN=FILE",
		does: "the support document of a domain; may be repeated, and where any is given, nothing is asked over the network, and other domains have none",
	})
	table.add((*timeFlag)(&o.now), row{name: "now", argument: "TIME", does: "when to verify, such as 2026-11-21T12:00:00Z, instead of now"})
	table.toggle(&o.dev, row{name: "dev", does: "look for identity providers on localhost names, over http, at the port of -audience or of -dev-port"})
	table.add((*portFlag)(&o.devPort), row{name: "dev-port", argument: "PORT", does: "that port, where the site has another; it means -dev, too"})
	return table
}

func parseVerify(args []string) (verify.Config, error) {
	o := verifyOptions{given: documents{}}
	if err := o.settings().parseAll(args, nil); err != nil {
		return verify.Config{}, err
	}
	if o.verify.Audience == "" {
		return verify.Config{}, badUsage("-audience is missing: the origin of the site, such as https://shop.example")
	}
	if !o.now.IsZero() {
		o.verify.Now = func() time.Time { return o.now }
	}
	var err error
	o.verify.Discovery, err = o.discovery()
	return o.verify, err
}

// discovery is where the support documents come from.
func (o *verifyOptions) discovery() (verify.Discovery, error) {
	if len(o.given) > 0 {
		return o.given, nil
	}
	if !o.dev || o.devPort != "" {
		return discovery.New(discovery.Config{InsecureLocalhostPort: o.devPort}), nil
	}
	if o.verify.Audience.Scheme() == "https" {
		return nil, badUsage("-dev is for an -audience such as http://rp.localhost:8080; with another, say -dev-port")
	}
	return discovery.New(discovery.Config{InsecureLocalhostPort: o.verify.Audience.Port()}), nil
}
