//go:build js && wasm

// Command program does what is to be seen of a program that wasmexec runs.
package main

import (
	"fmt"
	"os"
	"syscall/js"
)

func main() {
	fmt.Println("secure:", js.Global().Get("isSecureContext").Bool())
	fmt.Println("arguments:", os.Args[1:])
	js.Global().Get("console").Call("error", js.Global().Get("location").Get("hostname"))
	os.Exit(3)
}
