//go:build !js

package main

import "encoding/binary"

// reader reads the numbers and bytes of a wasm binary. Past the end, or at a
// number that is none, it is broken and yields zeroes.
type reader struct {
	rest   []byte
	broken bool
}

func (r *reader) byte() byte {
	b := r.bytes(1)
	if r.broken {
		return 0
	}
	return b[0]
}

func (r *reader) bytes(n uint64) []byte {
	if r.broken || n > uint64(len(r.rest)) {
		r.broken = true
		return nil
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}

// uleb reads an unsigned LEB128 number.
func (r *reader) uleb() uint64 {
	n, size := binary.Uvarint(r.rest)
	if r.broken || size <= 0 {
		r.broken = true
		return 0
	}
	r.rest = r.rest[size:]
	return n
}

// sleb reads a signed LEB128 number: seven bits a byte, the lowest first, the
// sign in the highest bit of the last.
func (r *reader) sleb() int64 {
	var n int64
	for shift := 0; shift < 64; shift += 7 {
		b := r.byte()
		n |= int64(b&0x7f) << shift
		if b&0x80 == 0 {
			if b&0x40 != 0 && shift+7 < 64 {
				n |= -1 << (shift + 7)
			}
			return n
		}
	}
	r.broken = true
	return 0
}

func appendSLEB(b []byte, n int64) []byte {
	for {
		low := byte(n & 0x7f)
		n >>= 7
		if n == 0 && low&0x40 == 0 || n == -1 && low&0x40 != 0 {
			return append(b, low)
		}
		b = append(b, low|0x80)
	}
}
