package mail

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/md5"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"
)

// mailServer is a real one, in this process, on a port of this machine.
type mailServer struct {
	address string
	roots   *x509.CertPool
	options serverOptions
	server  *smtp.Server

	mu    sync.Mutex
	mails []received
	asked map[string]int // how often each step was reached
	news  chan received
}

// received is what the server took.
type received struct {
	from, to string
	utf8     bool
	content  []byte
}

type serverOptions struct {
	name        string // of the certificate; "localhost" when empty
	implicit    bool   // TLS from the start
	noTLS       bool
	address     string // where to listen; any free port when empty
	auth        []string
	user, pass  string
	smtputf8    bool
	answer      func(step string, n int) error // to the n-th time that a step is reached; nil is yes
	selfSigned  bool                           // the certificate is of a CA that nobody knows
	afterAccept func()                         // the content is taken, the reply not yet sent
}

func startServer(t *testing.T, options serverOptions) *mailServer {
	t.Helper()
	if options.name == "" {
		options.name = "localhost"
	}
	roots, certificate := newCertificate(t, options.name)
	if options.selfSigned {
		roots = x509.NewCertPool()
	}
	s := &mailServer{roots: roots, options: options, asked: map[string]int{}, news: make(chan received, 1000)}
	s.server = smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		return &serverSession{mailServer: s}, s.answer("hello")
	}))
	s.server.Domain = "mx.test"
	s.server.ErrorLog = log.New(io.Discard, "", 0)
	s.server.EnableSMTPUTF8 = options.smtputf8
	s.server.AllowInsecureAuth = options.noTLS
	config := &tls.Config{Certificates: []tls.Certificate{certificate}}
	if !options.noTLS {
		s.server.TLSConfig = config
	}
	s.listen(t, config)
	return s
}

func (s *mailServer) listen(t *testing.T, config *tls.Config) {
	address := s.options.address
	if address == "" {
		address = "127.0.0.1:0"
	}
	listener, err := net.Listen("tcp", address)
	require.NoError(t, err)
	s.address = listener.Addr().String()
	if s.options.implicit {
		listener = tls.NewListener(listener, config)
	}
	go func() { _ = s.server.Serve(listener) }()
	t.Cleanup(func() {
		listener.Close()
		s.server.Close()
	})
}

// client is how to reach the server.
func (s *mailServer) client() SMTP {
	_, port, _ := net.SplitHostPort(s.address)
	client := SMTP{Host: "localhost", Port: port, Roots: s.roots, Hello: "login.example", Timeout: 5 * time.Second}
	if s.options.implicit {
		client.Security = ImplicitTLS
	}
	return client
}

// answer counts a step, and asks the test what to say.
func (s *mailServer) answer(step string) error {
	s.mu.Lock()
	s.asked[step]++
	n := s.asked[step]
	s.mu.Unlock()
	if s.options.answer == nil {
		return nil
	}
	return s.options.answer(step, n)
}

func (s *mailServer) all() []received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]received(nil), s.mails...)
}

func (s *mailServer) reached(step string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked[step]
}

type serverSession struct {
	*mailServer
	mail received
	in   bool
}

func (s *serverSession) Reset()        {}
func (s *serverSession) Logout() error { return nil }

func (s *serverSession) AuthMechanisms() []string { return s.options.auth }

func (s *serverSession) Auth(mechanism string) (sasl.Server, error) {
	check := func(user, pass string) error {
		if err := s.answer("auth"); err != nil {
			return err
		}
		if user != s.options.user || pass != s.options.pass {
			return smtp.ErrAuthFailed
		}
		s.in = true
		return nil
	}
	switch mechanism {
	case "PLAIN":
		return sasl.NewPlainServer(func(_, user, pass string) error { return check(user, pass) }), nil
	case "LOGIN":
		return &loginServer{check: check}, nil
	case "CRAM-MD5":
		return &cramServer{pass: s.options.pass, check: check}, nil
	}
	return nil, smtp.ErrAuthUnknownMechanism
}

func (s *serverSession) Mail(from string, options *smtp.MailOptions) error {
	if s.options.user != "" && !s.in {
		return smtp.ErrAuthRequired
	}
	s.mail = received{from: from, utf8: options.UTF8}
	return s.answer("from")
}

func (s *serverSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	if s.mail.to != "" {
		return errors.New("one recipient only")
	}
	s.mail.to = to
	return s.answer("to")
}

func (s *serverSession) Data(r io.Reader) error {
	if err := s.answer("data"); err != nil {
		return err
	}
	var content bytes.Buffer
	if _, err := content.ReadFrom(r); err != nil {
		return err
	}
	if err := s.answer("end"); err != nil {
		return err
	}
	s.mail.content = content.Bytes()
	s.mu.Lock()
	s.mails = append(s.mails, s.mail)
	s.mu.Unlock()
	s.news <- s.mail
	if s.options.afterAccept != nil {
		s.options.afterAccept()
	}
	return nil
}

// loginServer is LOGIN, which package sasl leaves out: two questions.
type loginServer struct {
	heard []string
	check func(user, pass string) error
}

func (l *loginServer) Next(response []byte) ([]byte, bool, error) {
	if response != nil {
		l.heard = append(l.heard, string(response))
	}
	if len(l.heard) < 2 {
		return []byte([]string{"Username:", "Password:"}[len(l.heard)]), false, nil
	}
	return nil, true, l.check(l.heard[0], l.heard[1])
}

// cramServer is CRAM-MD5 (RFC 2195), which package sasl does not know.
type cramServer struct {
	pass  string
	asked bool
	check func(user, pass string) error
}

func (c *cramServer) Next(response []byte) ([]byte, bool, error) {
	const challenge = "<1896.697170952@mx.test>"
	if !c.asked {
		c.asked = true
		return []byte(challenge), false, nil
	}
	user, digest, _ := strings.Cut(string(response), " ")
	mac := hmac.New(md5.New, []byte(c.pass))
	mac.Write([]byte(challenge))
	if digest != hex.EncodeToString(mac.Sum(nil)) {
		return nil, true, smtp.ErrAuthFailed
	}
	return nil, true, c.check(user, c.pass)
}

// newCertificate makes a CA, and a certificate by it.
func newCertificate(t *testing.T, name string) (*x509.CertPool, tls.Certificate) {
	t.Helper()
	authority := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test CA"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	authorityKey := newKey(t)
	authorityDER, err := x509.CreateCertificate(rand.Reader, authority, authority, authorityKey.Public(), authorityKey)
	require.NoError(t, err)
	authority, err = x509.ParseCertificate(authorityDER)
	require.NoError(t, err)
	server := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: authority.NotBefore, NotAfter: authority.NotAfter,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	key := newKey(t)
	der, err := x509.CreateCertificate(rand.Reader, server, authority, key.Public(), authorityKey)
	require.NoError(t, err)
	roots := x509.NewCertPool()
	roots.AddCert(authority)
	return roots, tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	return key
}
