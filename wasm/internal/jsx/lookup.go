//go:build js && wasm

package jsx

import (
	"strings"

	"github.com/hack-pad/safejs"
)

// Lookup follows properties from globalThis, as in Lookup("navigator",
// "locks"). It returns a [*MissingError] where one is undefined or null, and
// an [*Error] where reading one throws, as localStorage does when the person
// has blocked it.
func Lookup(path ...string) (Value, error) {
	value := safejs.Global()
	for i, name := range path {
		next, err := Get(value, name)
		if err != nil {
			return safejs.Undefined(), err
		}
		if next.IsUndefined() || next.IsNull() {
			return safejs.Undefined(), &MissingError{Name: strings.Join(path[:i+1], ".")}
		}
		value = next
	}
	return value, nil
}

// Get returns a property. A getter that throws is an error here, while
// syscall/js's own Get lets the exception through, which ends the program: it
// guards only calls. Hence Reflect.get, which is one.
func Get(object Value, property string) (Value, error) {
	reflect, err := safejs.Global().Get("Reflect")
	if err != nil {
		return safejs.Undefined(), err
	}
	return Call(reflect, "get", object, property)
}

// Call calls a method. What it throws is an [*Error].
func Call(object Value, method string, args ...any) (Value, error) {
	result, err := object.Call(method, args...)
	return result, caught(err)
}

// New constructs an object of a global class.
func New(class string, args ...any) (Value, error) {
	constructor, err := Lookup(class)
	if err != nil {
		return safejs.Undefined(), err
	}
	object, err := constructor.New(args...)
	return object, caught(err)
}

// StringOf returns a property that is a string, and whether it is one.
func StringOf(object Value, property string) (string, bool) {
	value, err := Get(object, property)
	if err != nil {
		return "", false
	}
	return Text(value)
}

// Text returns the text of a JavaScript string, and whether it is one.
func Text(value Value) (string, bool) {
	if value.Type() != safejs.TypeString {
		return "", false
	}
	text, err := value.String()
	return text, err == nil
}

// ShortText returns the text of a JavaScript string of at most limit UTF-16
// units. What is longer never gets into Go's memory, which does not shrink.
func ShortText(value Value, limit int) (string, bool) {
	if value.Type() != safejs.TypeString {
		return "", false
	}
	object, err := New("String", value) // a string itself has no properties here
	if err != nil {
		return "", false
	}
	if length, err := object.Length(); err != nil || length > limit {
		return "", false
	}
	return Text(value)
}

// BoolOf reports whether a property is true: the boolean, not what JavaScript
// takes for it.
func BoolOf(object Value, property string) bool {
	value, err := Get(object, property)
	if err != nil || value.Type() != safejs.TypeBoolean {
		return false
	}
	is, err := value.Bool()
	return is && err == nil
}
