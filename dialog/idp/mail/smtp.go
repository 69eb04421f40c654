package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/url"
	"strings"
	"time"
)

// Security is how the way to a mail server is protected.
type Security string

// The ways to a mail server. The zero value is STARTTLS. Whoever can read the
// way can sign in as everybody, so there is no "if the server offers it".
const (
	STARTTLS          Security = ""
	ImplicitTLS       Security = "tls"
	InsecurePlaintext Security = "plaintext" // to this machine only
)

// DefaultTimeout bounds the delivery of one mail, from the first byte to the last.
const DefaultTimeout = 45 * time.Second

// SMTP hands mails to a mail server, one connection each.
type SMTP struct {
	Host     string
	Port     string
	Security Security
	User     string // none: no authentication
	Password string
	Hello    string         // this host's name, for EHLO
	Roots    *x509.CertPool // whom to trust; nil: the system's
	Timeout  time.Duration  // 0: DefaultTimeout
}

// ParseSMTP reads a URL: smtp://user:password@host:587 (STARTTLS) or
// smtps://user:password@host:465 (TLS from the start). User and password are
// percent-encoded where they must be; the ports are the defaults. Errors show
// nothing of the password.
func ParseSMTP(address string) (SMTP, error) {
	u, err := url.Parse(address)
	if err != nil {
		return SMTP{}, errors.New("not a URL such as smtp://user:password@host:587; write special characters of the password in the form %40")
	}
	server := SMTP{Host: u.Hostname(), Port: u.Port(), User: u.User.Username()}
	server.Password, _ = u.User.Password()
	switch {
	case u.Scheme == "smtps":
		server.Security = ImplicitTLS
	case u.Scheme != "smtp":
		return SMTP{}, errors.New("neither smtp:// nor smtps://")
	}
	if server.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return SMTP{}, errors.New("not of the form smtp://user:password@host:port")
	}
	if server.Port == "" {
		server.Port = map[Security]string{STARTTLS: "587", ImplicitTLS: "465"}[server.Security]
	}
	return server, nil
}

// String names the server, without the password.
func (s SMTP) String() string {
	scheme := "smtp"
	if s.Security == ImplicitTLS {
		scheme = "smtps"
	}
	u := url.URL{Scheme: scheme, Host: net.JoinHostPort(s.Host, s.Port)}
	if s.User != "" {
		u.User = url.User(s.User)
	}
	return u.String()
}

// GoString is String: no format shows the password.
func (s SMTP) GoString() string { return s.String() }

// Send delivers one message. It returns a *Failure, or nil when the server has
// taken the message.
func (s SMTP) Send(ctx context.Context, message Message) error {
	return s.send(ctx, message, nil)
}

func (s SMTP) send(ctx context.Context, message Message, log *transcript) error {
	mail, err := newEnvelope(message)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, s.timeout())
	defer cancel()
	talk := conversation{server: s, log: log}
	if err := talk.hold(ctx, mail); err != nil {
		log.note("at %s: %v", talk.at, err)
		return failureAt(talk.at, err)
	}
	return nil
}

// connect opens the connection.
func (s SMTP) connect(ctx context.Context) (net.Conn, error) {
	connection, err := (&net.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort(s.Host, s.Port))
	if err != nil {
		return nil, err
	}
	if s.Security == InsecurePlaintext && !isLoopback(connection.RemoteAddr()) {
		connection.Close()
		return nil, errors.New("plain text is for a mail server on this machine only")
	}
	return connection, nil
}

func isLoopback(address net.Addr) bool {
	peer, ok := address.(*net.TCPAddr)
	return ok && peer.IP.IsLoopback()
}

func (s SMTP) tls(seen func(tls.ConnectionState)) *tls.Config {
	return &tls.Config{
		ServerName: s.Host,
		RootCAs:    s.Roots,
		MinVersion: tls.VersionTLS12,
		VerifyConnection: func(state tls.ConnectionState) error {
			seen(state)
			return nil
		},
	}
}

// hello is the name that this host gives itself. "localhost" tells less than
// the name of the machine would.
func (s SMTP) hello() string {
	if s.Hello == "" {
		return "localhost"
	}
	return s.Hello
}

func (s SMTP) timeout() time.Duration {
	if s.Timeout > 0 {
		return s.Timeout
	}
	return DefaultTimeout
}
