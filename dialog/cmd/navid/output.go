package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode"
	"unicode/utf16"
)

// printJSON prints a value on one line, or on several with an indent.
func printJSON(w io.Writer, value any, indent string) error {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // it is for people, and for no page
	encoder.SetIndent("", indent)
	if err := encoder.Encode(value); err != nil {
		return err
	}
	_, err := w.Write(printable(text.String()))
	return err
}

// printable escapes what a terminal would obey or hide, so that the claims of
// strangers can neither move the cursor nor turn the direction of the text.
func printable(text string) []byte {
	var safe []byte
	for _, r := range text {
		if r == '\n' || unicode.IsPrint(r) {
			safe = append(safe, string(r)...)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			safe = fmt.Appendf(safe, `\u%04x`, unit)
		}
	}
	return safe
}
