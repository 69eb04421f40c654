package main

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// Limits of a connection.
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

func newServer(handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

// serveUntil serves until ctx ends, and then lets the requests under way end.
func serveUntil(ctx context.Context, listener net.Listener, server *http.Server) error {
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	return server.Shutdown(ending)
}
