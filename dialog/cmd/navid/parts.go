package main

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/navid-login/navid/agent/browserid"
)

// part is one of the things that a command with parts can do.
type part struct {
	name string
	do   func(ctx context.Context, args []string, std streams) error
}

// partError is what a part of a command returns.
type partError struct {
	name string // such as "keys list"
	error
}

func (e *partError) Unwrap() error { return e.error }

// doPart does what the first word says. Its error is a [partError], that of the part of a part if there is one.
func doPart(ctx context.Context, command string, parts []part, args []string, std streams) error {
	var names []string
	for _, p := range parts {
		if len(args) > 0 && args[0] == p.name {
			return named(command+" "+p.name, p.do(ctx, args[1:], std))
		}
		names = append(names, p.name)
	}
	if len(args) == 0 || strings.HasPrefix(args[0], "-") {
		if _, err := newSettings(command).parse(args, nil); err != nil {
			return err // it asks for help
		}
		return badUsage("say what to do: %s", strings.Join(names, ", "))
	}
	return badUsage("there is no navid %s %s: there are %s%s", command, args[0], strings.Join(names, ", "), didYouMean(args[0], "", names))
}

func named(name string, err error) error {
	if _, isNamed := errors.AsType[*partError](err); err == nil || isNamed {
		return err
	}
	return &partError{name, err}
}

// parseWords reads the settings and a certain number of words after them.
func (s *settings) parseWords(args, environ []string, wanted ...string) ([]string, error) {
	words, err := s.parse(args, environ)
	if err != nil {
		return nil, err
	}
	for _, word := range words {
		if strings.HasPrefix(word, "-") {
			return nil, badUsage("%s comes too late: flags go before other words", word)
		}
	}
	if len(words) != len(wanted) {
		return nil, badUsage("want navid %s %s", s.flags.Name(), strings.Join(wanted, " "))
	}
	return words, nil
}

// parseAnywhere is [settings.parseWords] for one word, which may also stand before the flags.
func (s *settings) parseAnywhere(args, environ []string, wanted string) (string, error) {
	rest, err := s.parse(args, environ)
	if err != nil {
		return "", err
	}
	if len(rest) == 0 {
		return "", badUsage("want navid %s %s", s.flags.Name(), wanted)
	}
	word := rest[0]
	if rest, err = s.parse(rest[1:], nil); err != nil {
		return "", err
	}
	if len(rest) > 0 {
		return "", badUsage("%q is one word too many: want navid %s %s", rest[0], s.flags.Name(), wanted)
	}
	return word, nil
}

// parseAddresses is [settings.parseWords] for as many addresses.
func (s *settings) parseAddresses(args, environ []string, count int) ([]string, error) {
	words, err := s.parseWords(args, environ, slices.Repeat([]string{"ADDRESS"}, count)...)
	if err != nil {
		return nil, err
	}
	for _, word := range words {
		if _, err := browserid.ParseEmail(word); err != nil {
			return nil, badUsage("%q is not an address such as ann@idp.test", word)
		}
	}
	return words, nil
}
