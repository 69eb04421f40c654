// Package listen is the host's front door: HTTP servers whose every wait is
// bounded, TLS with certificates from files or by ACME, and an end that lets
// what is under way finish.
package listen

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// Limits of a connection. Whoever sends slowly loses it: neither a header nor a
// body nor a TLS handshake may take longer than these.
const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 10 * time.Second
	// writeTimeout leaves 700 kB of agent time to reach a slow telephone.
	writeTimeout = 2 * time.Minute
	idleTimeout  = 2 * time.Minute
	// maxHeaderBytes is generous: the host sets no large cookies.
	maxHeaderBytes = 16 << 10
	// shutdownTimeout is how long a request under way may take to end; a
	// discovery takes up to 20 s.
	shutdownTimeout = 25 * time.Second
)

// Server is an HTTP server and the listener that it is to serve.
type Server struct {
	listener net.Listener
	http     *http.Server
}

// New makes a server of a handler. The listener speaks TLS already, or no TLS.
func New(listener net.Listener, handler http.Handler, log *slog.Logger) Server {
	return Server{listener, &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          slog.NewLogLogger(handlerErrors{log.Handler()}, slog.LevelWarn),
	}}
}

// Address is where the server listens.
func (s Server) Address() string { return s.listener.Addr().String() }

// Until serves until ctx ends or a server fails. Then no server accepts
// connections any more, and the requests under way end.
func Until(ctx context.Context, servers ...Server) error {
	failed := make(chan error, len(servers))
	for _, server := range servers {
		go func() { failed <- server.http.Serve(server.listener) }()
	}
	var cause error
	select {
	case cause = <-failed:
	case <-ctx.Done():
	}
	return errors.Join(cause, shutDown(context.WithoutCancel(ctx), servers))
}

// shutDown ends all servers side by side.
func shutDown(ctx context.Context, servers []Server) error {
	ctx, cancel := context.WithTimeout(ctx, shutdownTimeout)
	defer cancel()
	ended := make(chan error, len(servers))
	for _, server := range servers {
		go func() { ended <- server.http.Shutdown(ctx) }()
	}
	var errs []error
	for range servers {
		errs = append(errs, <-ended)
	}
	return errors.Join(errs...)
}
