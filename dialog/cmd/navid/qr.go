package main

import (
	"bytes"
	"fmt"
	"io"

	"github.com/mdp/qrterminal/v3"
)

// onWhite makes a terminal of any colours show black on white, as cameras want it.
const onWhite, asBefore = "\x1b[38;5;231;48;5;16m", "\x1b[0m"

// printQR prints a text as a picture for cameras.
func printQR(w io.Writer, text string) {
	var picture bytes.Buffer
	qrterminal.GenerateWithConfig(text, qrterminal.Config{
		Level: qrterminal.M, Writer: &picture, QuietZone: 2, HalfBlocks: true,
		BlackChar: qrterminal.BLACK_BLACK, WhiteChar: qrterminal.WHITE_WHITE,
		BlackWhiteChar: qrterminal.BLACK_WHITE, WhiteBlackChar: qrterminal.WHITE_BLACK,
	})
	before, after := "", ""
	if isTerminal(w) {
		before, after = onWhite, asBefore
	}
	for line := range bytes.Lines(picture.Bytes()) {
		fmt.Fprintf(w, "%s%s%s\n", before, bytes.TrimRight(line, "\n"), after)
	}
}
