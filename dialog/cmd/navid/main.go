// Command navid is a login host in one program, and the tools of somebody who
// runs one, an identity provider or a site. `navid help` lists what it can do.
//
// It exits with 0 when all went well, with 1 when something failed on the
// way or an assertion is not good, and with 2 when the command line asks for
// what cannot be.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"slices"
	"syscall"
)

const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

// streams are those of the process.
type streams struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	environ        []string // NAME=value
}

// errAnswered exits with 1 and says nothing more: the answer has been given.
var errAnswered = errors.New("answered")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends at once
	os.Exit(program(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr, os.Environ()}))
}

// program is the program without the process around it. It returns the exit
// status; serving ends when ctx does.
func program(ctx context.Context, args []string, std streams) int {
	if len(args) == 0 {
		printHelp(std.stderr)
		return exitUsage
	}
	if slices.Contains([]string{"-h", "-help", "--help"}, args[0]) {
		args = []string{"help"}
	}
	chosen, err := commandOf(args[0])
	if err != nil {
		fmt.Fprintf(std.stderr, "navid: %v\n", err)
		return exitUsage
	}
	err = chosen.do(ctx, args[1:], std)
	if wanted, ok := errors.AsType[*helpWanted](err); ok {
		wanted.printTo(std.stdout)
		return exitOK
	}
	name := chosen.name
	if part, ok := errors.AsType[*partError](err); ok {
		name = part.name
	}
	return exitStatus(name, err, std.stderr)
}

// ofPackages are the names that errors of our packages begin with, for who reads
// Go. They may stand within a text, where one error wraps another.
var ofPackages = regexp.MustCompile(`\b(browserid: [a-z_]+|dialog|discovery|verify|verifier|idp): `)

// plain is an error as people read it.
func plain(err error) string { return ofPackages.ReplaceAllString(err.Error(), "") }

// exitStatus says what went wrong and returns the status for it.
func exitStatus(name string, err error, stderr io.Writer) int {
	if err == nil {
		return exitOK
	}
	if _, ok := errors.AsType[*usageError](err); ok {
		fmt.Fprintf(stderr, "navid %s: %s\n`navid %s -h` explains the flags.\n", name, plain(err), name)
		return exitUsage
	}
	if !errors.Is(err, errAnswered) {
		fmt.Fprintf(stderr, "navid %s: %s\n", name, plain(err))
	}
	return exitFailed
}
