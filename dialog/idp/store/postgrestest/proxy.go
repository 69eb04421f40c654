package postgrestest

import (
	"io"
	"net"
	"net/url"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"
)

// Proxy stands between a client and a server that can be made to hang: what is
// sent arrives no more, though connections stay, and new ones are accepted.
type Proxy struct {
	url      *url.URL
	listener net.Listener
	dial     func() (net.Conn, error)
	gate     sync.RWMutex // what passes holds it for reading
}

// NewProxy puts one before the server of a database, for the time of the test.
func NewProxy(t testing.TB, database string) *Proxy {
	t.Helper()
	config, err := pgx.ParseConfig(database)
	require.NoError(t, err)
	place, err := url.Parse(database)
	require.NoError(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	query := place.Query()
	query.Del("host")
	query.Del("port")
	place.Host, place.RawQuery = listener.Addr().String(), query.Encode()
	network, address := pgconn.NetworkAddress(config.Host, config.Port)
	p := &Proxy{url: place, listener: listener, dial: func() (net.Conn, error) { return net.Dial(network, address) }}
	go p.accept()
	t.Cleanup(func() { _ = listener.Close() })
	return p
}

// URL is that of the database, by way of the proxy.
func (p *Proxy) URL() string { return p.url.String() }

// Hang lets nothing pass until Resume.
func (p *Proxy) Hang() { p.gate.Lock() }

// Resume lets all pass again, also what was held.
func (p *Proxy) Resume() { p.gate.Unlock() }

func (p *Proxy) accept() {
	for {
		outside, err := p.listener.Accept()
		if err != nil {
			return // the test has ended
		}
		go p.join(outside)
	}
}

func (p *Proxy) join(outside net.Conn) {
	inside, err := p.dial()
	if err != nil {
		_ = outside.Close()
		return
	}
	go p.pour(inside, outside)
	p.pour(outside, inside)
}

// pour copies until the source ends, and closes the destination then.
func (p *Proxy) pour(destination io.WriteCloser, source io.Reader) {
	defer func() { _ = destination.Close() }()
	buffer := make([]byte, 32<<10)
	for {
		n, readErr := source.Read(buffer)
		p.gate.RLock()
		_, err := destination.Write(buffer[:n])
		p.gate.RUnlock()
		if err != nil || readErr != nil {
			return
		}
	}
}
