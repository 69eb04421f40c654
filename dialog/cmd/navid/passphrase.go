package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"

	"github.com/navid-login/navid/agent/issuer/personal"
)

// maxPassphraseBytes bounds what is read.
const maxPassphraseBytes = 4 << 10

// newPassphrase has a person choose a passphrase, twice, or take one that is suggested. From a file or a program it reads two lines.
func newPassphrase(ctx context.Context, std streams) (passphrase string, isSuggested bool, err error) {
	suggested := personal.SuggestPassphrase()
	asker := &asker{std: std, lines: bufio.NewReader(io.LimitReader(std.stdin, maxPassphraseBytes)), isPerson: isTerminal(std.stdin)}
	first, err := asker.ask(ctx, fmt.Sprintf("A random passphrase of %d bits: %s\nEnter takes it. Or type your own, which is not shown: ", personal.SuggestedBits, suggested))
	if err != nil {
		return "", false, err
	}
	if first == "" && asker.isPerson {
		first = suggested
	}
	if err := personal.CheckPassphrase(first); err != nil {
		return "", false, fmt.Errorf("%w: take the suggested one, or six words by dice; nothing was written", err)
	}
	again, err := asker.ask(ctx, "Type it once more, from where you have noted it: ")
	if err != nil {
		return "", false, err
	}
	if again != first {
		return "", false, errors.New("the two passphrases are not the same; nothing was written")
	}
	return first, first == suggested, nil
}

// asker reads answers that nobody looking over a shoulder should see.
type asker struct {
	std      streams
	lines    *bufio.Reader
	isPerson bool
}

// ask returns a line without its end. A person is asked for it, and can break off.
func (a *asker) ask(ctx context.Context, question string) (string, error) {
	if !a.isPerson {
		return a.line()
	}
	fmt.Fprint(a.std.stderr, question)
	defer fmt.Fprintln(a.std.stderr)
	defer hideTyping(a.std.stdin)()
	answer := make(chan error, 1)
	var line string
	go func() {
		var err error
		line, err = a.line()
		answer <- err
	}()
	select {
	case err := <-answer:
		return line, err
	case <-ctx.Done():
		return "", errors.New("broken off; nothing was written")
	}
}

func (a *asker) line() (string, error) {
	line, err := a.lines.ReadString('\n')
	if err != nil && line == "" {
		return "", errors.New("the passphrase is read from standard input, twice, on a line each, and there was none")
	}
	return strings.TrimRight(line, "\r\n"), nil
}

// hideTyping keeps the terminal from showing what is typed until show is called. Where there is no stty, it is seen.
func hideTyping(stdin io.Reader) (show func()) {
	terminal, ok := stdin.(*os.File)
	if !ok || stty(terminal, "-echo") != nil {
		return func() {}
	}
	return func() { _ = stty(terminal, "echo") } // it has worked before
}

func stty(terminal *os.File, setting string) error {
	command := exec.Command("stty", setting)
	command.Stdin = terminal
	return command.Run()
}
