package discovery

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"github.com/navid-login/navid/agent/browserid"
)

// maxNameBytes bounds a name before it is converted: its A-labels are at most [browserid.MaxDomainBytes] long, and what a person
// types for one byte of them is rarely more than four.
const maxNameBytes = 4 * browserid.MaxDomainBytes

// ParseDomain reads a domain as people write it, with international labels in their own script, in A-labels or mixed, and
// returns it as it is on the wire (B6.3, UTS #46 non-transitional, the profile for lookups). A name in ASCII is read as
// [browserid.ParseDomain] does. The error is [browserid.CodeDomain].
func ParseDomain(name string) (browserid.Domain, error) {
	if isASCII(name) {
		return browserid.ParseDomain(name)
	}
	if len(name) > maxNameBytes || !utf8.ValidString(name) {
		return "", &browserid.Error{Code: browserid.CodeDomain, Detail: "too long, or not UTF-8"}
	}
	ascii, err := idna.Lookup.ToASCII(name)
	if err != nil {
		return "", &browserid.Error{Code: browserid.CodeDomain, Detail: "not an international domain name", Err: err}
	}
	return browserid.ParseDomain(ascii) // which also refuses the IP addresses that fullwidth digits spell
}

// Display returns the domain as it may be shown to people: in its own scripts where nobody could take it for another name, and
// otherwise as it is on the wire. It is never for comparing or sending.
//
// What is shown in its own script is what a reader can tell apart: each label of letters of one script that are in use today
// (or of several that are written together, as in Japanese), and not all of them twins of Latin ones.
func Display(domain browserid.Domain) string {
	if !strings.Contains(string(domain), "xn--") {
		return string(domain)
	}
	name, err := idna.Lookup.ToUnicode(string(domain))
	if err != nil || !distinct(name) {
		return string(domain)
	}
	if back, err := ParseDomain(name); err != nil || back != domain { // two spellings on the wire, one on the screen
		return string(domain)
	}
	return name
}

// distinct reports whether no label can be taken for another. Right-to-left labels beside others are seen in another order than
// they have, so that a name has them throughout or is not shown.
func distinct(name string) bool {
	rightToLeft, labels := 0, 0
	for label := range strings.SplitSeq(name, ".") {
		labels++
		if isASCII(label) {
			continue
		}
		script := scriptOf(label)
		if script == nil || onlyTwins(label) {
			return false
		}
		if script.rightToLeft {
			rightToLeft++
		}
	}
	return rightToLeft == 0 || rightToLeft == labels
}

// script is a set of letters that may stand together in a label, beside ASCII digits and hyphens.
type script struct {
	letters     []*unicode.RangeTable
	rightToLeft bool
}

// scripts are those in which a label may be shown. A label in another one, or in letters of several that nobody mixes, is not.
var scripts = []script{
	{letters: []*unicode.RangeTable{latin}},
	{letters: []*unicode.RangeTable{greek}},
	{letters: []*unicode.RangeTable{cyrillic}},
	{letters: []*unicode.RangeTable{unicode.Hebrew}, rightToLeft: true},
	{letters: []*unicode.RangeTable{unicode.Arabic}, rightToLeft: true},
	{letters: []*unicode.RangeTable{unicode.Devanagari}},
	{letters: []*unicode.RangeTable{unicode.Thai}},
	{letters: []*unicode.RangeTable{unicode.Hangul, unicode.Han}},
	{letters: []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, longVowel}},
}

// Of the alphabets that are close to each other, the letters of living languages. Left out are twins of ASCII letters that few
// people know: the dotless i, kra, thorn, the phonetic alphabet, Cyrillic letters of Komi and Kurdish.
var (
	latin = &unicode.RangeTable{LatinOffset: 3, R16: []unicode.Range16{
		{Lo: 'a', Hi: 'z', Stride: 1},
		{Lo: 'ß', Hi: 'ö', Stride: 1},
		{Lo: 'ø', Hi: 'ý', Stride: 1},
		{Lo: 'ÿ', Hi: 'į', Stride: 1},
		{Lo: 'ĵ', Hi: 'ķ', Stride: 1},
		{Lo: 'ĺ', Hi: 'ľ', Stride: 1},
		{Lo: 'ł', Hi: 'ň', Stride: 1},
		{Lo: 'ŋ', Hi: 'ž', Stride: 1},
		{Lo: 'ơ', Hi: 'ơ', Stride: 1}, // Vietnamese, as the last ones
		{Lo: 'ư', Hi: 'ư', Stride: 1},
		{Lo: 'ș', Hi: 'ț', Stride: 1},
		{Lo: 'ạ', Hi: 'ỹ', Stride: 1},
	}}
	greek     = &unicode.RangeTable{R16: []unicode.Range16{{Lo: 'ΐ', Hi: 'ώ', Stride: 1}}}
	cyrillic  = &unicode.RangeTable{R16: []unicode.Range16{{Lo: 'а', Hi: 'џ', Stride: 1}, {Lo: 'ґ', Hi: 'ӹ', Stride: 1}}}
	longVowel = &unicode.RangeTable{R16: []unicode.Range16{{Lo: 'ー', Hi: 'ー', Stride: 1}}}
)

// twins look like ASCII letters, digits or punctuation. A label of nothing else is not shown.
const twins = "ανορυικγηχετωςάίόύήέώϊϋΐΰ" +
	"асеорхуікһјѕгпьъшзёїўүҽӏ" +
	"וןסיחד" + "اه" + "०" + "ทนบพรห๐" +
	"一丨丶丿口〇ニハロノヘへーㅡㅣㅇ"

// scriptOf returns the script that has all letters of label, or nil.
func scriptOf(label string) *script {
	for i := range scripts {
		foreign := func(r rune) bool { return !isASCIISign(r) && !unicode.IsOneOf(scripts[i].letters, r) }
		if strings.IndexFunc(label, foreign) < 0 {
			return &scripts[i]
		}
	}
	return nil
}

func onlyTwins(label string) bool {
	return strings.IndexFunc(label, func(r rune) bool { return !isASCIISign(r) && !strings.ContainsRune(twins, r) }) < 0
}

// isASCIISign tells what labels of all scripts may have.
func isASCIISign(r rune) bool { return '0' <= r && r <= '9' || r == '-' }

func isASCII(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}
