package main

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

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

// domainList is a flag that may be given several times, a domain each.
type domainList []browserid.Domain

// String implements [flag.Value].
func (d *domainList) String() string {
	return strings.Join(texts(*d), " ")
}

// Set implements [flag.Value].
func (d *domainList) Set(text string) error {
	domain, err := discovery.ParseDomain(text)
	if err != nil {
		return fmt.Errorf("want a domain such as login.example: %w", err)
	}
	*d = append(*d, domain)
	return nil
}

func (*domainList) repeatable() {}

// originFlag is a flag with an origin. People copy one with the slash that
// browsers show after it, which changes nothing.
type originFlag browserid.Origin

// String implements [flag.Value].
func (o *originFlag) String() string { return string(*o) }

// Set implements [flag.Value].
func (o *originFlag) Set(text string) error {
	origin, err := browserid.ParseOrigin(strings.TrimSuffix(text, "/"))
	if _, rest, found := strings.Cut(text, "://"); err != nil && found && strings.ContainsAny(rest, "/?#") {
		err = errors.New("an origin ends with the host, or the port")
	}
	if err != nil {
		return fmt.Errorf("want an origin such as https://shop.example: %w%s", err, originMeant(text))
	}
	*o = originFlag(origin)
	return nil
}

// originList is a flag that may be given several times, an origin each.
type originList []browserid.Origin

// String implements [flag.Value].
func (o *originList) String() string { return strings.Join(texts(*o), " ") }

// Set implements [flag.Value].
func (o *originList) Set(text string) error {
	var origin originFlag
	if err := origin.Set(text); err != nil {
		return err
	}
	*o = append(*o, browserid.Origin(origin))
	return nil
}

func (*originList) repeatable() {}

// originMeant suggests the origin that is in a text: people leave out the scheme,
// and copy whole addresses of pages.
func originMeant(text string) string {
	scheme, rest, found := strings.Cut(text, "://")
	if !found {
		scheme, rest = "https", text
	}
	authority, _, _ := strings.Cut(rest, "/")
	for _, scheme := range []string{scheme, "https"} {
		if origin, err := browserid.ParseOrigin(scheme + "://" + authority); err == nil {
			return "; did you mean " + string(origin) + "?"
		}
	}
	return ""
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

func (*publicURLs) repeatable() {}

// timeFlag is a flag with a time.
type timeFlag time.Time

// String implements [flag.Value].
func (*timeFlag) String() string { return "" }

// Set implements [flag.Value].
func (t *timeFlag) Set(text string) error {
	parsed, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return errors.New("want a time such as 2026-11-21T12:00:00Z, or 2026-11-21T13:00:00+01:00")
	}
	*t = timeFlag(parsed)
	return nil
}

// portFlag is a flag with a port.
type portFlag string

// String implements [flag.Value].
func (p *portFlag) String() string { return string(*p) }

// Set implements [flag.Value].
func (p *portFlag) Set(text string) error {
	if number, err := strconv.ParseUint(text, 10, 16); err != nil || number == 0 {
		return errors.New("want a port such as 8080")
	}
	*p = portFlag(text)
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
			return fmt.Errorf("want networks or addresses such as 10.0.0.0/8,127.0.0.1, and %q is neither", part)
		}
		*n = append(*n, network)
	}
	return nil
}

func (*networkList) repeatable() {}

// countFlag is a flag with a number that is more than none.
type countFlag int

// String implements [flag.Value].
func (c *countFlag) String() string { return strconv.Itoa(int(*c)) }

// Set implements [flag.Value].
func (c *countFlag) Set(text string) error {
	number, err := strconv.Atoi(text)
	if err != nil || number < 1 {
		return errors.New("want a number such as 1000")
	}
	*c = countFlag(number)
	return nil
}

// toggleFlag is a flag that is on or off.
type toggleFlag bool

// String implements [flag.Value].
func (f *toggleFlag) String() string { return strconv.FormatBool(bool(*f)) }

// Set implements [flag.Value].
func (f *toggleFlag) Set(text string) error {
	on, err := strconv.ParseBool(text)
	if err != nil {
		return errors.New("want true or false")
	}
	*f = toggleFlag(on)
	return nil
}

// IsBoolFlag lets the flag stand without a value, for package flag.
func (*toggleFlag) IsBoolFlag() bool { return true }

// durationFlag is a flag with a time that passes.
type durationFlag time.Duration

// String implements [flag.Value].
func (d *durationFlag) String() string { return time.Duration(*d).String() }

// Set implements [flag.Value].
func (d *durationFlag) Set(text string) error {
	parsed, err := time.ParseDuration(text)
	if err != nil || parsed < 0 {
		return errors.New("want a duration such as 10s")
	}
	*d = durationFlag(parsed)
	return nil
}
