// Command navid is a login host in one program. `navid help` lists what it
// can do.
//
// It exits with 0 when all went well, with 1 when something failed on the
// way, and with 2 when the command line asks for what cannot be.
package main

import (
	"context"
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
        serve the host behind a proxy that speaks TLS for it
  navid serve -dev -public-url http://login.localhost:8080
        serve it for development, on a localhost name
  navid help
        show this

` + "`navid serve -h` explains its flags.\n"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the program without the process around it. It returns the exit
// status; serving ends when ctx does.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	command := ""
	if len(args) > 0 {
		command = args[0]
	}
	switch command {
	case "serve":
		return serve(ctx, args[1:], stdout, stderr)
	case "help", "-h", "-help", "--help":
		fmt.Fprint(stdout, help)
		return exitOK
	case "":
		fmt.Fprint(stderr, help)
		return exitUsage
	default:
		fmt.Fprintf(stderr, "navid: there is no command %q; `navid help` lists them.\n", command)
		return exitUsage
	}
}
