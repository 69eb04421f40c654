package main

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"

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
	go func() { ended <- serveUntil(ctx, listener, newServer(handler, slog.New(slog.DiscardHandler))) }()
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

func TestEveryWaitOfAConnectionIsBounded(t *testing.T) {
	t.Parallel()
	server := newServer(nil, slog.New(slog.DiscardHandler))
	assert.Positive(t, server.ReadHeaderTimeout)
	assert.Positive(t, server.ReadTimeout)
	assert.Positive(t, server.WriteTimeout)
	assert.Positive(t, server.IdleTimeout)
}
