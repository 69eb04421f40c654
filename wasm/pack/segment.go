//go:build !js

package main

import "encoding/binary"

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
// made of before anything is written to it.
func join(segments []segment) []segment {
	var joined []segment
	for _, s := range segments {
		if len(joined) > 0 {
			last := &joined[len(joined)-1]
			if gap := s.offset - last.end(); 0 <= gap && gap <= joinedGap {
				last.data = append(append(last.data, make([]byte, gap)...), s.data...)
				continue
			}
		}
		joined = append(joined, segment{s.offset, append([]byte(nil), s.data...)})
	}
	return joined
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
