package main

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
)

// helloHost serves the peer: a page with a Go program that says hello.
const helloHost = "hello.test"

// hello is the peer, made and served as the agent is: the same flags, the same packing, the same compression.
type hello struct {
	wasm, exec []byte // in brotli
}

const helloSource = `package main

func main() { println("hello, world") }
`

// helloPage is ready when the program has run. It keeps the instance, as a page with a running program does.
const helloPage = `<!doctype html><html lang="en"><meta charset="utf-8"><title>hello</title><link rel="icon" href="data:,">
<script src="/wasm_exec.js"></script><script type="module">
const go = new Go()
const { instance } = await WebAssembly.instantiateStreaming(fetch('/hello.wasm'), go.importObject)
window.kept = instance
await go.run(instance)
marks.ready = performance.now()
</script>`

// buildHello does what the Makefile does for the agent.
func buildHello(t *stage) *hello {
	directory, err := os.MkdirTemp("", "navid-bench-")
	t.must(err)
	defer os.RemoveAll(directory)
	source, wasm := filepath.Join(directory, "hello.go"), filepath.Join(directory, "hello.wasm")
	t.must(os.WriteFile(source, []byte(helloSource), 0o600))
	build := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-gcflags=all=-l", "-o", wasm, source)
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	t.run(build)
	t.run(exec.Command("go", "run", "./wasm/pack", wasm))
	return &hello{wasm: t.brotli(wasm), exec: t.brotli(filepath.Join("dialog", "dist", "wasm_exec.js"))}
}

func (t *stage) run(command *exec.Cmd) []byte {
	command.Stderr = os.Stderr
	output, err := command.Output()
	if err != nil {
		t.Fatalf("%s: %v", command, err)
	}
	return output
}

func (t *stage) brotli(file string) []byte {
	return t.run(exec.Command("brotli", "-q", "11", "-w", "24", "-c", file))
}

func (h *hello) serve(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/":
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		fmt.Fprint(w, helloPage)
	case "/hello.wasm":
		sendPacked(w, "application/wasm", h.wasm)
	case "/wasm_exec.js":
		sendPacked(w, "text/javascript; charset=utf-8", h.exec)
	default:
		http.NotFound(w, r)
	}
}

func sendPacked(w http.ResponseWriter, contentType string, body []byte) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Encoding", "br")
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	_, _ = w.Write(body) // a browser that has gone does not want it
}
