// Package rig runs login hosts as processes of this machine, and has people sign
// in at them: for measurements, and for tests that kill what they run.
//
// A host of a rig is `navid serve` in development, so that nothing leaves the
// machine: mail goes to a real SMTP server of the rig, and the addresses are of a
// domain that the rig answers for, which has no identity provider. Each person
// comes from a network of its own, by the word of a proxy, so that the limits of
// a network are not in the way.
package rig

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/navid-login/navid/agent/browserid"
)

// Domain is that of the addresses.
const Domain = "mail.localhost"

// Rig is what hosts need around them.
type Rig struct {
	Mail *MailServer

	folder    string
	port      string // of the public URL, where other domains answer too
	domains   *http.Server
	client    *http.Client
	publicKey string
	people    atomic.Uint32
}

// New makes a rig that keeps its files in a folder.
func New(folder string) (*Rig, error) {
	mail, err := newMailServer()
	if err != nil {
		return nil, err
	}
	r := &Rig{Mail: mail, folder: folder, domains: &http.Server{Handler: http.NotFoundHandler(), ReadHeaderTimeout: time.Minute}}
	r.client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 1000}}
	if err := errors.Join(r.makePublicKey(), r.answerForDomains(), os.WriteFile(r.rootsFile(), mail.roots, 0o600)); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

// Close ends what is not a host.
func (r *Rig) Close() error {
	r.client.CloseIdleConnections()
	return errors.Join(r.Mail.close(), r.domains.Close())
}

// rootsFile has the certificate of the mail server.
func (r *Rig) rootsFile() string { return filepath.Join(r.folder, "roots.pem") }

// answerForDomains says for each domain that it has no identity provider.
func (r *Rig) answerForDomains() error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	_, r.port, _ = net.SplitHostPort(listener.Addr().String())
	go func() { _ = r.domains.Serve(listener) }() // ends with http.ErrServerClosed
	return nil
}

// makePublicKey makes what browsers have certified.
func (r *Rig) makePublicKey() error {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	point, err := private.PublicKey.Bytes()
	if err != nil {
		return err
	}
	key, err := browserid.NewP256(point[1:33], point[33:])
	if err != nil {
		return err
	}
	text, err := key.MarshalJSON()
	r.publicKey = string(text)
	return err
}

// name is the host's name and port in the public URL.
func (r *Rig) name() string { return "login.localhost:" + r.port }

// Secrets is the folder that the hosts keep their secrets in.
func (r *Rig) Secrets() string { return filepath.Join(r.folder, "secrets") }
