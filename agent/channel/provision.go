package channel

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Port carries messages to and from one provisioning page. It hands on only
// strings that came from the page's own window and from the origin of the
// provisioning URL, and posts to that origin only (A9.5).
type Port interface {
	Post(ctx context.Context, message string) error
	Receive(ctx context.Context) (string, error)
}

const (
	// maxMessages is how many messages a page may send in one conversation;
	// an honest one needs four, and four more each time it is reloaded.
	maxMessages = 100
	// maxReason is the size in bytes of the longest reason that is kept.
	maxReason = 256
)

// ErrOrder reports a page that asked for a key before it asked for whom, or
// registered a certificate before it had a key (C1.2, C1.3).
var ErrOrder = errors.New("channel: provisioning calls out of order")

// ErrFlood reports a page that sent too many messages.
var ErrFlood = errors.New("channel: too many messages from the provisioning page")

// ProvisioningFailure is the page's own word that it cannot vouch for the
// address now (C1.4). Most often the person has to sign in there first.
type ProvisioningFailure struct {
	Reason string // the page's words, cut to a few: never trusted, never shown as ours
}

// Error describes the failure.
func (e *ProvisioningFailure) Error() string {
	return fmt.Sprintf("provisioning failed: %q", e.Reason)
}

// Provision is the agent's side of the conversation with a provisioning page:
// it tells the page the address and how many seconds the certificate shall
// live, gives it a public key, and returns the certificate that it registers,
// unchecked. genKey is called at most once, also when the page is reloaded and
// begins anew.
//
// The page speaks first, when it is loaded: a message to a window that is
// still on its way there would be lost. ctx bounds the wait (C1.5).
//
// Errors: [*ProvisioningFailure], [ErrOrder], [ErrFlood], [ErrMalformed], those
// of port and genKey.
func Provision(
	ctx context.Context, port Port, email string, seconds int,
	genKey func(ctx context.Context) (publicKeyJSON string, err error),
) (certificate string, err error) {
	c := &conversation{port: port, email: email, seconds: seconds, genKey: genKey}
	for range maxMessages {
		text, err := port.Receive(ctx)
		if err != nil {
			return "", fmt.Errorf("receive from the provisioning page: %w", err)
		}
		if !strings.Contains(text, scope) {
			continue // other scripts of the page post messages too
		}
		certificate, err := c.hear(ctx, text)
		if certificate != "" || err != nil {
			return certificate, err
		}
	}
	return "", ErrFlood
}

type conversation struct {
	port    Port
	email   string
	seconds int
	genKey  func(context.Context) (string, error)

	publicKey string // made at the first call, kept when the page begins anew
	begun     bool   // this load of the page knows the address
	keyGiven  bool   // this load of the page has the key
}

// hear answers one message. The conversation is over when it returns a
// certificate or an error.
func (c *conversation) hear(ctx context.Context, text string) (certificate string, err error) {
	message, err := Parse(text)
	if err != nil {
		return "", err
	}
	switch message := message.(type) {
	case Ready:
		return "", c.greet(ctx, message)
	case BeginProvisioning:
		c.begun = true
		return "", c.post(ctx, Begun{message.ID, c.email, int64(c.seconds)})
	case GenKeyPair:
		return "", c.giveKey(ctx, message)
	case RegisterCertificate:
		return c.take(message)
	case RaiseProvisioningFailure:
		return "", &ProvisioningFailure{Reason: cut(message.Reason)}
	default:
		return "", malformed("an answer to no question")
	}
}

// greet answers a page that has just been loaded, maybe again.
func (c *conversation) greet(ctx context.Context, message Ready) error {
	if message.Pong {
		return nil
	}
	c.begun, c.keyGiven = false, false
	return c.post(ctx, Ready{Pong: true})
}

func (c *conversation) giveKey(ctx context.Context, call GenKeyPair) error {
	if !c.begun {
		refusal := CallError{call.ID, "out_of_order", "call beginProvisioning() first"}
		return errors.Join(ErrOrder, c.post(ctx, refusal))
	}
	if c.publicKey == "" {
		publicKey, err := c.genKey(ctx)
		if err != nil {
			return fmt.Errorf("make a key pair: %w", err)
		}
		c.publicKey = publicKey
	}
	c.keyGiven = true
	return c.post(ctx, KeyPair{call.ID, c.publicKey})
}

func (c *conversation) take(message RegisterCertificate) (certificate string, err error) {
	switch {
	case !c.keyGiven:
		return "", ErrOrder
	case message.Certificate == "":
		return "", malformed("an empty certificate")
	default:
		return message.Certificate, nil
	}
}

func (c *conversation) post(ctx context.Context, message Message) error {
	if err := c.port.Post(ctx, message.String()); err != nil {
		return fmt.Errorf("post to the provisioning page: %w", err)
	}
	return nil
}

// cut shortens a text to maxReason bytes without cutting a character in two.
func cut(text string) string {
	if len(text) <= maxReason {
		return text
	}
	end := maxReason
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end]
}
