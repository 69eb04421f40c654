package browserid

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// Limits of StrictObject (C3.11).
const (
	MaxObjectBytes = 64 << 10
	MaxObjectDepth = 16
)

// StrictObject splits a JSON object into its members. It refuses input of more
// than MaxObjectBytes, invalid UTF-8, objects and arrays nested more than
// MaxObjectDepth deep, and members that are named twice at any depth (D5.5):
// two readers that keep different ones would disagree about what was signed.
// Names are compared exactly, where encoding/json would ignore case.
//
// The error is CodeJSON or CodeDuplicate. The values share data's memory.
func StrictObject(data []byte) (map[string]json.RawMessage, error) {
	return StrictObjectOf(data, MaxObjectBytes)
}

// StrictObjectOf is StrictObject with another limit in bytes.
func StrictObjectOf(data []byte, limit int) (map[string]json.RawMessage, error) {
	if len(data) > limit {
		return nil, broken(CodeJSON, "too large")
	}
	if !utf8.Valid(data) {
		return nil, broken(CodeJSON, "not UTF-8")
	}
	return membersOf(data)
}

// membersOf is StrictObject for a part of what StrictObject has taken.
func membersOf(data []byte) (map[string]json.RawMessage, error) {
	w := walker{data: data}
	if w.next() != '{' {
		return nil, broken(CodeJSON, "not an object")
	}
	members, err := w.object(1)
	if err == nil && (w.next() != 0 || w.at < len(data)) {
		err = malformed()
	}
	if err != nil {
		return nil, err
	}
	return members, nil
}

func malformed() error { return broken(CodeJSON, "not well-formed") }

// walker walks JSON once, for structure, depth and names. It asks encoding/json
// about what stands between the punctuation.
type walker struct {
	data []byte
	at   int
}

// next skips white space and returns the byte behind it, 0 at the end.
func (w *walker) next() byte {
	for ; w.at < len(w.data); w.at++ {
		if c := w.data[w.at]; c != ' ' && c != '\t' && c != '\n' && c != '\r' {
			return c
		}
	}
	return 0
}

// skip skips the punctuation c.
func (w *walker) skip(c byte) error {
	if w.next() != c {
		return malformed()
	}
	w.at++
	return nil
}

// value walks any value and returns it.
func (w *walker) value(depth int) (json.RawMessage, error) {
	first := w.next()
	start := w.at
	var err error
	switch {
	case first == '"':
		err = w.text()
	case first != '{' && first != '[':
		err = w.literal()
	case depth == MaxObjectDepth:
		err = broken(CodeJSON, "too deep")
	case first == '{':
		_, err = w.object(depth + 1)
	default:
		err = w.array(depth + 1)
	}
	return w.data[start:w.at:w.at], err
}

// object walks an object and returns its members.
func (w *walker) object(depth int) (map[string]json.RawMessage, error) {
	members := map[string]json.RawMessage{}
	err := w.elements('}', func() error {
		name, err := w.name()
		if err != nil {
			return err
		}
		if _, found := members[name]; found {
			return broken(CodeDuplicate, "a member is named twice")
		}
		members[name], err = w.value(depth)
		return err
	})
	return members, err
}

func (w *walker) array(depth int) error {
	return w.elements(']', func() error {
		_, err := w.value(depth)
		return err
	})
}

// elements walks from an opening bracket to its closing one, with a comma
// between the elements.
func (w *walker) elements(closing byte, element func() error) error {
	w.at++
	for first := true; w.next() != closing; first = false {
		if !first {
			if err := w.skip(','); err != nil {
				return err
			}
		}
		if err := element(); err != nil {
			return err
		}
	}
	w.at++
	return nil
}

// literal walks a number, true, false or null.
func (w *walker) literal() error {
	start := w.at
	for w.at < len(w.data) && strings.IndexByte(",]} \t\r\n", w.data[w.at]) < 0 {
		w.at++
	}
	if !json.Valid(w.data[start:w.at]) {
		return malformed()
	}
	return nil
}

// text walks a string.
func (w *walker) text() error {
	start, escaped := w.at, false
	for w.at++; w.at < len(w.data) && w.data[w.at] != '"'; w.at++ {
		switch c := w.data[w.at]; {
		case c < ' ':
			return malformed()
		case c == '\\':
			escaped = true
			w.at++
		}
	}
	w.at = min(w.at+1, len(w.data))
	if text := w.data[start:w.at]; len(text) < 2 || text[len(text)-1] != '"' || escaped && !json.Valid(text) {
		return malformed()
	}
	return nil
}

// name walks the name of a member with its colon, and returns it without
// escapes.
func (w *walker) name() (string, error) {
	if w.next() != '"' {
		return "", malformed()
	}
	start := w.at
	if err := w.text(); err != nil {
		return "", err
	}
	name, _ := stringOf(w.data[start:w.at]) // text has found it well-formed
	return name, w.skip(':')
}

// stringOf reads a well-formed JSON value that is a string. Unlike
// json.Unmarshal it does not take null.
func stringOf(raw json.RawMessage) (string, bool) {
	if len(raw) == 0 || raw[0] != '"' {
		return "", false
	}
	if s := string(raw[1 : len(raw)-1]); strings.IndexByte(s, '\\') < 0 {
		return s, true
	}
	var s string
	err := json.Unmarshal(raw, &s)
	return s, err == nil
}

// arrayOf reads a well-formed JSON value that is an array of at most limit
// elements.
func arrayOf(raw json.RawMessage, limit int) ([]json.RawMessage, bool) {
	if len(raw) == 0 || raw[0] != '[' {
		return nil, false
	}
	var elements []json.RawMessage
	err := json.Unmarshal(raw, &elements)
	return elements, err == nil && len(elements) <= limit
}
