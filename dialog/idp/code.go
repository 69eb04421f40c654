package idp

import (
	"regexp"
	"strings"
	"time"
)

// MaxCodeText bounds what a code may be pasted as, in bytes.
const MaxCodeText = 1 << 10

// codeDigits is how many digits a code has.
const codeDigits = 6

// groups matches six digits, alone or in two groups.
var groups = regexp.MustCompile(`\b([0-9]{3})[ .-]?([0-9]{3})\b`)

// joints are what people put between digits.
var joints = strings.NewReplacer(" ", "", "-", "", ".", "", "\t", "", "\r", "", "\n", "")

// ParseCode finds the six digits in what a person typed or pasted: alone, in
// groups as in "123 456" or "1-2-3-4-5-6", or within a line of the mail. It is
// false where there is no code, or more than one.
func ParseCode(text string) (string, bool) {
	if len(text) > MaxCodeText {
		return "", false
	}
	text = strings.Map(plainDigit, text)
	if digits := joints.Replace(text); len(digits) == codeDigits && isDigits(digits) {
		return digits, true
	}
	code := ""
	for _, group := range groups.FindAllStringSubmatch(text, -1) {
		if found := group[1] + group[2]; code == "" || code == found {
			code = found
		} else {
			return "", false
		}
	}
	return code, code != ""
}

// plainDigit turns the digits and spaces of other keyboards into those of ASCII.
func plainDigit(r rune) rune {
	switch {
	case r >= '０' && r <= '９': // full width
		return r - '０' + '0'
	case r >= '٠' && r <= '٩': // Arabic
		return r - '٠' + '0'
	case r >= '۰' && r <= '۹': // Persian
		return r - '۰' + '0'
	case r == '\u00a0', r == '\u2009', r == '\u202f': // spaces that do not break
		return ' '
	case r == '\u2010', r == '\u2011', r == '\u2013':
		return '-'
	case r > 0x7f:
		return 'x'
	}
	return r
}

func isDigits(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

// open returns the codes of a challenge that may still be tried.
func (c *Challenge) open(limits Limits, now time.Time) ([]*Code, error) {
	if !c.Spent.IsZero() {
		return nil, refuse(CodeSpent, "This code has been used already.")
	}
	var open []*Code
	worn := false
	for i := range c.Codes {
		code := &c.Codes[i]
		switch {
		case !now.Before(code.Expires):
		case code.Tries >= limits.TriesPerCode:
			worn = true
		default:
			open = append(open, code)
		}
	}
	switch {
	case len(open) > 0:
		return open, nil
	case worn:
		return nil, refuse(CodeSpent, "There were too many wrong codes. Please ask for a new one.")
	}
	return nil, refuse(CodeExpired, "This code is too old. Please ask for a new one.")
}
