package store

import (
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// A record's columns are a list of pointers to its fields, in the order of the
// query: rows are scanned into them, and arguments are read from them.

// instant is the column of a time.
type instant struct{ time *time.Time }

// Scan implements sql.Scanner.
func (i instant) Scan(source any) error {
	micros, ok := source.(int64)
	if !ok {
		return fmt.Errorf("a time is no %T", source)
	}
	*i.time = time.Time{}
	if micros != 0 {
		*i.time = time.UnixMicro(micros).UTC()
	}
	return nil
}

// micros is a time as it is kept.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// blob is the column of a byte string, which may be nil.
type blob struct{ bytes *[]byte }

// Scan implements sql.Scanner. The driver's memory is its own.
func (b blob) Scan(source any) error {
	bytes, ok := source.([]byte)
	if !ok && source != nil {
		return fmt.Errorf("a byte string is no %T", source)
	}
	*b.bytes = append([]byte(nil), bytes...)
	return nil
}

// document is a column of JSON.
type document struct{ value any }

// Scan implements sql.Scanner.
func (d document) Scan(source any) error {
	text, ok := source.(string)
	if !ok {
		return fmt.Errorf("a document is no %T", source)
	}
	return json.Unmarshal([]byte(text), d.value)
}

var errText = errors.New("a text that is kept must be UTF-8 without NUL")

// arguments are what a driver takes for fields and plain values.
func arguments(fields []any) ([]any, error) {
	values := make([]any, len(fields))
	for i, field := range fields {
		value, err := argument(field)
		if err != nil {
			return nil, err
		}
		values[i] = value
	}
	return values, nil
}

func argument(field any) (driver.Value, error) {
	switch field := field.(type) {
	case instant:
		return micros(*field.time), nil
	case time.Time:
		return micros(field), nil
	case blob:
		return bytesOf(*field.bytes), nil
	case []byte:
		return bytesOf(field), nil
	case document:
		text, err := json.Marshal(field.value)
		return string(text), err
	case *string:
		return textOf(*field)
	case string:
		return textOf(field)
	case *bool:
		return *field, nil
	case *int64:
		return *field, nil
	case *int:
		return int64(*field), nil
	case int:
		return int64(field), nil
	case int64:
		return field, nil
	}
	return nil, fmt.Errorf("no column keeps a %T", field)
}

// bytesOf is never nil, which would be NULL.
func bytesOf(bytes []byte) []byte {
	return append([]byte{}, bytes...)
}

func textOf(text string) (driver.Value, error) {
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return nil, errText
	}
	return text, nil
}
