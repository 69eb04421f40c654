package testbrowser

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// maxRecordedBody is how much of a request's body is kept, in bytes. The handler gets all of it.
const maxRecordedBody = 1 << 20

// Request is one request that reached a world, as it was received.
type Request struct {
	Time   time.Time
	Method string
	Host   string      // the site it was for, without port
	URL    *url.URL    // absolute
	Header http.Header // with Host
	Body   []byte      // its first MiB
	Status int         // of the answer; 0 while it is being made
}

// String is the request line.
func (r Request) String() string {
	return fmt.Sprintf("%s %s", r.Method, r.URL)
}

// Contains tells whether the text occurs anywhere in the request: URL (as sent, and unescaped), headers or body. Case is ignored.
func (r Request) Contains(text string) bool {
	var all strings.Builder
	fmt.Fprintln(&all, r.Method, r.URL)
	if unescaped, err := url.QueryUnescape(r.URL.String()); err == nil {
		fmt.Fprintln(&all, unescaped)
	}
	_ = r.Header.Write(&all) // a strings.Builder does not fail
	all.Write(r.Body)
	return strings.Contains(strings.ToLower(all.String()), strings.ToLower(text))
}

// Requests is a list of requests in the order they came, with the questions that tests ask.
type Requests []Request

// To keeps the requests for a host.
func (rs Requests) To(host string) Requests {
	return rs.where(func(r Request) bool { return r.Host == host })
}

// Method keeps the requests with a method.
func (rs Requests) Method(method string) Requests {
	return rs.where(func(r Request) bool { return r.Method == method })
}

// Path keeps the requests for a path, without its query.
func (rs Requests) Path(path string) Requests {
	return rs.where(func(r Request) bool { return r.URL.Path == path })
}

// Containing keeps the requests that hold the text anywhere, see [Request.Contains].
func (rs Requests) Containing(text string) Requests {
	return rs.where(func(r Request) bool { return r.Contains(text) })
}

// Since keeps the requests received at a time or later.
func (rs Requests) Since(start time.Time) Requests {
	return rs.where(func(r Request) bool { return !r.Time.Before(start) })
}

// Lines are the request lines, for messages and comparisons.
func (rs Requests) Lines() []string {
	lines := make([]string, len(rs))
	for i, r := range rs {
		lines[i] = r.String()
	}
	return lines
}

func (rs Requests) where(keep func(Request) bool) Requests {
	var kept Requests
	for _, r := range rs {
		if keep(r) {
			kept = append(kept, r)
		}
	}
	return kept
}

// recorder remembers requests. It is safe for concurrent use.
type recorder struct {
	mu       sync.Mutex
	requests Requests
}

// begin records a request and gives the handler a body that it can still read. The returned func records the status of the answer.
func (rec *recorder) begin(r *http.Request, host, scheme string) (answered func(status int)) {
	body, _ := io.ReadAll(io.LimitReader(r.Body, maxRecordedBody)) // what could not be read is the handler's error to meet
	r.Body = restoredBody{Reader: io.MultiReader(bytes.NewReader(body), r.Body), Closer: r.Body}
	absolute := *r.URL
	absolute.Scheme, absolute.Host = scheme, r.Host
	header := r.Header.Clone()
	header.Set("Host", r.Host)

	rec.mu.Lock()
	defer rec.mu.Unlock()
	index := len(rec.requests)
	rec.requests = append(rec.requests, Request{Time: time.Now(), Method: r.Method, Host: host, URL: &absolute, Header: header, Body: body})
	return func(status int) {
		rec.mu.Lock()
		defer rec.mu.Unlock()
		rec.requests[index].Status = status
	}
}

func (rec *recorder) all() Requests {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	return slices.Clone(rec.requests)
}

type restoredBody struct {
	io.Reader
	io.Closer
}

// statusWriter remembers the status that a handler answered with.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Write(data []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(data)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *statusWriter) Unwrap() http.ResponseWriter {
	return w.ResponseWriter
}
