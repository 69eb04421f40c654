package testbrowser

import (
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"
)

// serveProxy is the door through which browsers enter the world: CONNECT for https, whole URLs for http.
func (w *World) serveProxy(rw http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodConnect {
		w.serve(rw, r, "http")
		return
	}
	host := (&url.URL{Host: r.Host}).Hostname()
	w.mu.Lock()
	_, known := w.hosts[host]
	w.mu.Unlock()
	if !known {
		w.unknown(host)
		http.Error(rw, "this world has no "+host, http.StatusBadGateway)
		return
	}
	w.tunnel(rw, r)
}

// tunnel joins the browser's connection with one to the sites, until both ends have closed.
func (w *World) tunnel(rw http.ResponseWriter, r *http.Request) {
	inside, err := w.Dial(r.Context(), "tcp", r.Host)
	if err != nil {
		http.Error(rw, err.Error(), http.StatusBadGateway)
		return
	}
	defer inside.Close()
	outside, buffered, err := http.NewResponseController(rw).Hijack()
	if err != nil {
		w.fault("hijack proxy connection: %v", err)
		return
	}
	defer outside.Close()
	if _, err := io.WriteString(outside, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		return // the browser has gone
	}
	var copies sync.WaitGroup
	copies.Go(func() { pour(inside, buffered) })
	copies.Go(func() { pour(outside, inside) })
	copies.Wait()
}

// pour copies until the source ends and then closes the destination, which ends the copy in the other direction.
func pour(destination net.Conn, source io.Reader) {
	_, _ = io.Copy(destination, source) // a reset connection is an end like any other
	_ = destination.Close()
}
