package agent

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/navid-login/navid/agent/browserid"
)

// chooseAddress asks which address to sign in with: one that this browser
// knows, or another one.
func (s *session) chooseAddress(ctx context.Context) (browserid.Email, error) {
	s.useDevice(false)
	s.passkey = false
	known, err := s.known(ctx)
	if err != nil {
		return "", err
	}
	wanted := cmp.Or(s.typed, s.req.Email) // who comes back changes what they typed
	enter := wanted != "" && !slices.Contains(known, wanted)
	for {
		if len(known) > 0 && !enter {
			var email browserid.Email
			if email, known, err = s.pick(ctx, known); err != nil || email != "" {
				return email, err
			}
		}
		email, err := s.enter(ctx, len(known) > 0)
		if !errors.Is(err, ErrBack) {
			return email, err
		}
		enter = false
	}
}

// pick offers the known addresses. It returns none if the person wants to
// enter another one, or has removed the last; and those that are left.
func (s *session) pick(ctx context.Context, known []string) (browserid.Email, []string, error) {
	for len(known) > 0 {
		answer, err := s.ask(ctx, Screen{Name: ScreenPick, Identities: known})
		if err != nil || answer.Action == ActionOther {
			return "", known, err
		}
		email, err := browserid.ParseEmail(answer.Email)
		if err != nil {
			return "", nil, fail(CodeInternal, "picked address: %w", err)
		}
		if answer.Action == ActionNext {
			s.typed = ""
			return email, known, nil
		}
		if err := s.Remove(ctx, email); err != nil {
			return "", nil, storageError(err)
		}
		known = slices.DeleteFunc(known, func(k string) bool { return k == answer.Email })
	}
	return "", nil, nil
}

// enter asks for an address until it is one, and whether the device is the
// person's own. Who comes back finds what they typed.
func (s *session) enter(ctx context.Context, canGoBack bool) (browserid.Email, error) {
	screen := Screen{Name: ScreenEnter, Email: cmp.Or(s.typed, s.req.Email), CanGoBack: canGoBack}
	for {
		answer, err := s.ask(ctx, screen)
		if err != nil {
			return "", err
		}
		if answer.Action == ActionPasskey {
			return s.choose(ctx, answer)
		}
		s.typed = answer.Email
		email, err := browserid.ParseEmail(answer.Email)
		if err == nil {
			s.useDevice(answer.NotMyDevice)
			return email, nil
		}
		screen.Email, screen.Code = answer.Email, CodeInvalidEmail
	}
}

// choose takes the address that a passkey proves, or asks which of several.
func (s *session) choose(ctx context.Context, answer Answer) (browserid.Email, error) {
	chosen := Answer{}
	if len(answer.Identities) == 1 {
		chosen.Email = answer.Identities[0]
	} else {
		var err error
		chosen, err = s.ask(ctx, Screen{Name: ScreenChoose, Identities: answer.Identities, CanGoBack: true})
		if err != nil {
			return "", err
		}
	}
	email, err := browserid.ParseEmail(chosen.Email)
	if err != nil {
		return "", fail(CodeInternal, "address of a passkey: %w", err)
	}
	s.useDevice(answer.NotMyDevice)
	s.passkey = true
	return email, nil
}

// known returns the addresses to offer, the likeliest first: the site's hint
// if it is one of them (B5.1), then the one last used there.
func (s *session) known(ctx context.Context) ([]string, error) {
	state, err := s.load(ctx)
	if err != nil {
		return nil, err
	}
	for _, id := range state.Identities {
		if id.Display != "" {
			s.display[id.Email.Domain()] = id.Display
		}
	}
	known := state.Known(s.req.Origin)
	if i := slices.Index(known, s.req.Email); i > 0 {
		known = slices.Concat(known[i:i+1], known[:i], known[i+1:])
	}
	return known, nil
}

// useDevice chooses the stores: forgetful ones on a device that is not the person's own.
func (s *session) useDevice(notMine bool) {
	s.notMyDevice, s.keys, s.store = notMine, s.Keys, s.Store
	if notMine {
		s.keys, s.store = s.Forgetful()
	}
}
