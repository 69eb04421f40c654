package personal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// CardRounds is how many rounds of PBKDF2-SHA-256 one graphics card of 2022 does in a second, roughly (hashcat's mode 10900 on an
// RTX 4090). Such cards can be rented by the hour.
const CardRounds = 9_000_000_000

const (
	consonants = "bdfghjklmnprstvz"
	vowels     = "aiou"

	suggestedWords = 5
	bitsPerWord    = 16
	// SuggestedBits is the strength of what SuggestPassphrase returns: all of its passphrases are equally likely.
	SuggestedBits = suggestedWords * bitsPerWord

	minCharacters = 16
	minDifferent  = 6
)

// ErrWeakPassphrase is wrapped by the error of [CheckPassphrase].
var ErrWeakPassphrase = errors.New("weak passphrase")

// SuggestPassphrase makes a random passphrase of words that nobody has ever heard, but can say and type: 16 random bits each, as
// consonant, vowel, consonant, vowel, consonant. pages/passphrase.js makes the same.
func SuggestPassphrase() string {
	words := make([]string, suggestedWords)
	for i := range words {
		words[i] = word(binary.BigEndian.Uint16(random(2)))
	}
	return strings.Join(words, "-")
}

func word(bits uint16) string {
	return string([]byte{
		consonants[bits>>12], vowels[bits>>10&3], consonants[bits>>6&15], vowels[bits>>4&3], consonants[bits&15],
	})
}

// CheckPassphrase refuses what anybody would guess. What it lets pass may still be weak: nobody can tell by looking at a passphrase how
// many others its maker might have chosen.
func CheckPassphrase(passphrase string) error {
	different := map[rune]bool{}
	count := 0
	for _, character := range normalized(passphrase) {
		different[character] = true
		count++
	}
	if count < minCharacters {
		return fmt.Errorf("%w: %d characters, and %d are the least", ErrWeakPassphrase, count, minCharacters)
	}
	if len(different) < minDifferent {
		return fmt.Errorf("%w: it repeats itself too much", ErrWeakPassphrase)
	}
	return nil
}

// normalized is the one way to write what keyboards and copying write in several.
func normalized(passphrase string) string {
	words := strings.FieldsFunc(norm.NFKC.String(passphrase), func(r rune) bool { return strings.ContainsRune(" \t\r\n", r) })
	return strings.Join(words, " ")
}

// GuessesPerSecond is how many passphrases one graphics card tries in a second.
func GuessesPerSecond(rounds int) int { return CardRounds / rounds }
