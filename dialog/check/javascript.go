package check

import (
	"slices"
	"strings"
)

// call is a place where a script opens the sign-in window.
type call struct {
	name string // request or get
	line int
	late string // why that may be too late after a click; empty if it is not
}

// delayed are the functions that call what they are given when the click is long over.
var delayed = map[string]string{
	"then": "in .then()", "catch": "in .catch()", "finally": "in .finally()",
	"setTimeout": "in setTimeout()", "setInterval": "in setInterval()",
	"requestAnimationFrame": "in requestAnimationFrame()", "requestIdleCallback": "in requestIdleCallback()",
}

// scope is an open bracket, and what is known of what stands in it.
type scope struct {
	bracket    string
	callee     string // of a parenthesis: what stands before it
	isFunction bool   // of a brace: it is a function's body
	hasAwaited bool   // of a function: an await was before
}

// signInCalls finds the calls of navigator.id.request and navigator.id.get in a script. It knows words and brackets, and no grammar:
// good enough for a guess.
func signInCalls(source string) (calls []call) {
	r := reader{tokens: tokenize(source), scopes: []scope{{isFunction: true}}} // the script itself
	for i, t := range r.tokens {
		r.read(i)
		if (t.text == "request" || t.text == "get") && r.opensWindow(i) {
			calls = append(calls, call{t.text, t.line, tooLate(r.scopes)})
		}
	}
	return calls
}

// reader follows the brackets of a script.
type reader struct {
	tokens []token
	scopes []scope
	closed scope // the one that was closed last
}

// arrow is the scope of a function that is an expression, and so has no braces.
const arrow = "=>"

func (r *reader) read(i int) {
	text, before := r.text(i), r.text(i-1)
	r.endArrow(i)
	switch text {
	case "(", "[":
		r.open(scope{bracket: text, callee: before})
	case "{":
		r.open(scope{bracket: text, isFunction: r.beginsFunction(before)})
	case arrow:
		if r.text(i+1) != "{" {
			r.open(scope{bracket: arrow, isFunction: true})
		}
	case ")", "]", "}":
		r.close()
	case "await":
		if r.opensWindow(i + 5) { // what is awaited is the sign-in itself
			return
		}
		if inner := innermostFunction(r.scopes); inner > 0 { // at the top of a module it waits before any click
			r.scopes[inner].hasAwaited = true
		}
	}
}

// endArrow ends functions without braces where their expression does: at a closing bracket, a comma, a semicolon, or, it seems, a line.
func (r *reader) endArrow(i int) {
	text := r.text(i)
	ends := strings.Contains(")]},;", text)
	if i > 0 && r.tokens[i].line > r.tokens[i-1].line && isWord(text[0]) {
		ends = ends || isWord(r.text(i - 1)[0]) || strings.Contains(")]}", r.text(i-1))
	}
	for ends && r.scopes[len(r.scopes)-1].bracket == arrow {
		r.close()
	}
}

func (r *reader) open(s scope) { r.scopes = append(r.scopes, s) }

func (r *reader) close() {
	if last := len(r.scopes) - 1; last > 0 {
		r.closed, r.scopes = r.scopes[last], r.scopes[:last]
	}
}

// beginsFunction tells whether a brace after this word is that of a function's body.
func (r *reader) beginsFunction(before string) bool {
	notFunctions := []string{"if", "for", "while", "switch", "catch", "with"}
	return before == arrow || before == ")" && r.closed.bracket == "(" && !slices.Contains(notFunctions, r.closed.callee)
}

func (r *reader) opensWindow(i int) bool {
	return r.text(i-1) == "." && r.text(i-2) == "id" && r.text(i-3) == "." && r.text(i-4) == "navigator" && r.text(i+1) == "("
}

func (r *reader) text(i int) string {
	if i < 0 || i >= len(r.tokens) {
		return ""
	}
	return r.tokens[i].text
}

func innermostFunction(scopes []scope) int {
	for i := len(scopes) - 1; i > 0; i-- {
		if scopes[i].isFunction {
			return i
		}
	}
	return 0
}

// tooLate goes outward through functions that are called where they stand, as those of forEach are, to one that is called later, or
// by a click.
func tooLate(scopes []scope) string {
	for {
		inner := innermostFunction(scopes)
		if scopes[inner].hasAwaited {
			return "after an await"
		}
		if inner == 0 || scopes[inner-1].bracket != "(" {
			return ""
		}
		callee := scopes[inner-1].callee
		if late, found := delayed[callee]; found {
			return late
		}
		if callee == "addEventListener" || callee == "on" {
			return ""
		}
		scopes = scopes[:inner]
	}
}

// token is a word or a sign of a script, strings and comments left out.
type token struct {
	text string
	line int
}

// tokenize splits a script. A regular expression is taken for a division, which at worst spoils a guess.
func tokenize(source string) (tokens []token) {
	line := 1
	for i := 0; i < len(source); {
		end := i + 1
		switch c := source[i]; {
		case strings.HasPrefix(source[i:], "//"):
			end = until(source, i, "\n")
		case strings.HasPrefix(source[i:], "/*"):
			end = until(source, i+2, "*/")
		case c == '"' || c == '\'' || c == '`':
			end = endOfText(source, i)
		case isWord(c):
			for end < len(source) && isWord(source[end]) {
				end++
			}
			tokens = append(tokens, token{source[i:end], line})
		case strings.HasPrefix(source[i:], "=>"):
			end = i + 2
			tokens = append(tokens, token{"=>", line})
		case strings.HasPrefix(source[i:], "?."):
			end = i + 2
			tokens = append(tokens, token{".", line})
		case c > ' ':
			tokens = append(tokens, token{source[i:end], line})
		}
		line += strings.Count(source[i:end], "\n")
		i = end
	}
	return tokens
}

func isWord(c byte) bool {
	return c == '_' || c == '$' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c >= 0x80
}

// until is the end of what ends with a mark.
func until(source string, from int, mark string) int {
	if at := strings.Index(source[min(from, len(source)):], mark); at >= 0 {
		return from + at + len(mark)
	}
	return len(source)
}

// endOfText is the end of a string. One in double or single quotes ends with its line at the latest.
func endOfText(source string, start int) int {
	for i := start + 1; i < len(source); i++ {
		switch {
		case source[i] == '\\':
			i++
		case source[i] == source[start], source[i] == '\n' && source[start] != '`':
			return i + 1
		}
	}
	return len(source)
}
