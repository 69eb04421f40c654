package idp

import (
	_ "embed"
	"math/rand/v2"
	"strings"
)

//go:embed words.txt
var wordList string

// words are short, common, easy to tell apart and hurt nobody.
var words = strings.Fields(wordList)

// newWords returns two random words that let a person match a mail with the dialog
// that asked for it. They are no secret, and never the same one twice.
func newWords() string {
	first := rand.IntN(len(words))
	second := (first + 1 + rand.IntN(len(words)-1)) % len(words)
	return words[first] + " " + words[second]
}
