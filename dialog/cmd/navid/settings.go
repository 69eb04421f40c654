package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
)

// settings are those of a command, as one table. Its rows are what the flags,
// the variables of the environment, the help and the check of names are made of.
type settings struct {
	flags *flag.FlagSet
	rows  []row
	// inEnvironment says that NAVID_* variables count where no flag is given.
	inEnvironment bool
	// reads is what the command reads from standard input, for who gives it as a
	// word instead.
	reads string
}

// row is a setting as the help shows it.
type row struct {
	section  string
	name     string
	argument string // empty for a switch
	standard string // what holds where nothing is said, in words
	does     string
	flagOnly bool // no variable of the environment
}

// newSettings makes the empty table of a command.
func newSettings(command string) *settings {
	flags := flag.NewFlagSet(command, flag.ContinueOnError)
	flags.SetOutput(io.Discard) // exitStatus says what is wrong, in its own words
	flags.Usage = func() {}
	return &settings{flags: flags}
}

// add adds a setting. What holds where nothing is said is the value's own.
func (s *settings) add(value flag.Value, r row) {
	s.flags.Var(value, r.name, r.does)
	s.rows = append(s.rows, r)
}

// text adds a setting that is any text.
func (s *settings) text(target *string, r row) {
	s.flags.StringVar(target, r.name, r.standard, r.does)
	s.rows = append(s.rows, r)
}

// toggle adds a setting that is on or off.
func (s *settings) toggle(target *bool, r row) {
	s.flags.Var((*toggleFlag)(target), r.name, r.does)
	s.rows = append(s.rows, r)
}

// parse reads flags, and then the environment for what they leave open. It
// returns what follows the flags.
func (s *settings) parse(args, environ []string) ([]string, error) {
	err := s.flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		return nil, &helpWanted{s}
	}
	if err != nil {
		return nil, s.explain(err)
	}
	if s.inEnvironment {
		if err := s.parseEnvironment(environ); err != nil {
			return nil, err
		}
	}
	return s.flags.Args(), nil
}

// parseAll is [settings.parse] for a command that takes nothing but settings.
func (s *settings) parseAll(args, environ []string) error {
	rest, err := s.parse(args, environ)
	if err != nil || len(rest) == 0 {
		return err
	}
	if s.reads != "" {
		return badUsage("%q is one word too many: %s is read from standard input, as in navid %s … < FILE", rest[0], s.reads, s.flags.Name())
	}
	return badUsage("%q is one word too many: after navid %s there are flags only", rest[0], s.flags.Name())
}

// explain says which flag was meant by one that there is not.
func (s *settings) explain(err error) error {
	name, unknown := strings.CutPrefix(err.Error(), "flag provided but not defined: -")
	if !unknown {
		return &usageError{err}
	}
	return badUsage("there is no flag -%s%s", name, didYouMean(name, "-", s.names()))
}

func (s *settings) names() []string {
	names := make([]string, len(s.rows))
	for i, r := range s.rows {
		names[i] = r.name
	}
	return names
}

// given tells whether a setting was given, by flag or environment.
func (s *settings) given(name string) bool {
	var names []string
	s.flags.Visit(func(f *flag.Flag) { names = append(names, f.Name) })
	return slices.Contains(names, name)
}

// didYouMean suggests the nearest of the names, with what is written before it.
func didYouMean(word, before string, names []string) string {
	if near := nearest(word, names); near != "" {
		return fmt.Sprintf("; did you mean %s%s?", before, near)
	}
	return ""
}
