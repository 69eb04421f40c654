package check

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxQuote is how much of what a stranger says is repeated, in characters.
const maxQuote = 120

// quote repeats what a stranger says: short, on one line, with nothing in it that a terminal obeys or that turns the direction of the
// text around it.
func quote(text string) string {
	if utf8.RuneCountInString(text) > maxQuote {
		text = string([]rune(text)[:maxQuote]) + "…"
	}
	quoted := strconv.Quote(strings.ToValidUTF8(text, "\uFFFD"))
	return "“" + strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`) + "”"
}
