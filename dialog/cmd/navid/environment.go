package main

import (
	"maps"
	"slices"
	"strings"
)

const variablePrefix = "NAVID_"

// notOurs are variables with our prefix that are for the project's own tests.
var notOurs = []string{"NAVID_VECTORS", "NAVID_TEST_"}

// variable is the name of a setting in the environment.
func (r row) variable() string {
	if r.flagOnly {
		return ""
	}
	return variablePrefix + strings.ToUpper(strings.ReplaceAll(r.name, "-", "_"))
}

// parseEnvironment sets what no flag has set, and refuses names that nothing
// goes by: a setting that is misspelt must not be ignored. An empty variable says
// nothing.
func (s *settings) parseEnvironment(environ []string) error {
	values := ourVariables(environ)
	if err := checkVariables(slices.Sorted(maps.Keys(values))); err != nil {
		return err
	}
	for _, r := range s.rows {
		value := values[r.variable()]
		if value == "" || s.given(r.name) {
			continue
		}
		for _, part := range s.parts(r.name, value) {
			if err := s.flags.Set(r.name, part); err != nil {
				return badUsage("%s: %w", r.variable(), err)
			}
		}
	}
	return nil
}

// repeatable is a setting that may be given several times.
type repeatable interface{ repeatable() }

// parts are the values of a variable: those of a flag that may be repeated stand
// with spaces or commas between them.
func (s *settings) parts(name, value string) []string {
	if _, ok := s.flags.Lookup(name).Value.(repeatable); !ok {
		return []string{value}
	}
	return strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' || r == '\t' })
}

func ourVariables(environ []string) map[string]string {
	values := map[string]string{}
	for _, line := range environ {
		name, value, _ := strings.Cut(line, "=")
		mine := strings.HasPrefix(name, variablePrefix)
		if mine && !slices.ContainsFunc(notOurs, func(prefix string) bool { return strings.HasPrefix(name, prefix) }) {
			values[name] = value
		}
	}
	return values
}

func checkVariables(names []string) error {
	known := knownVariables()
	for _, name := range names {
		if !slices.Contains(known, name) {
			return badUsage("the environment has %s, and there is no such setting%s", name, didYouMean(name, "", known))
		}
	}
	return nil
}

// knownVariables are those of all commands: who sets them for one runs the
// others beside it.
func knownVariables() []string {
	var names []string
	for _, table := range []*settings{new(serveOptions).settings(), new(verifyServerOptions).settings(), new(totpOptions).settings()} {
		for _, r := range table.rows {
			names = append(names, r.variable())
		}
	}
	return names
}
