package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
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

// parseFlags reads the flags of a command and returns what follows them. When
// asked for help, it gives it and returns [flag.ErrHelp].
func parseFlags(flags *flag.FlagSet, args []string, stdout io.Writer) ([]string, error) {
	flags.SetOutput(io.Discard) // run says what is wrong, in its own words
	flags.Usage = func() {}
	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprintf(stdout, "Flags of %s:\n", flags.Name())
		flags.SetOutput(stdout)
		flags.PrintDefaults()
		return nil, err
	}
	if err != nil {
		return nil, &usageError{err}
	}
	return flags.Args(), nil
}
