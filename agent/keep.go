package agent

import (
	"context"
	"errors"

	"github.com/navid-login/navid/agent/browserid"
)

// stored returns the credential kept for an address if it may still be used
// (B3.2), else nil. A certificate whose key is another one, as a crash between
// two stores can leave behind, is not an error: the next step certifies again.
func (s *session) stored(ctx context.Context, email browserid.Email) *credential {
	state, err := s.load(ctx)
	if err != nil || s.req.ForceAuthentication {
		return nil
	}
	id, ok := state.Identity(email)
	if !ok {
		return nil
	}
	key, err := s.keys.Load(ctx, email)
	if err != nil {
		return nil
	}
	c, err := belonging(id, key)
	if err != nil || c.checkUsable(s.req, email, s.Now()) != nil {
		return nil
	}
	return c
}

// belonging makes a credential of a kept identity and a key, if they belong
// together.
func belonging(id Identity, key Key) (*credential, error) {
	if key.Thumbprint() != id.Thumbprint {
		return nil, fail(CodeCertificateWrongKey, "the identity names another key")
	}
	certificate, _, err := browserid.ParseCertificate(id.Certificate)
	if err != nil {
		return nil, fail(CodeCertificateMalformed, "%w", err)
	}
	return &credential{certificate, id.Certificate, key, id.Authority}, nil
}

// keep stores a checked certificate and commits its key, the key first. If
// that fails the sign-in goes on: it is only not remembered, and says so. What
// only a site that asked for it would believe is not kept at all.
func (s *session) keep(ctx context.Context, c *credential) {
	email := c.certificate.Principal.Email
	if c.certificate.Principal.Unverified || s.req.isForeign(email) {
		return
	}
	s.update(ctx, func(st *State) error {
		before, _ := st.Identity(email)
		st.Put(Identity{
			Email:       email,
			Certificate: c.token,
			Thumbprint:  c.key.Thumbprint(),
			Authority:   c.authority,
			Used:        browserid.MillisOf(s.Now()),
			Display:     s.display[email.Domain()],
			Passkey:     before.Passkey,
		})
		return s.keys.Commit(ctx, email, c.key)
	})
}

// load reads the store. A corrupt one has become an empty one, and the next
// screen says so.
func (s *session) load(ctx context.Context) (*State, error) {
	state, err := s.store.Load(ctx)
	if errors.Is(err, ErrStorageCorrupt) {
		s.notice = CodeStorageCorrupt
		state, err = s.store.Load(ctx)
	}
	if err != nil {
		return nil, storageError(err)
	}
	return state, nil
}

// update changes the store. What cannot be kept is a notice, not a failure.
func (s *session) update(ctx context.Context, change func(*State) error) {
	err := s.store.Update(ctx, change)
	if errors.Is(err, ErrStorageCorrupt) {
		err = s.store.Update(ctx, change)
	}
	if err != nil {
		s.notice = storageError(err).Code
	}
}

func storageError(err error) *Error {
	code := CodeStorageBlocked
	if errors.Is(err, ErrStorageFull) {
		code = CodeStorageFull
	}
	return &Error{Code: code, Err: err}
}
