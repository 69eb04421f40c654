package rig

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"regexp"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// MailServer is a real one, which takes mail for everybody.
type MailServer struct {
	server *smtp.Server
	port   string
	roots  []byte // its certificate, in PEM

	mu     sync.Mutex
	codes  map[letter]string
	copies map[letter]int
	news   chan struct{} // closed when a mail has come
}

// letter is how a person finds the mail of a dialog: by the two words.
type letter struct{ to, words string }

func newMailServer() (*MailServer, error) {
	certificate, roots, err := newCertificate("localhost")
	if err != nil {
		return nil, err
	}
	s := &MailServer{roots: roots, codes: map[letter]string{}, copies: map[letter]int{}, news: make(chan struct{})}
	s.server = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &delivery{server: s}, nil }))
	s.server.Domain = "localhost"
	s.server.ErrorLog = log.New(io.Discard, "", 0) // hosts that are killed break off
	s.server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate}}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	_, s.port, _ = net.SplitHostPort(listener.Addr().String())
	go func() { _ = s.server.Serve(listener) }() // ends with smtp.ErrServerClosed
	return s, nil
}

func (s *MailServer) close() error { return s.server.Close() }

// Code waits for the mail to an address that has these words, and returns its code.
func (s *MailServer) Code(ctx context.Context, to, words string) (string, error) {
	for {
		s.mu.Lock()
		code, news := s.codes[letter{to, words}], s.news
		s.mu.Unlock()
		if code != "" {
			return code, nil
		}
		select {
		case <-ctx.Done():
			return "", errors.Join(errors.New("no mail to "+to+" with the words "+words), ctx.Err())
		case <-news:
		}
	}
}

// Doubles is how many mails have come more than once.
func (s *MailServer) Doubles() (doubles int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, copies := range s.copies {
		doubles += copies - 1
	}
	return doubles
}

var (
	codeInMail  = regexp.MustCompile(`(?m)^ +(\d{6})\r?$`)
	wordsInMail = regexp.MustCompile(`(?m)^ +([a-z]+ [a-z]+)\r?$`)
)

// take keeps what a person reads in a mail with a code.
func (s *MailServer) take(to string, content []byte) {
	code, words := codeInMail.FindSubmatch(content), wordsInMail.FindSubmatch(content)
	if code == nil || words == nil {
		return // a notice
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	found := letter{to, string(words[1])}
	s.codes[found] = string(code[1])
	s.copies[found]++
	close(s.news)
	s.news = make(chan struct{})
}

// delivery is a conversation with somebody who brings mail.
type delivery struct {
	server *MailServer
	to     string
}

func (*delivery) Mail(string, *smtp.MailOptions) error { return nil }

func (d *delivery) Rcpt(to string, _ *smtp.RcptOptions) error {
	d.to = to
	return nil
}

func (d *delivery) Data(content io.Reader) error {
	raw, err := io.ReadAll(content)
	if err == nil {
		d.server.take(d.to, raw)
	}
	return err
}

func (d *delivery) Reset() { d.to = "" }

func (*delivery) Logout() error { return nil }

// newCertificate makes one that is its own authority.
func newCertificate(name string) (tls.Certificate, []byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), err
}
