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
// that asked for it. They are no secret.
func newWords() string {
	return words[rand.IntN(len(words))] + " " + words[rand.IntN(len(words))]
}
