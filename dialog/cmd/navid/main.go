// Command navid is a login host in one program, and the tools of somebody who
// runs one or an identity provider. `navid help` lists what it can do.
//
// It exits with 0 when all went well, with 1 when something failed on the
// way, and with 2 when the command line asks for what cannot be.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

const help = `navid is a login host: it lets people sign in to sites with an e-mail address.

Usage:

  navid serve -public-url https://login.example [-listen 127.0.0.1:8080]
        serve the host, behind a proxy that speaks TLS for it
  navid serve -dev -public-url http://login.localhost:8080
        serve it for development, on a localhost name
  navid keygen [-algorithm RS256] FILE
        make a signing key for an identity provider
  navid support-document -authentication /PATH -provisioning /PATH FILE...
        print the provider's /.well-known/browserid for its keys
  navid help
        show this

-h after a command explains its flags.
`

// command is one of the program's. Its error is a [usageError], which exits
// with 2, [flag.ErrHelp], which is none, or anything else, which exits with 1.
type command func(ctx context.Context, args []string, stdout, stderr io.Writer) error

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the program without the process around it. It returns the exit
// status; serving ends when ctx does.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	commands := map[string]command{"serve": serve, "keygen": keygen, "support-document": supportDocument}
	if len(args) == 0 {
		fmt.Fprint(stderr, help)
		return exitUsage
	}
	name := args[0]
	switch name {
	case "help", "-h", "-help", "--help":
		fmt.Fprint(stdout, help)
		return exitOK
	}
	do, ok := commands[name]
	if !ok {
		fmt.Fprintf(stderr, "navid: there is no command %q; `navid help` lists them.\n", name)
		return exitUsage
	}
	err := do(ctx, args[1:], stdout, stderr)
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return exitOK
	}
	if _, ok := errors.AsType[*usageError](err); ok {
		fmt.Fprintf(stderr, "navid %s: %v. `navid %s -h` explains the flags.\n", name, err, name)
		return exitUsage
	}
	fmt.Fprintf(stderr, "navid %s: %v\n", name, err)
	return exitFailed
}
