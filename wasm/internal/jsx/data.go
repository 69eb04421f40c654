//go:build js && wasm

package jsx

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/hack-pad/safejs"
)

// Uint8Array copies bytes to JavaScript.
func Uint8Array(b []byte) (Value, error) {
	array, err := New("Uint8Array", len(b))
	if err != nil {
		return safejs.Undefined(), err
	}
	_, err = safejs.CopyBytesToJS(array, b)
	return array, err
}

// Bytes copies an ArrayBuffer or a Uint8Array to Go.
func Bytes(buffer Value) ([]byte, error) {
	array, err := New("Uint8Array", buffer)
	if err != nil {
		return nil, err
	}
	length, err := array.Length()
	if err != nil {
		return nil, err
	}
	b := make([]byte, length)
	_, err = safejs.CopyBytesToGo(b, array)
	return b, err
}

// ToObject makes a JavaScript value of what encoding/json makes of a Go value.
func ToObject(value any) (Value, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return safejs.Undefined(), err
	}
	return ParseJSON(text)
}

// ParseJSON is JavaScript's JSON.parse.
func ParseJSON(text []byte) (Value, error) {
	parser, err := Lookup("JSON")
	if err != nil {
		return safejs.Undefined(), err
	}
	return Call(parser, "parse", string(text))
}

// JSON is JavaScript's JSON.stringify. It refuses what has no JSON, such as
// undefined, and texts of more than limit bytes in UTF-8.
func JSON(value Value, limit int) ([]byte, error) {
	writer, err := Lookup("JSON")
	if err != nil {
		return nil, err
	}
	written, err := Call(writer, "stringify", value)
	if err != nil {
		return nil, err
	}
	text, ok := Text(written)
	if !ok {
		return nil, errors.New("a value that has no JSON")
	}
	if len(text) > limit {
		return nil, fmt.Errorf("%d bytes of JSON, limit %d", len(text), limit)
	}
	return []byte(text), nil
}
