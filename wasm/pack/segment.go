//go:build !js

package main

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// joinedGap is the longest run of zeroes that is written out. The linker's
// runs are shorter than this within its sections, and there are a few larger
// gaps between them.
const joinedGap = 4096

// The bytes of an active segment's offset expression: i32.const n, end.
const (
	opI32Const = 0x41
	opEnd      = 0x0b
)

// segment is a piece of the initial memory.
type segment struct {
	offset int64
	data   []byte
}

func (s segment) end() int64 { return s.offset + int64(len(s.data)) }

// join joins neighbours that only some zeroes part, which is what memory is
// made of before anything is written to it. The linker does not write its
// sections in the order of their places: without that order, the zeroes between
// two of them would wipe out a third. Segments that overlap have no order but
// their own, and are refused.
func join(segments []segment) ([]segment, error) {
	byPlace := func(a, b segment) int { return cmp.Compare(a.offset, b.offset) }
	var joined []segment
	for _, s := range slices.SortedStableFunc(slices.Values(segments), byPlace) {
		if len(joined) > 0 {
			last := &joined[len(joined)-1]
			gap := s.offset - last.end()
			if gap < 0 {
				return nil, errNotGoWasm
			}
			if gap <= joinedGap {
				last.data = append(append(last.data, make([]byte, gap)...), s.data...)
				continue
			}
		}
		joined = append(joined, segment{s.offset, append([]byte(nil), s.data...)})
	}
	return joined, nil
}

func parseSegments(content []byte) ([]segment, error) {
	r := &reader{rest: content}
	var segments []segment
	for range r.uleb() {
		memory, constant := r.byte(), r.byte()
		offset, end := r.sleb(), r.byte()
		data := r.bytes(r.uleb())
		if r.broken || memory != 0 || constant != opI32Const || end != opEnd {
			return nil, errNotGoWasm
		}
		segments = append(segments, segment{offset, data})
	}
	if len(r.rest) > 0 {
		return nil, errNotGoWasm
	}
	return segments, nil
}

func formatSegments(segments []segment) []byte {
	content := binary.AppendUvarint(nil, uint64(len(segments)))
	for _, s := range segments {
		content = append(content, 0, opI32Const)
		content = append(appendSLEB(content, s.offset), opEnd)
		content = binary.AppendUvarint(content, uint64(len(s.data)))
		content = append(content, s.data...)
	}
	return content
}
