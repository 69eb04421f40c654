package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
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

// helpWanted is what a command returns when it is asked to explain its flags.
type helpWanted struct{ flags *flag.FlagSet }

func (*helpWanted) Error() string { return flag.ErrHelp.Error() }

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
	names := make([]string, len(*d))
	for i, domain := range *d {
		names[i] = string(domain)
	}
	return strings.Join(names, " ")
}

// Set implements [flag.Value].
func (d *domainList) Set(text string) error {
	domain, err := discovery.ParseDomain(text)
	*d = append(*d, domain)
	return err
}
