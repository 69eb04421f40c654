package main

import (
	"io"
	"log/slog"
	"regexp"
)

// private is what stands before the @ of an address, or of a URL that has a user
// and a password. It is a net below all that is logged with care.
var private = regexp.MustCompile(`[^\s"'<>(),;=]+@`)

// newLog writes JSON, for machines; in development text, for people.
func newLog(w io.Writer, dev bool) *slog.Logger {
	options := &slog.HandlerOptions{ReplaceAttr: hidePrivate}
	if dev {
		return slog.New(slog.NewTextHandler(w, options))
	}
	return slog.New(slog.NewJSONHandler(w, options))
}

// hidePrivate leaves nothing in the log that is a whole address or a password.
func hidePrivate(_ []string, attribute slog.Attr) slog.Attr {
	switch value := attribute.Value.Any().(type) {
	case string:
		attribute.Value = slog.StringValue(hide(value))
	case error:
		attribute.Value = slog.StringValue(hide(value.Error()))
	}
	return attribute
}

func hide(text string) string { return private.ReplaceAllString(text, "…@") }
