package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
)

// command is one of the program's.
type command struct {
	name string
	// usages are what may follow the name, with what it does then.
	usages []usage
	// do returns nil, which exits with 0, a [usageError], which exits with 2, or
	// anything else, which exits with 1. A [helpWanted] is no error.
	do func(ctx context.Context, args []string, std streams) error
}

type usage struct{ arguments, does string }

// commands are in the order of the help.
func commands() []command {
	return []command{
		{"serve", []usage{
			{"-public-url https://login.example [-listen 127.0.0.1:8080]", "serve the login host, behind a proxy that speaks TLS for it"},
			{"-dev -public-url http://login.localhost:8080", "serve it for development, on a localhost name"},
		}, serve},
		{"verify-server", []usage{
			{"[-listen 127.0.0.1:8081] [-fallback DOMAIN]...", "serve the verifier alone: POST /verify and /v2, for servers"},
		}, verifyServer},
		{"verify", []usage{
			{"-audience ORIGIN [-fallback DOMAIN]... < BUNDLE", "verify what a browser sent to the site at ORIGIN, and say so in JSON"},
			{"-audience ORIGIN -support DOMAIN=FILE... [-now TIME] < BUNDLE", "do so offline, with the support documents of the domains"},
		}, verifyBundle},
		{"decode", []usage{{"< BUNDLE", "print what is in a bundle, without checking its signatures"}}, decode},
		{"keygen", []usage{{"[-algorithm RS256] FILE", "make a signing key for an identity provider"}}, keygen},
		{"support-document", []usage{
			{"-authentication /PATH -provisioning /PATH FILE...", "print the provider's /.well-known/browserid for its keys"},
		}, supportDocument},
	}
}

func commandOf(name string) (command, bool) {
	all := commands()
	i := slices.IndexFunc(all, func(c command) bool { return c.name == name })
	if i < 0 {
		return command{}, false
	}
	return all[i], true
}

func printHelp(w io.Writer) {
	fmt.Fprint(w, "navid lets people sign in to sites with an e-mail address.\n\nUsage:\n\n")
	for _, c := range commands() {
		c.printUsages(w)
	}
	fmt.Fprint(w, "  navid help\n        show this\n\n-h after a command explains its flags.\n")
}

func (c command) printUsages(w io.Writer) {
	for _, usage := range c.usages {
		fmt.Fprintf(w, "  navid %s %s\n        %s\n", c.name, usage.arguments, usage.does)
	}
}

// printHelp explains one command.
func (c command) printHelp(w io.Writer, flags *flag.FlagSet) {
	var explained strings.Builder
	flags.SetOutput(&explained)
	flags.PrintDefaults()
	fmt.Fprint(w, "Usage:\n\n")
	c.printUsages(w)
	if explained.Len() > 0 {
		fmt.Fprintf(w, "\nFlags:\n\n%s", explained.String())
	}
}
