// Command wasmexec runs a Go test binary for js/wasm in Chromium, where there
// are windows, frames, localStorage and IndexedDB:
//
//	GOOS=js GOARCH=wasm go test -tags browser -exec wasmexec ./wasm/...
//
// It serves the binary on http://localhost, which is a secure context, prints
// what the program writes, and exits with its status. The package's testdata
// is served below /testdata/, on localhost and on every *.localhost: so a test
// has pages of other sites. A page asked for with ?coop is severed from its
// opener by Cross-Origin-Opener-Policy.
//
// $NAVID_CHROMIUM names the browser; by default it is chromium from $PATH.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: wasmexec program.wasm [argument ...]")
		os.Exit(2)
	}
	// go test sends SIGQUIT to what takes too long. The browser must not stay behind.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGQUIT)
	status, err := run(ctx, program{path: os.Args[1], arguments: arguments(os.Args[1:])}, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "wasmexec:", err)
		os.Exit(1)
	}
	os.Exit(status)
}
