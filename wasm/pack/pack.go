//go:build !js

package main

import (
	"bytes"
	"encoding/binary"
	"errors"
)

// preamble is the magic number and the version of a wasm binary.
const preamble = "\x00asm\x01\x00\x00\x00"

// dataSection is the id of the section that holds the initial memory.
const dataSection = 11

var (
	errNotWasm   = errors.New("not a wasm binary")
	errNotGoWasm = errors.New("a data segment that Go's linker does not write")
)

// pack joins the data segments of a wasm binary and leaves all else as it is.
func pack(program []byte) ([]byte, error) {
	rest, ok := bytes.CutPrefix(program, []byte(preamble))
	if !ok {
		return nil, errNotWasm
	}
	packed := []byte(preamble)
	for r := (&reader{rest: rest}); len(r.rest) > 0; {
		id := r.byte()
		content := r.bytes(r.uleb())
		if id == dataSection {
			segments, err := parseSegments(content)
			if err != nil {
				return nil, err
			}
			joined, err := join(segments)
			if err != nil {
				return nil, err
			}
			content = formatSegments(joined)
		}
		if r.broken {
			return nil, errNotWasm
		}
		packed = append(packed, id)
		packed = binary.AppendUvarint(packed, uint64(len(content))) // a varint of Go's is an unsigned LEB128
		packed = append(packed, content...)
	}
	return packed, nil
}
