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
	if len(data) > MaxObjectBytes {
		return nil, broken(CodeJSON, "too large")
	}
	if !utf8.Valid(data) || !json.Valid(data) {
		return nil, broken(CodeJSON, "not well-formed")
	}
	return membersOf(data)
}

// membersOf is StrictObject for a value that is known to be well-formed.
func membersOf(data []byte) (map[string]json.RawMessage, error) {
	w := walker{data: data}
	if w.next() != '{' {
		return nil, broken(CodeJSON, "not an object")
	}
	return w.object(1)
}

// walker walks well-formed JSON: what must come next need not be checked.
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

// object walks an object and returns its members.
func (w *walker) object(depth int) (map[string]json.RawMessage, error) {
	members := map[string]json.RawMessage{}
	for w.at++; w.next() != '}'; {
		if w.next() == ',' {
			w.at++
			w.next()
		}
		name, err := w.name()
		if err != nil {
			return nil, err
		}
		if _, found := members[name]; found {
			return nil, broken(CodeDuplicate, "a member is named twice")
		}
		w.next()
		w.at++ // the colon
		w.next()
		start := w.at
		if err := w.value(depth); err != nil {
			return nil, err
		}
		members[name] = w.data[start:w.at:w.at]
	}
	w.at++
	return members, nil
}

// value walks any value.
func (w *walker) value(depth int) error {
	switch c := w.next(); {
	case c == '"':
		w.text()
		return nil
	case c != '{' && c != '[':
		w.literal()
		return nil
	case depth == MaxObjectDepth:
		return broken(CodeJSON, "too deep")
	case c == '{':
		_, err := w.object(depth + 1)
		return err
	default:
		return w.array(depth + 1)
	}
}

func (w *walker) array(depth int) error {
	for w.at++; w.next() != ']'; {
		if w.next() == ',' {
			w.at++
		}
		if err := w.value(depth); err != nil {
			return err
		}
	}
	w.at++
	return nil
}

// literal skips a number, true, false or null.
func (w *walker) literal() {
	for w.at < len(w.data) && strings.IndexByte(",]} \t\r\n", w.data[w.at]) < 0 {
		w.at++
	}
}

// text skips a string and returns it with its quotation marks.
func (w *walker) text() []byte {
	start := w.at
	for w.at++; w.data[w.at] != '"'; w.at++ {
		if w.data[w.at] == '\\' {
			w.at++
		}
	}
	w.at++
	return w.data[start:w.at]
}

// name skips the name of a member and returns it without escapes.
func (w *walker) name() (string, error) {
	name, ok := stringOf(w.text())
	if !ok {
		return "", broken(CodeJSON, "name of a member")
	}
	return name, nil
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
