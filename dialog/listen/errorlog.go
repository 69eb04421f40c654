package listen

import (
	"context"
	"log/slog"
	"regexp"
)

// clientAddress is an IP address with its port, as net/http writes one into what
// it says of a connection.
var clientAddress = regexp.MustCompile(`(\[[^\]]*\]|\d+\.\d+\.\d+\.\d+):\d+`)

// handlerErrors keeps the addresses of clients out of what net/http logs.
type handlerErrors struct{ slog.Handler }

// Handle implements [slog.Handler].
func (h handlerErrors) Handle(ctx context.Context, record slog.Record) error {
	record.Message = clientAddress.ReplaceAllString(record.Message, "(a client)")
	return h.Handler.Handle(ctx, record)
}
