package dialog

import (
	"bytes"
	"compress/gzip"
	"io"
	"strconv"
	"strings"

	"github.com/andybalholm/brotli"
)

// The content codings that this host sends (RFC 9110, section 8.4.1).
const (
	codingBrotli   = "br"
	codingGzip     = "gzip"
	codingIdentity = "identity"
)

// pageBrotliQuality is for pages, which are made anew for each request: a
// tenth of a millisecond each, where the best quality takes many.
const pageBrotliQuality = 5

// negotiate returns the coding to send for an Accept-Encoding header: of those
// offered the one with the greatest weight, and the earlier of two that weigh
// the same. What nobody asked for is sent as it is (RFC 9110, section 12.5.3).
func negotiate(accept string, offered ...string) string {
	best, bestWeight := codingIdentity, weight(accept, codingIdentity)
	for i := len(offered) - 1; i >= 0; i-- {
		if w := weight(accept, offered[i]); w > 0 && w >= bestWeight {
			best, bestWeight = offered[i], w
		}
	}
	return best
}

// weight returns how much the header wants a coding, from 0 (not at all) to 1.
func weight(accept, coding string) float64 {
	anyWeight := 0.0
	for element := range strings.SplitSeq(accept, ",") {
		name, parameter, _ := strings.Cut(element, ";")
		switch name = strings.TrimSpace(name); {
		case strings.EqualFold(name, coding):
			return quality(parameter)
		case name == "*":
			anyWeight = quality(parameter)
		}
	}
	return anyWeight
}

// quality reads ";q=0.5". Without it a coding weighs 1; nonsense weighs 0.
func quality(parameter string) float64 {
	parameter = strings.TrimSpace(parameter)
	if parameter == "" {
		return 1
	}
	name, value, _ := strings.Cut(parameter, "=")
	q, err := strconv.ParseFloat(value, 64)
	if !strings.EqualFold(name, "q") || err != nil || !(q >= 0 && q <= 1) {
		return 0
	}
	return q
}

// compressBest compresses once, at start, for all who will ever ask.
func compressBest(coding string, body []byte) []byte {
	return compress(body, func(w io.Writer) io.WriteCloser {
		if coding == codingBrotli {
			return brotli.NewWriterLevel(w, brotli.BestCompression)
		}
		writer, _ := gzip.NewWriterLevel(w, gzip.BestCompression) // the level is valid
		return writer
	})
}

// compressQuickly compresses a page for one request.
func compressQuickly(coding string, body []byte) []byte {
	return compress(body, func(w io.Writer) io.WriteCloser {
		if coding == codingBrotli {
			return brotli.NewWriterLevel(w, pageBrotliQuality)
		}
		return gzip.NewWriter(w)
	})
}

// compress cannot fail: it writes to memory.
func compress(body []byte, open func(io.Writer) io.WriteCloser) []byte {
	var buffer bytes.Buffer
	writer := open(&buffer)
	_, _ = writer.Write(body)
	_ = writer.Close()
	return buffer.Bytes()
}
