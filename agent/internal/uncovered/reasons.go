package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
)

// reason is why some blocks of a function are not covered.
type reason struct {
	blocks int
	text   string
}

// readReasons reads lines of a function, a number of blocks and a reason, with
// white space between them. Empty lines and those that begin with # are for the
// reader.
func readReasons(name string) (map[string]reason, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	reasons := map[string]reason{}
	for line := range strings.Lines(string(data)) {
		fields := strings.Fields(line)
		if len(fields) == 0 || strings.HasPrefix(fields[0], "#") {
			continue
		}
		if len(fields) < 3 {
			return nil, fmt.Errorf("%s: %q lacks a number of blocks or a reason", name, strings.TrimSpace(line))
		}
		blocks, err := strconv.Atoi(fields[1])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if _, twice := reasons[fields[0]]; twice {
			return nil, fmt.Errorf("%s: %s is there twice", name, fields[0])
		}
		reasons[fields[0]] = reason{blocks, strings.Join(fields[2:], " ")}
	}
	return reasons, nil
}

// judge prints the uncovered blocks with their reasons, and fails for those
// without one.
func judge(w io.Writer, found map[string][]block, reasons map[string]reason) error {
	good := true
	for _, name := range slices.Sorted(maps.Keys(found)) {
		why := reasons[name]
		text := why.text
		if len(found[name]) > why.blocks {
			good = false
			text = fmt.Sprintf("NO REASON for %d of them: test them, or give one", len(found[name])-why.blocks)
		}
		for _, b := range found[name] {
			fmt.Fprintf(w, "%s:%d-%d\t%s\n", b.file, b.line, b.last, strings.TrimPrefix(name, b.file+":"))
		}
		fmt.Fprintf(w, "\t%s\n", text)
	}
	for _, name := range slices.Sorted(maps.Keys(reasons)) {
		if err := exists(name); err != nil {
			good = false
			fmt.Fprintf(w, "%s\n\tREASON FOR NOTHING: %v\n", name, err)
		}
	}
	if !good {
		return errors.New("not all is covered or excused")
	}
	return nil
}

// exists looks for a function that a reason names.
func exists(name string) error {
	file, _, _ := strings.Cut(name, ":")
	functions, err := functionsOf(file)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(functions, func(f span) bool { return f.name == name }) {
		return errors.New("there is no such function")
	}
	return nil
}
