package discovery

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"syscall"

	"github.com/navid-login/navid/agent/browserid"
)

// unreachable says what it means on first contact that host gave no answer (G12). What shows that nobody serves https there is
// Absent; what may be a passing trouble, there or here, is Offline.
func unreachable(host browserid.Domain, err error) *Error {
	state, cause, text := trouble(err)
	return &Error{State: state, Cause: cause, Err: err, Reason: fmt.Sprintf(text, host)}
}

// noPublicAddress is said of names without an address and of those with a private one alike: strangers may read it, and must not
// learn by asking, or by delegating, which names are known inside our network (G15). The cause, for logs, tells them apart.
const noPublicAddress = "There is no server called %s on the public Internet."

// trouble returns the state, the cause and a sentence that lacks only the host's name.
func trouble(err error) (State, Cause, string) {
	if name, ok := errors.AsType[*net.DNSError](err); ok {
		if name.IsNotFound {
			return Absent, CauseNoAddress, noPublicAddress
		}
		return Offline, CauseDNS, "The address of %s could not be looked up. Try again later."
	}
	switch {
	case errors.Is(err, ErrAddressBarred):
		return Absent, CauseNoAddress, noPublicAddress
	case refused(err):
		return Absent, CauseRefused, "%s accepts no connections."
	case untrusted(err):
		cause, text := tlsTrouble(err)
		return Absent, cause, text
	case errors.Is(err, context.DeadlineExceeded):
		return Offline, CauseNoAnswer, "%s did not answer in time. Try again later."
	default:
		return Offline, CauseConnection, "The connection to %s failed. Try again later."
	}
}

// refused reports that nothing took the connection. A firewall that drops it is only less polite than one that refuses.
func refused(err error) bool {
	if errors.Is(err, syscall.ECONNREFUSED) {
		return true
	}
	dial, ok := errors.AsType[*net.OpError](err)
	return ok && dial.Op == "dial" && dial.Timeout()
}

// untrusted reports that the server cannot prove in TLS that it is the host. An alert is its own refusal to try; a scheme mismatch
// is plain HTTP, a bad record is some other protocol.
func untrusted(err error) bool {
	_, certificate := errors.AsType[*tls.CertificateVerificationError](err)
	_, record := errors.AsType[tls.RecordHeaderError](err)
	network, ok := errors.AsType[*net.OpError](err)
	alert := ok && network.Op == "remote error" // so crypto/tls calls it
	return certificate || record || alert || errors.Is(err, http.ErrSchemeMismatch)
}

func tlsTrouble(err error) (Cause, string) {
	_, name := errors.AsType[x509.HostnameError](err)
	_, authority := errors.AsType[x509.UnknownAuthorityError](err)
	invalid, _ := errors.AsType[x509.CertificateInvalidError](err)
	switch {
	case name:
		return CauseTLSName, "The TLS certificate that %s shows is for another name."
	case authority:
		return CauseTLSAuthority, "The TLS certificate that %s shows is from an authority that is not known here, or its chain is incomplete."
	case invalid.Reason == x509.Expired:
		return CauseTLSTime, "The TLS certificate that %s shows has expired, or is not valid yet."
	default:
		return CauseTLS, "%s does not speak TLS as it should."
	}
}
