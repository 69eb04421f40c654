package browserid

import (
	"bytes"
	"encoding/json"
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
func StrictObject(data []byte) (map[string]json.RawMessage, error) {
	if len(data) > MaxObjectBytes {
		return nil, broken(CodeJSON, "too large")
	}
	if !utf8.Valid(data) {
		return nil, broken(CodeJSON, "not UTF-8")
	}
	members, ok := membersOf(data)
	if !ok {
		return nil, broken(CodeJSON, "not an object")
	}
	walk := json.NewDecoder(bytes.NewReader(data))
	walk.UseNumber() // a number may be too large for a float64 and still be well-formed
	if err := checkValue(walk, 0); err != nil {
		return nil, err
	}
	return members, nil
}

func checkValue(walk *json.Decoder, depth int) error {
	token, err := walk.Token()
	if err != nil {
		return because(CodeJSON, "not well-formed", err)
	}
	opening, nested := token.(json.Delim)
	if !nested {
		return nil
	}
	if depth == MaxObjectDepth {
		return broken(CodeJSON, "too deep")
	}
	if err := checkMembers(walk, opening == '{', depth+1); err != nil {
		return err
	}
	_, err = walk.Token() // the closing bracket; the input is known to be well-formed
	return err
}

func checkMembers(walk *json.Decoder, object bool, depth int) error {
	seen := map[string]bool{}
	for walk.More() {
		if object {
			token, err := walk.Token()
			if err != nil {
				return because(CodeJSON, "not well-formed", err)
			}
			name, _ := token.(string)
			if seen[name] {
				return broken(CodeDuplicate, "a member is named twice")
			}
			seen[name] = true
		}
		if err := checkValue(walk, depth); err != nil {
			return err
		}
	}
	return nil
}

// membersOf splits an object that is part of one that StrictObject has checked.
func membersOf(raw json.RawMessage) (map[string]json.RawMessage, bool) {
	var members map[string]json.RawMessage
	err := json.Unmarshal(raw, &members)
	return members, err == nil && members != nil // null leaves nil
}

// stringOf reads a JSON string. Unlike json.Unmarshal it does not take null.
func stringOf(raw json.RawMessage) (string, bool) {
	if len(raw) == 0 || raw[0] != '"' {
		return "", false
	}
	var s string
	err := json.Unmarshal(raw, &s)
	return s, err == nil
}

// arrayOf reads a JSON array of at most limit elements.
func arrayOf(raw json.RawMessage, limit int) ([]json.RawMessage, bool) {
	if len(raw) == 0 || raw[0] != '[' {
		return nil, false
	}
	var elements []json.RawMessage
	err := json.Unmarshal(raw, &elements)
	return elements, err == nil && len(elements) <= limit
}
