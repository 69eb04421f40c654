package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net/netip"
	"strings"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
)

// usageError is a command line that cannot be obeyed: a sentence without its
// full stop.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }

func (e *usageError) Unwrap() error { return e.err }

// badUsage makes a [usageError].
func badUsage(format string, args ...any) error {
	return &usageError{fmt.Errorf(format, args...)}
}

// newFlags makes the flags of a command.
func newFlags(name string) *flag.FlagSet {
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.SetOutput(io.Discard) // run says what is wrong, in its own words
	flags.Usage = func() {}
	return flags
}

// parseFlags reads the flags of a command and returns what follows them.
func parseFlags(flags *flag.FlagSet, args []string) ([]string, error) {
	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		return nil, &helpWanted{flags}
	}
	if err != nil {
		return nil, &usageError{err}
	}
	return flags.Args(), nil
}

// parseOnlyFlags is [parseFlags] for a command that takes nothing else.
func parseOnlyFlags(flags *flag.FlagSet, args []string) error {
	rest, err := parseFlags(flags, args)
	if err == nil && len(rest) > 0 {
		return badUsage("%q is not a flag", rest[0])
	}
	return err
}

// domainList is a flag that may be given several times, a domain each.
type domainList []browserid.Domain

// String implements [flag.Value].
func (d *domainList) String() string {
	return strings.Join(texts(*d), " ")
}

// Set implements [flag.Value].
func (d *domainList) Set(text string) error {
	domain, err := discovery.ParseDomain(text)
	*d = append(*d, domain)
	return err
}

// originFlag is a flag with an origin. People copy one with the slash that
// browsers show after it, which changes nothing.
type originFlag browserid.Origin

// String implements [flag.Value].
func (o *originFlag) String() string { return string(*o) }

// Set implements [flag.Value].
func (o *originFlag) Set(text string) error {
	origin, err := browserid.ParseOrigin(strings.TrimSuffix(text, "/"))
	if err != nil {
		return fmt.Errorf("want an origin such as https://shop.example: %w", err)
	}
	*o = originFlag(origin)
	return nil
}

// publicURLs is a flag that may be given several times, an origin each.
type publicURLs struct {
	first  *browserid.Origin
	others *[]browserid.Origin
}

// String implements [flag.Value]. There is no default to be shown.
func (*publicURLs) String() string { return "" }

// Set implements [flag.Value].
func (p *publicURLs) Set(text string) error {
	var origin originFlag
	if err := origin.Set(text); err != nil {
		return err
	}
	if *p.first == "" {
		*p.first = browserid.Origin(origin)
	} else {
		*p.others = append(*p.others, browserid.Origin(origin))
	}
	return nil
}

// texts are values as they are written.
func texts[T ~string](values []T) []string {
	list := make([]string, len(values))
	for i, value := range values {
		list[i] = string(value)
	}
	return list
}

// networkList is a flag with networks, or single addresses, between commas.
type networkList []netip.Prefix

// String implements [flag.Value].
func (n *networkList) String() string {
	texts := make([]string, len(*n))
	for i, network := range *n {
		texts[i] = network.String()
	}
	return strings.Join(texts, ",")
}

// Set implements [flag.Value].
func (n *networkList) Set(text string) error {
	for part := range strings.SplitSeq(text, ",") {
		if address, err := netip.ParseAddr(part); err == nil {
			part = netip.PrefixFrom(address, address.BitLen()).String()
		}
		network, err := netip.ParsePrefix(part)
		if err != nil {
			return fmt.Errorf("want networks or addresses such as 10.0.0.0/8,127.0.0.1: %w", err)
		}
		*n = append(*n, network)
	}
	return nil
}
