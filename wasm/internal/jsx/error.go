//go:build js && wasm

package jsx

import (
	"errors"
	"fmt"
	"syscall/js"

	"github.com/hack-pad/safejs"
)

// Error is what JavaScript threw, or rejected a promise with.
type Error struct {
	Name    string // of a DOMException or Error, such as "QuotaExceededError"
	Message string
}

// Error returns name and message.
func (e *Error) Error() string { return e.Name + ": " + e.Message }

// NameOf returns the name of the JavaScript exception that err wraps, "" if
// there is none. Names are how the specifications tell exceptions apart.
func NameOf(err error) string {
	if exception, ok := errors.AsType[*Error](caught(err)); ok {
		return exception.Name
	}
	return ""
}

// caught replaces an exception as safejs reports it by an *Error.
func caught(err error) error {
	if exception, ok := errors.AsType[js.Error](err); ok {
		return ErrorOf(safejs.Safe(exception.Value))
	}
	return err
}

// ErrorOf describes an exception. Scripts may throw anything, not only Errors.
func ErrorOf(exception Value) error {
	name, named := StringOf(exception, "name")
	message, _ := StringOf(exception, "message")
	if !named {
		text, err := exception.String()
		if err != nil {
			text = err.Error()
		}
		return &Error{Name: "Error", Message: text}
	}
	return &Error{Name: name, Message: message}
}

// CodedError gives an error a code, which JavaScript sees as the property
// "code" of the Error that a promise is rejected with.
type CodedError struct {
	Code string
	Err  error
}

// Error returns the text of the cause.
func (e *CodedError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *CodedError) Unwrap() error { return e.Err }

// thrown makes the Error object for a Go error.
func thrown(err error) Value {
	constructor, failed := Lookup("Error")
	if failed != nil {
		return safejs.Undefined()
	}
	object, failed := constructor.New(err.Error())
	if failed != nil {
		return safejs.Undefined()
	}
	if coded, ok := errors.AsType[*CodedError](err); ok {
		_ = object.Set("code", coded.Code)
	}
	return object
}

// MissingError reports that the browser lacks something.
type MissingError struct {
	Name string // such as "crypto.subtle"
}

// Error names what is missing.
func (e *MissingError) Error() string { return fmt.Sprintf("the browser has no %s", e.Name) }
