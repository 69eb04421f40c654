package main

import (
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/navid-login/navid/agent/browserid"
)

// readBundle reads as much as a bundle may have, and white space around it, for a
// command. A person who has given it none is told what it waits for.
func readBundle(command string, std streams) (string, error) {
	if isTerminal(std.stdin) {
		fmt.Fprintf(std.stderr, "navid %s reads a bundle from standard input: paste one and end it with Ctrl-D, or give a file with < FILE.\n", command)
	}
	text, err := io.ReadAll(io.LimitReader(std.stdin, 2*browserid.MaxBackedBytes))
	if err != nil {
		return "", fmt.Errorf("read the bundle: %w", err)
	}
	return strings.TrimSpace(string(text)), nil
}

// isTerminal reports a terminal, or a device like it.
func isTerminal(stream any) bool {
	file, ok := stream.(fs.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&fs.ModeCharDevice != 0
}
