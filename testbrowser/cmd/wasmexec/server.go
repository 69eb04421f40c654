package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
)

// program is what is to be run.
type program struct {
	path      string
	arguments []string // os.Args of the program
}

// arguments are what the program is given. It has no file system: the log by
// which go test decides about caching cannot be written.
func arguments(all []string) []string {
	var kept []string
	for _, argument := range all {
		if !strings.HasPrefix(argument, "-test.testlogfile=") {
			kept = append(kept, argument)
		}
	}
	return kept
}

//go:embed page.html
var page string

// handler serves the page that runs the program, and what it needs.
func (p program) handler(ctx context.Context) (http.Handler, error) {
	root, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("find GOROOT: %w", err)
	}
	glue := filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js")
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, page)
	})
	mux.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("GET /arguments", func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(p.arguments) })
	mux.HandleFunc("GET /wasm_exec.js", func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, glue) })
	mux.HandleFunc("GET /program.wasm", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/wasm")
		http.ServeFile(w, r, p.path)
	})
	mux.Handle("GET /testdata/", severing(http.StripPrefix("/testdata/", http.FileServer(http.Dir("testdata")))))
	return mux, nil
}

func severing(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Has("coop") {
			w.Header().Set("Cross-Origin-Opener-Policy", "same-origin")
		}
		next.ServeHTTP(w, r)
	})
}

// serve serves on a port of its own until ctx is done, and returns the URL.
func serve(ctx context.Context, handler http.Handler) (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	server := &http.Server{Handler: handler}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	go func() { _ = server.Serve(listener) }()
	return fmt.Sprintf("http://localhost:%d/", listener.Addr().(*net.TCPAddr).Port), nil
}
