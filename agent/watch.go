package agent

import (
	"context"
	"time"

	"github.com/navid-login/navid/agent/browserid"
)

// Handover is what the dialog gives to the communication frame of a site that
// observes, so that the frame can sign silently in its own partition
// (design 6.2): an identity with its key.
type Handover struct {
	Identity
	Key     Key
	Expires browserid.Millis // the certificate's end
}

// HandOver returns what is kept of an address, for the bridge.
func (a *Agent) HandOver(ctx context.Context, email browserid.Email) (*Handover, error) {
	state, err := a.Store.Load(ctx)
	if err != nil {
		return nil, storageError(err)
	}
	id, ok := state.Identity(email)
	if !ok {
		return nil, fail(CodeInternal, "nothing is kept of this address")
	}
	key, err := a.Keys.Load(ctx, email)
	if err != nil {
		return nil, storageError(err)
	}
	c, err := belonging(id, key)
	if err != nil {
		return nil, err
	}
	return &Handover{id, key, c.certificate.Expires}, nil
}

// SignSilently signs an assertion with what was handed over, or with what the
// dialog keeps where the frame can read it. The person is not asked, so
// nothing may be amiss: the certificate is of this address and this key, the
// key is the one that the identity names, and there is time left (A3.7, B3.2).
// Whether the person is logged in at req.Origin is for the caller to know.
func SignSilently(ctx context.Context, req Request, id Identity, key Key, now time.Time) (string, error) {
	c, err := belonging(id, key)
	if err != nil {
		return "", err
	}
	if err := c.checkUsable(req, id.Email, now); err != nil {
		return "", err
	}
	return sign(ctx, req, c, now)
}
