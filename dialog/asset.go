package dialog

import (
	"fmt"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// How long browsers keep a file.
const (
	// cacheForever is for URLs that hold a hash of what they name.
	cacheForever = "public, max-age=31536000, immutable"
	// cacheHour is for scripts under fixed names, which other people's pages
	// include: an hour after an update all have it.
	cacheHour = "public, max-age=3600"
	// cacheDay is for the communication frame, whose own files browsers have
	// for longer.
	cacheDay = "public, max-age=86400, immutable"
)

// asset is one file in every coding that is worth sending.
type asset struct {
	contentType string
	cache       string
	hash        string
	bodies      map[string][]byte // by coding; always has codingIdentity
}

// newAsset makes an asset of a file. compressed are copies made beforehand by
// coding; nil has them made here, which takes a moment for each file.
func newAsset(name, cache string, body []byte, compressed map[string][]byte) (*asset, error) {
	contentType, err := contentTypeOf(name)
	if err != nil {
		return nil, err
	}
	a := &asset{
		contentType: contentType,
		cache:       cache,
		hash:        hashOf(body),
		bodies:      map[string][]byte{codingIdentity: body},
	}
	if compressed == nil && !strings.HasPrefix(contentType, "image/png") {
		compressed = map[string][]byte{
			codingBrotli: compressBest(codingBrotli, body),
			codingGzip:   compressBest(codingGzip, body),
		}
	}
	for coding, smaller := range compressed {
		if len(smaller) < len(body) {
			a.bodies[coding] = smaller
		}
	}
	return a, nil
}

// contentTypeOf knows the kinds of files that the host has; the system's own
// table could say otherwise, and nosniff makes a wrong type a broken page.
func contentTypeOf(name string) (string, error) {
	switch path.Ext(name) {
	case ".js":
		return "text/javascript; charset=utf-8", nil
	case ".css":
		return "text/css; charset=utf-8", nil
	case ".json":
		return "application/json", nil
	case ".svg":
		return "image/svg+xml", nil
	case ".png":
		return "image/png", nil
	case ".wasm":
		return "application/wasm", nil
	default:
		return "", fmt.Errorf("file %q: no content type is known for this kind of file", name)
	}
}

// ServeHTTP implements [http.Handler].
func (a *asset) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	coding := a.choose(r)
	header := w.Header()
	header.Set("Cache-Control", a.cache)
	header.Set("Vary", "Accept-Encoding")
	etag := `"` + a.hash + "-" + coding + `"`
	header.Set("ETag", etag)
	if matches(r.Header.Get("If-None-Match"), etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	header.Set("Content-Type", a.contentType)
	send(w, http.StatusOK, coding, a.bodies[coding])
}

// choose picks the coding, of those in which the file got smaller.
func (a *asset) choose(r *http.Request) string {
	var offered []string
	for _, coding := range []string{codingBrotli, codingGzip} {
		if a.bodies[coding] != nil {
			offered = append(offered, coding)
		}
	}
	return negotiate(acceptEncoding(r), offered...)
}

// acceptEncoding joins what may have come as several header lines.
func acceptEncoding(r *http.Request) string {
	return strings.Join(r.Header.Values("Accept-Encoding"), ",")
}

// matches tells whether If-None-Match names the tag. A proxy may have made the
// tag weak, which does not matter here (RFC 9110, section 13.1.2).
func matches(ifNoneMatch, etag string) bool {
	for candidate := range strings.SplitSeq(ifNoneMatch, ",") {
		candidate = strings.TrimPrefix(strings.TrimSpace(candidate), "W/")
		if candidate == etag || candidate == "*" {
			return true
		}
	}
	return false
}

// send writes a body with its coding and length.
func send(w http.ResponseWriter, status int, coding string, body []byte) {
	if coding != codingIdentity {
		w.Header().Set("Content-Encoding", coding)
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // fails only when the client has gone
}
