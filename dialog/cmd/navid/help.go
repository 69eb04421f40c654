package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"strings"
)

// help explains the program, or one command.
func help(ctx context.Context, args []string, std streams) error {
	names, err := parseFlags(newFlags("help"), args)
	if err != nil {
		return err
	}
	if len(names) > 1 {
		return badUsage("name one command")
	}
	if len(names) == 0 {
		printHelp(std.stdout)
		return nil
	}
	explained, err := commandOf(names[0])
	if err != nil {
		return err
	}
	return explained.do(ctx, []string{"-h"}, std)
}

func printHelp(w io.Writer) {
	fmt.Fprint(w, "navid lets people sign in to sites with an e-mail address.\n\nUsage:\n\n")
	for _, c := range commands() {
		c.printUsages(w)
	}
	fmt.Fprint(w, "\nThe exit status is 0 when all went well, 1 when something failed or an assertion\nis not good, and 2 when the command line asks for what cannot be.\n")
}

func (c command) printUsages(w io.Writer) {
	for _, usage := range c.usages {
		line := strings.TrimSpace("navid " + c.name + " " + usage.arguments)
		fmt.Fprintf(w, "  %s\n        %s\n", line, usage.does)
	}
}

// helpWanted is what a command returns when it is asked to explain itself. The
// flags have its name.
type helpWanted struct{ flags *flag.FlagSet }

func (*helpWanted) Error() string { return flag.ErrHelp.Error() }

func (h *helpWanted) printTo(w io.Writer) {
	var flags strings.Builder
	h.flags.SetOutput(&flags)
	h.flags.PrintDefaults()
	fmt.Fprint(w, "Usage:\n\n")
	for _, c := range commands() {
		if c.name == h.flags.Name() {
			c.printUsages(w)
		}
	}
	if flags.Len() > 0 {
		fmt.Fprintf(w, "\nFlags:\n\n%s", flags.String())
	}
}
