package main

import (
	"fmt"
	"os"
	"strings"
)

// excuses are the reasons why some mutants may survive: nobody could tell them
// from the original. Each excuses one mutant of a place.
type excuses struct {
	file    string
	reasons map[string][]string
}

// readExcuses reads lines of a place, as in agent/verify/legacy.go:verifyDSA, a
// change and a reason, with tabs between them. Empty lines and those that begin
// with # are for the reader.
func readExcuses(file string) (excuses, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return excuses{}, err
	}
	e := excuses{file, map[string][]string{}}
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		fields := strings.SplitN(line, "\t", 3)
		if len(fields) < 3 {
			return excuses{}, fmt.Errorf("%s: %q lacks a change or a reason", file, line)
		}
		name := fields[0] + "\t" + fields[1]
		e.reasons[name] = append(e.reasons[name], fields[2])
	}
	return e, nil
}

// take returns the reason why a mutant has survived, and uses it up.
func (e excuses) take(m mutant) (reason string, found bool) {
	reasons := e.reasons[m.name()]
	if len(reasons) == 0 {
		return "", false
	}
	e.reasons[m.name()] = reasons[1:]
	return reasons[0], true
}

// check fails if a reason is left that no survivor has needed.
func (e excuses) check() error {
	for name, reasons := range e.reasons {
		if len(reasons) > 0 {
			return fmt.Errorf("%s: nothing like it has survived: %s", e.file, name)
		}
	}
	return nil
}
