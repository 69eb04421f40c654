package listen

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync/atomic"
	"time"
)

// ReloadInterval is how long new certificate files may go unnoticed.
const ReloadInterval = 10 * time.Second

// Files is a certificate in files, which others may replace while it is served.
type Files struct {
	certificate, key string
	current          atomic.Pointer[pair]
}

// pair is a certificate with what its files looked like when it was read.
type pair struct {
	tls.Certificate
	stamps [2]stamp
}

// stamp tells whether a file is still the one that was read.
type stamp struct {
	modified time.Time
	size     int64
}

// OpenFiles reads a chain and its private key, both PEM.
func OpenFiles(certificate, key string) (*Files, error) {
	f := &Files{certificate: certificate, key: key}
	_, err := f.Reload()
	if err != nil {
		return nil, fmt.Errorf("TLS certificate: %w", err)
	}
	return f, nil
}

// Certificate implements [Certificates].
func (f *Files) Certificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	return &f.current.Load().Certificate, nil
}

// Reload reads the files if they have changed, and reports whether they had. Two
// that do not belong together, because only one has been replaced yet, leave
// the certificate as it was.
func (f *Files) Reload() (changed bool, err error) {
	stamps, err := f.stamps()
	if err != nil {
		return false, err
	}
	if current := f.current.Load(); current != nil && current.stamps == stamps {
		return false, nil
	}
	certificate, err := tls.LoadX509KeyPair(f.certificate, f.key)
	if err != nil {
		return false, err
	}
	f.current.Store(&pair{certificate, stamps})
	return true, nil
}

func (f *Files) stamps() (stamps [2]stamp, err error) {
	for i, path := range []string{f.certificate, f.key} {
		info, err := os.Stat(path)
		if err != nil {
			return stamps, err
		}
		stamps[i] = stamp{info.ModTime(), info.Size()}
	}
	return stamps, nil
}

// Run reloads every [ReloadInterval] until ctx ends.
func (f *Files) Run(ctx context.Context, log *slog.Logger) {
	ticker := time.NewTicker(ReloadInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		switch changed, err := f.Reload(); {
		case err != nil:
			log.Error("the TLS certificate cannot be read again, the old one is served on", "error", err)
		case changed:
			log.Info("a new TLS certificate is served", "expires", f.Expires())
		}
	}
}

// Expires is when the certificate ends.
func (f *Files) Expires() time.Time { return f.current.Load().Leaf.NotAfter }
