// Command demo shows Navid at work on this machine: a site to sign in to, a login host and an identity provider, each on a name of its
// own below localhost, which browsers take to this machine and trust like https.
//
//	go run ./testbrowser/cmd/demo [-port 8080]
//
// It says what to open and what to type. Nothing is stored: all is forgotten when it stops.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

// patience is how long requests that are being answered may take when the demo stops.
const patience = 2 * time.Second

func main() {
	port := flag.Int("port", 8080, "port of all sites, on the loopback only")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *port); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

// run serves the demo until ctx ends.
func run(ctx context.Context, port int) (err error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return fmt.Errorf("%w (is another demo running? `make demo PORT=8090` takes another port)", err)
	}
	sites, err := newSites(listener.Addr().(*net.TCPAddr).Port)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, sites.close()) }()
	fmt.Print(sites.welcome())
	server := &http.Server{Handler: sites, ReadHeaderTimeout: 10 * time.Second}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	fmt.Println("\nStopped.")
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	if server.Shutdown(ending) != nil {
		return server.Close() // whoever still waits for an answer gets none
	}
	return nil
}
