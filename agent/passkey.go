package agent

import (
	"context"

	"github.com/navid-login/navid/agent/browserid"
)

// PasskeyMemory is what this browser remembers of passkeys for an address. It
// is offered one once, and asked for one only where it has seen it: to ask by
// the address typed would tell everyone who has one (G16).
type PasskeyMemory string

// What can be remembered.
const (
	PasskeyNever    PasskeyMemory = ""         // nothing
	PasskeyDeclined PasskeyMemory = "declined" // offered, and not now
	PasskeySeen     PasskeyMemory = "seen"     // made or used here
)

// remembersPasskey reports whether this browser has seen a passkey for the address.
func (a *attempt) remembersPasskey(ctx context.Context) bool {
	state, err := a.load(ctx)
	if err != nil {
		return false
	}
	id, _ := state.Identity(a.email)
	return id.Passkey == PasskeySeen
}

// rememberPasskey notes what became of passkeys for an address that is kept.
func (s *session) rememberPasskey(ctx context.Context, email browserid.Email, memory PasskeyMemory) {
	s.update(ctx, func(st *State) error {
		if id, ok := st.Identity(email); ok {
			id.Passkey = memory
			st.Put(id)
		}
		return nil
	})
}

// offerPasskey offers to do without mails from now on, once for an address that
// a mail has just proven and that this browser keeps. The page makes the passkey.
func (a *attempt) offerPasskey(ctx context.Context) error {
	if a.passkey {
		a.rememberPasskey(ctx, a.email, PasskeySeen)
	}
	if !a.byMail || !a.isToBeOffered(ctx) {
		return nil
	}
	answer, err := a.ask(ctx, a.screen(ScreenPasskey, ""))
	switch {
	case err != nil:
		return err
	case answer.Action == ActionEnrol:
		a.rememberPasskey(ctx, a.email, PasskeySeen)
	case answer.Action == ActionNext:
		a.rememberPasskey(ctx, a.email, PasskeyDeclined)
	}
	return nil // or this browser has no passkeys, and may have them one day
}

func (a *attempt) isToBeOffered(ctx context.Context) bool {
	state, err := a.store.Load(ctx)
	if err != nil || a.notMyDevice {
		return false
	}
	id, kept := state.Identity(a.email)
	return kept && id.Passkey == PasskeyNever
}
