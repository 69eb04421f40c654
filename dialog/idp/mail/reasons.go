package mail

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"strings"
	"syscall"
)

// What a person reads who waits for a mail that does not come. None of these
// names an address, a code or a word of the other server: it is text that
// others wrote, and repeats the address.
const (
	reasonRecipient   = "Mail cannot be sent to this address."
	reasonSender      = "This host's mail server refuses the sender of its mails. Whoever runs this host has to mend that."
	reasonUnreachable = "This host's mail server does not answer."
	reasonUnencrypted = "This host's mail server cannot be reached over a safe connection. Whoever runs this host has to mend that."
	reasonPassword    = "This host's mail server refuses its password. Whoever runs this host has to mend that."
	reasonRefusesHost = "Mail from this host is refused."
	reasonNoMailbox   = "There is no such mailbox, says the mail server."
	reasonOff         = "This mailbox takes no mail at present, says the mail server."
	reasonFull        = "The mailbox is full."
	reasonNoDomain    = "The part of the address after the @ takes no mail."
	reasonRefusesMail = "The mail server refuses the mail."
	reasonLater       = "The mail server asks to try again later."
	reasonLate        = "The mail could not be sent in time."
	reasonSecret      = "This host has lost the key to this mail."
	reasonOther       = "The mail could not be sent."
)

// failureAt says what an error at a step means. Until the server has heard of
// the mail (MAIL FROM), even its 5xx is about this host, not about the mail:
// that passes when somebody mends it, or with another replica.
func failureAt(at step, err error) *Failure {
	failure := &Failure{Detail: detail(at, err)}
	reply, ok := errors.AsType[*textproto.Error](err)
	switch {
	case !ok:
		failure.Reason = reasonOfBreak(at, err)
	case at == stepSender || at == stepRecipient || at == stepData:
		failure.Permanent = reply.Code/100 == 5
		failure.Reason = reasonOfReply(at, reply)
	case at == stepAuth:
		failure.Reason = reasonPassword
	default:
		failure.Reason = reasonRefusesHost
	}
	return failure
}

// reasonOfBreak is for a conversation that ended without an answer.
func reasonOfBreak(at step, err error) string {
	switch {
	case at == stepTLS && !isSilence(err):
		return reasonUnencrypted
	case errors.Is(err, errNoAuth):
		return reasonPassword
	}
	return reasonUnreachable
}

// isSilence tells whether the other side just went away.
func isSilence(err error) bool {
	failed, ok := errors.AsType[net.Error](err)
	return ok && failed.Timeout() || errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET)
}

// detail describes an error without the words of the server, which repeat the
// address: of an answer only the numbers.
func detail(at step, err error) string {
	if reply, ok := errors.AsType[*textproto.Error](err); ok {
		return strings.TrimSpace(fmt.Sprintf("%s: %d %s", at, reply.Code, enhanced(reply)))
	}
	return fmt.Sprintf("%s: %v", at, err)
}

// reasonOfReply reads the numbers of an answer (RFC 5321, RFC 3463).
func reasonOfReply(at step, reply *textproto.Error) string {
	number := enhanced(reply)
	_, kind, _ := strings.Cut(number, ".") // 5.1.1 and 4.1.1 mean the same
	if reason, ok := reasonOfKind[kind]; ok && at != stepSender {
		return reason
	}
	switch {
	case reply.Code/100 != 5:
		return reasonLater
	case at == stepSender:
		return reasonSender
	case strings.HasPrefix(kind, "7."):
		return reasonRefusesHost
	case reply.Code == 552:
		return reasonFull
	case at == stepRecipient && number == "" || strings.HasPrefix(kind, "1."):
		return reasonNoMailbox
	}
	return reasonRefusesMail
}

// reasonOfKind is by the last two numbers of an enhanced status code.
var reasonOfKind = map[string]string{
	"1.1": reasonNoMailbox, "1.3": reasonNoMailbox, "1.6": reasonNoMailbox, "1.10": reasonNoDomain,
	"1.2": reasonNoDomain, "4.4": reasonNoDomain,
	"2.1": reasonOff, "2.2": reasonFull,
}

// enhanced returns the status code of RFC 3463 that an answer begins with,
// such as "5.1.1", or nothing.
func enhanced(reply *textproto.Error) string {
	first, _, _ := strings.Cut(strings.TrimSpace(reply.Msg), " ")
	parts := strings.Split(first, ".")
	if len(parts) != 3 || len(first) > len("5.999.999") {
		return ""
	}
	for _, part := range parts {
		if part == "" || strings.Trim(part, "0123456789") != "" {
			return ""
		}
	}
	return first
}
