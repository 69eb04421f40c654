package discovery_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/dns/dnsmessage"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
)

// zone answers DNS questions over a pipe: the address records of a name, or an error code for all of it.
type zone struct {
	code      dnsmessage.RCode
	addresses map[string][4]byte // by rooted name
}

func (z zone) resolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		here, there := net.Pipe()
		go z.serve(there)
		return here, nil
	}}
}

// serve speaks DNS over TCP, which is what the resolver takes a pipe for.
func (z zone) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	var length [2]byte
	if _, err := io.ReadFull(conn, length[:]); err != nil {
		return
	}
	question := make([]byte, int(length[0])<<8|int(length[1]))
	var message dnsmessage.Message
	if _, err := io.ReadFull(conn, question); err != nil || message.Unpack(question) != nil {
		return
	}
	reply := z.reply(message)
	_, _ = conn.Write(append([]byte{byte(len(reply) >> 8), byte(len(reply))}, reply...))
}

func (z zone) reply(message dnsmessage.Message) []byte {
	asked := message.Questions[0]
	message.Response, message.RecursionAvailable, message.RCode, message.Additionals = true, true, z.code, nil
	address, ok := z.addresses[asked.Name.String()]
	switch {
	case !ok && z.code == dnsmessage.RCodeSuccess:
		message.RCode = dnsmessage.RCodeNameError
	case ok && asked.Type == dnsmessage.TypeA:
		message.Answers = []dnsmessage.Resource{{
			Header: dnsmessage.ResourceHeader{Name: asked.Name, Type: dnsmessage.TypeA, Class: dnsmessage.ClassINET, TTL: 1},
			Body:   &dnsmessage.AResource{A: address},
		}}
	}
	packed, err := message.Pack()
	if err != nil {
		return nil
	}
	return packed
}

// These go through the guarded dial, with real name resolution (security test 32). Only the cause tells a name that is known inside
// from one that nobody knows; what strangers read is the same (G15).
func TestNamesAndAddresses(t *testing.T) {
	t.Parallel()
	zone := zone{addresses: map[string][4]byte{
		"loopback.test.": {127, 0, 0, 1},
		"metadata.test.": {169, 254, 169, 254},
		"private.test.":  {10, 0, 0, 1},
	}}
	client := discovery.New(discovery.Config{Resolver: zone.resolver()})
	for _, name := range []string{"loopback.test", "metadata.test", "private.test", "nobody.test"} {
		failure := requireState(t, client, browserid.Domain(name), discovery.Absent)
		assert.Equal(t, name != "nobody.test", errors.Is(failure, discovery.ErrAddressBarred), name)
		assert.EqualError(t, failure, "discover "+name+": There is no server called "+name+" on the public Internet.")
	}
}

// A stranger's own domain can delegate to a name inside, and its failure is told.
func TestDelegationIntoOurNetwork(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := w.config()
	config.InsecureDial = func(ctx context.Context, network, address string) (net.Conn, error) {
		if address == "private.test:443" {
			return nil, &net.OpError{Op: "dial", Err: discovery.ErrAddressBarred}
		}
		return w.dial(ctx, network, address)
	}
	client := discovery.New(config)
	for _, inside := range []string{"private.test", "nobody.test"} {
		w.publish("evil.test", `{"authority":"`+inside+`"}`)
		failure := requireState(t, client, "evil.test", discovery.Offline)
		assert.Equal(t, "Authority is delegated: evil.test > "+inside+". There is no server called "+inside+" on the public Internet.", failure.Reason)
		w.clock.advance(discovery.FailureLifetime)
	}
}

func TestDNSInTrouble(t *testing.T) {
	t.Parallel()
	client := discovery.New(discovery.Config{Resolver: zone{code: dnsmessage.RCodeServerFailure}.resolver()})
	failure := requireState(t, client, "idp.test", discovery.Offline)
	assert.Equal(t, "The address of idp.test could not be looked up. Try again later.", failure.Reason)
}

