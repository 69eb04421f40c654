package listen

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func testServer(t *testing.T, handler http.HandlerFunc) (ctx context.Context, stop func(), address string, ended chan error) {
	t.Helper()
	ctx, stop = context.WithCancel(t.Context())
	t.Cleanup(stop)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ended = make(chan error, 1)
	go func() { ended <- Until(ctx, New(listener, handler, slog.New(slog.DiscardHandler))) }()
	return ctx, stop, listener.Addr().String(), ended
}

func TestRequestsUnderWayMayEnd(t *testing.T) {
	t.Parallel()
	var stop func()
	handler := func(w http.ResponseWriter, _ *http.Request) {
		stop()
		_, _ = io.WriteString(w, "answered")
	}
	_, cancel, address, ended := testServer(t, func(w http.ResponseWriter, r *http.Request) { handler(w, r) })
	stop = cancel

	response, err := http.Get("http://" + address)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	assert.Equal(t, "answered", string(body))
	require.NoError(t, <-ended)
	_, err = net.Dial("tcp", address)
	assert.Error(t, err, "nothing new is accepted")
}

func TestHeadersAreBounded(t *testing.T) {
	t.Parallel()
	_, _, address, _ := testServer(t, func(http.ResponseWriter, *http.Request) {})
	conn, err := net.Dial("tcp", address)
	require.NoError(t, err)
	defer conn.Close()
	_, err = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\nX: "+strings.Repeat("x", 2*maxHeaderBytes)+"\r\n\r\n")
	require.NoError(t, err)
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	defer response.Body.Close()
	assert.Equal(t, http.StatusRequestHeaderFieldsTooLarge, response.StatusCode)
}

// pipes is a listener of connections within this process, whose time a synctest
// bubble makes up.
type pipes struct{ incoming chan net.Conn }

func (p pipes) Accept() (net.Conn, error) {
	conn, open := <-p.incoming
	if !open {
		return nil, net.ErrClosed
	}
	return conn, nil
}
func (p pipes) Close() error { return nil }
func (pipes) Addr() net.Addr { return &net.TCPAddr{} }

// Whoever sends a letter a second holds no connection for long (slowloris), be it
// in the header, in the body, in a handshake or between two requests.
func TestSlowClientsAreCutOff(t *testing.T) {
	t.Parallel()
	const whole = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
	tests := []struct {
		name, at, slowly string
		tls              bool
		within           time.Duration
	}{
		{"nothing", "", "", false, readHeaderTimeout},
		{"a header", "GET / HTTP/1.1\r\nX: ", "x", false, readHeaderTimeout},
		{"a body", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n", "x", false, readTimeout},
		{"a handshake", "\x16\x03\x01\x02\x00", "\x00", true, readHeaderTimeout},
		{"between two requests", whole, "", false, idleTimeout},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				listener := pipes{make(chan net.Conn)}
				var serving net.Listener = listener
				if test.tls {
					serving = TLS(listener, func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return nil, errors.New("none") })
				}
				server := New(serving, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { _, _ = io.ReadAll(r.Body) }), slog.New(slog.DiscardHandler))
				go server.http.Serve(server.listener)
				client, accepted := net.Pipe()
				listener.incoming <- accepted
				start := time.Now()
				var writing sync.WaitGroup
				writing.Go(func() {
					_, err := io.WriteString(client, test.at)
					for err == nil && test.slowly != "" {
						time.Sleep(time.Second)
						_, err = io.WriteString(client, test.slowly)
					}
				})
				_, _ = io.Copy(io.Discard, client) // until the server has had enough
				assert.LessOrEqual(t, time.Since(start), test.within+time.Second)
				assert.GreaterOrEqual(t, time.Since(start), test.within)
				close(listener.incoming)
				client.Close()
				writing.Wait()
			})
		})
	}
}

// All servers end when one fails.
func TestServersEndTogether(t *testing.T) {
	t.Parallel()
	first, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	second, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	log := slog.New(slog.DiscardHandler)
	nothing := http.NotFoundHandler()
	ended := make(chan error, 1)
	go func() { ended <- Until(t.Context(), New(first, nothing, log), New(second, nothing, log)) }()
	require.NoError(t, first.Close())
	require.ErrorIs(t, <-ended, net.ErrClosed)
	_, err = net.Dial("tcp", second.Addr().String())
	assert.Error(t, err)
}

// What net/http logs of connections tells no client's address.
func TestErrorLogHasNoAddresses(t *testing.T) {
	t.Parallel()
	var written strings.Builder
	server := New(nil, nil, slog.New(slog.NewTextHandler(&written, nil)))
	for _, address := range []string{"192.0.2.7:51234", "[2001:db8::7]:51234", "[fe80::1%eth0]:51234"} {
		server.http.ErrorLog.Printf("http: TLS handshake error from %s: EOF", address)
		assert.NotContains(t, written.String(), address)
	}
	assert.Equal(t, 3, strings.Count(written.String(), "TLS handshake error from (a client): EOF"))
}
