package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"strings"
)

// helpWidth is that of a terminal.
const helpWidth = 80

// help explains the program, or one command.
func help(ctx context.Context, args []string, std streams) error {
	names, err := newSettings("help").parse(args, nil)
	if err != nil {
		return err
	}
	if len(names) == 0 {
		printHelp(std.stdout)
		return nil
	}
	explained, err := commandOf(names[0])
	if err != nil {
		return err
	}
	if len(names) > 1 && !explained.hasParts {
		return badUsage("name one command")
	}
	return explained.do(ctx, append(names[1:], "-h"), std)
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
		fmt.Fprintf(w, "  %s\n%s", line, wrap(usage.does, 8))
	}
}

// of is the command with the usages of some parts alone, or with all where none begins with the first of them.
func (c command) of(parts string) command {
	first, _, _ := strings.Cut(parts, " ")
	var own []usage
	for _, usage := range c.usages {
		if word, _, _ := strings.Cut(usage.arguments, " "); word == first {
			own = append(own, usage)
		}
	}
	if len(own) > 0 {
		c.usages = own
	}
	return c
}

// helpWanted is what a command returns when it is asked to explain itself. Its
// settings have its name.
type helpWanted struct{ settings *settings }

func (*helpWanted) Error() string { return flag.ErrHelp.Error() }

func (h *helpWanted) printTo(w io.Writer) {
	name, parts, _ := strings.Cut(h.settings.flags.Name(), " ")
	fmt.Fprint(w, "Usage:\n\n")
	for _, c := range commands() {
		if c.name == name {
			c.of(parts).printUsages(w)
		}
	}
	h.settings.printTo(w)
}

// printTo prints the table.
func (s *settings) printTo(w io.Writer) {
	if len(s.rows) == 0 {
		return
	}
	fmt.Fprint(w, "\nFlags")
	if s.inEnvironment {
		fmt.Fprint(w, ", the variables that count where they are not given, and the defaults")
	}
	fmt.Fprint(w, ":\n")
	section := "\x00"
	for _, r := range s.rows {
		if r.section != section {
			section = r.section
			fmt.Fprintf(w, "\n%s", strings.TrimPrefix(section+"\n\n", "\n\n"))
		}
		r.printTo(w, s.inEnvironment)
	}
}

func (r row) printTo(w io.Writer, withVariable bool) {
	head := strings.TrimSpace("-" + r.name + " " + r.argument)
	if withVariable {
		head = fmt.Sprintf("%-32s  %-26s", head, r.variable())
	}
	if r.standard != "" {
		head = fmt.Sprintf("%s  %s", head, r.standard)
	}
	fmt.Fprintf(w, "  %s\n%s", strings.TrimRight(head, " "), wrap(r.does, 8))
}

// wrap breaks a text into indented lines.
func wrap(text string, indent int) string {
	var lines strings.Builder
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && indent+len([]rune(line+" "+word)) > helpWidth {
			fmt.Fprintf(&lines, "%*s%s\n", indent, "", line)
			line = ""
		}
		line = strings.TrimSpace(line + " " + word)
	}
	fmt.Fprintf(&lines, "%*s%s\n", indent, "", line)
	return lines.String()
}
