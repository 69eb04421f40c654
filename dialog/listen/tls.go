package listen

import (
	"crypto/tls"
	"net"
)

// Certificates finds the certificate for a connection, as [tls.Config] asks.
type Certificates func(*tls.ClientHelloInfo) (*tls.Certificate, error)

// TLS makes a listener speak TLS.
func TLS(listener net.Listener, certificates Certificates, protocols ...string) net.Listener {
	return tls.NewListener(listener, &tls.Config{
		GetCertificate: certificates,
		MinVersion:     tls.VersionTLS12,
		NextProtos:     append([]string{"h2", "http/1.1"}, protocols...),
	})
}
