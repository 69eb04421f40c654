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

// brotliWindow, as a power of two, is larger than any text file here; the
// default of 4 MB would cost the memory and time to fill it for each file.
const brotliWindow = 16

// pageQuality is brotli's for pages, which are made anew for each request.
const pageQuality = 5

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
	return compress(body, coding, brotli.BestCompression, gzip.BestCompression)
}

// compressQuickly compresses a page for one request.
func compressQuickly(coding string, body []byte) []byte {
	return compress(body, coding, pageQuality, gzip.DefaultCompression)
}

// compress cannot fail: it writes to memory, and the levels are valid.
func compress(body []byte, coding string, brotliQuality, gzipLevel int) []byte {
	var buffer bytes.Buffer
	var writer io.WriteCloser
	if coding == codingBrotli {
		writer = brotli.NewWriterOptions(&buffer, brotli.WriterOptions{Quality: brotliQuality, LGWin: brotliWindow})
	} else {
		writer, _ = gzip.NewWriterLevel(&buffer, gzipLevel)
	}
	_, _ = writer.Write(body)
	_ = writer.Close()
	return buffer.Bytes()
}