func TestConnectionOnFirstContact(t *testing.T) {
	t.Parallel()
	dial := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }
	tests := []struct {
		name string
		err  error
		want discovery.State
	}{
		{"refused", dial(os.NewSyscallError("connect", syscall.ECONNREFUSED)), discovery.Absent},
		{"dropped by a firewall", dial(os.ErrDeadlineExceeded), discovery.Absent},
		{"no route, which may be our own trouble", dial(os.NewSyscallError("connect", syscall.ENETUNREACH)), discovery.Offline},
		{"reset", &net.OpError{Op: "read", Err: os.NewSyscallError("read", syscall.ECONNRESET)}, discovery.Offline},
		{"a slow name server", &net.DNSError{Err: "timeout", IsTimeout: true}, discovery.Offline},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			client := discovery.New(discovery.Config{InsecureDial: func(context.Context, string, string) (net.Conn, error) {
				return nil, test.err
			}})
			failure := requireState(t, client, "idp.test", test.want)
			require.ErrorIs(t, failure, test.err, "the cause is there for logs")
		})
	}
}

// serveTLS is a server that shows the certificate made of template by the test authority, or greets without TLS.
func serveTLS(t *testing.T, greeting string, template *x509.Certificate) discovery.Config {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go greet(conn, greeting, template)
		}
	}()
	roots := x509.NewCertPool()
	roots.AddCert(testAuthority().leaf)
	return discovery.Config{RootCAs: roots, InsecureDial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "tcp", listener.Addr().String())
	}}
}

func greet(conn net.Conn, greeting string, template *x509.Certificate) {
	defer func() { _ = conn.Close() }()
	if greeting != "" {
		_, _ = io.WriteString(conn, greeting)
		_, _ = io.Copy(io.Discard, conn)
		return
	}
	certificate, err := testAuthority().sign(template)
	if err != nil {
		return
	}
	_ = tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{*certificate}}).Handshake()
}

func TestTLSOnFirstContact(t *testing.T) {
	t.Parallel()
	named := func(name string, until time.Time) *x509.Certificate {
		template := certificateTemplate(name)
		template.DNSNames, template.NotAfter = []string{name}, until
		return template
	}
	later, earlier := time.Now().Add(time.Hour), time.Now().Add(-time.Hour)
	tests := []struct {
		name        string
		greeting    string
		certificate *x509.Certificate
		roots       *x509.CertPool
		reason      string
	}{
		{"another name", "", named("www.idp.test", later), nil, "The TLS certificate that idp.test shows is for another name."},
		{"expired", "", named("idp.test", earlier), nil, "The TLS certificate that idp.test shows has expired, or is not valid yet."},
		{"unknown authority", "", named("idp.test", later), x509.NewCertPool(), "The TLS certificate that idp.test shows is from an " +
			"authority that is not known here, or its chain is incomplete."},
		{"plain HTTP", "HTTP/1.1 400 Bad Request\r\n\r\n", nil, nil, "idp.test does not speak TLS as it should."},
		{"another protocol", "SSH-2.0-OpenSSH_10.0\r\n", nil, nil, "idp.test does not speak TLS as it should."},
		{"an alert", "\x15\x03\x03\x00\x02\x02\x70", nil, nil, "idp.test does not speak TLS as it should."},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			config := serveTLS(t, test.greeting, test.certificate)
			if test.roots != nil {
				config.RootCAs = test.roots
			}
			failure := requireState(t, discovery.New(config), "idp.test", discovery.Absent)
			assert.Equal(t, test.reason, failure.Reason)
		})
	}
}

// What is no domain, because a caller has not parsed it, is asked of nobody, and no fallback may speak for it.
func TestNoDomain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	failure := requireState(t, discovery.New(w.config()), "idp test", discovery.Offline)
	assert.EqualError(t, failure, "discover idp test: The connection to idp test failed. Try again later.")
	assert.Empty(t, w.asked())
}
