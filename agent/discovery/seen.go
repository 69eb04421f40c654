package discovery

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/navid-login/navid/agent/browserid"
)

// How long a provider that cannot be found is taken to be offline, and not gone (B4, B8.2, G12).
const (
	// Stickiness is the most. It is less for a provider that was seen for a shorter time, so that a file placed for a minute
	// does not lock a domain's users out for days.
	Stickiness = 5 * 24 * time.Hour
	// MissingAnswers is how many times a domain must say that it has no support document, over at least MissingSpan, to be
	// believed before that.
	MissingAnswers = 3
	// MissingSpan is the least time between the first and the last of those answers.
	MissingSpan = 24 * time.Hour
)

// sightingInterval saves a write for each look at a domain that is seen often.
const sightingInterval = 10 * time.Minute

// Sighting is what is remembered of a domain that had a provider. The zero value is a domain never seen.
type Sighting struct {
	First time.Time `json:"first"` // when its provider was first found
	Last  time.Time `json:"last"`  // and last
	// Missing counts the answers since Last that there is no support document; MissingSince is the time of the first.
	Missing      int       `json:"missing,omitempty"`
	MissingSince time.Time `json:"missingSince,omitzero"`
}

// SeenStore remembers which domains had a provider. Share or keep it, so that a restarted verifier does not take the fallback's
// word for a domain whose provider is only away. Implementations are safe for concurrent use.
type SeenStore interface {
	// Load returns the zero Sighting for a domain that it does not know.
	Load(ctx context.Context, domain browserid.Domain) (Sighting, error)
	// Save remembers sighting; the zero Sighting forgets the domain.
	Save(ctx context.Context, domain browserid.Domain, sighting Sighting) error
}

// sticky reports whether the provider is still expected to come back.
func (s Sighting) sticky(now time.Time) bool {
	return now.Sub(s.Last) < min(Stickiness, s.Last.Sub(s.First)) && !s.gone()
}

func (s Sighting) gone() bool { return s.Missing >= MissingAnswers }

// missed counts one more answer that there is no document. The one that completes the count must come a day after the first.
func (s Sighting) missed(now time.Time) Sighting {
	if s.Missing == 0 {
		s.MissingSince = now
	}
	if s.Missing < MissingAnswers-1 || now.Sub(s.MissingSince) >= MissingSpan {
		s.Missing++
	}
	return s
}

// memory applies what is remembered to what was found.
type memory struct {
	store SeenStore
	log   *slog.Logger
}

// past is what the store said of a domain when its lookup began.
type past struct {
	Sighting
	err error
}

func (p past) seen() bool { return !p.First.IsZero() }

func (m memory) load(ctx context.Context, domain browserid.Domain) past {
	sighting, err := m.store.Load(ctx, domain)
	return past{sighting, err}
}

// found remembers a provider.
func (m memory) found(ctx context.Context, domain browserid.Domain, before past, now time.Time) {
	after := Sighting{First: before.First, Last: now}
	switch {
	case before.err != nil:
		return // what is stored may be older than now: do not overwrite it
	case !before.seen():
		after.First = now
	case before.Missing == 0 && now.Sub(before.Last) < sightingInterval:
		return
	}
	m.save(ctx, domain, after)
}

// judge says what a failure means for a domain with this past, and remembers what follows from it.
func (m memory) judge(ctx context.Context, before past, failure *Error, now time.Time) *Error {
	switch {
	case before.err != nil && failure.State == Absent:
		failure.State = Offline
		failure.Reason += " Whether it had an identity provider lately cannot be told, because the memory of that cannot be read."
		return failure
	case !before.seen():
		return failure
	case failure.State == Disabled: // B8.2: its own word counts at once
		m.save(ctx, failure.Domain, Sighting{})
		return failure
	case failure.State == Absent:
		return m.judgeAbsence(ctx, before.Sighting, failure, now)
	default:
		return failure
	}
}

func (m memory) judgeAbsence(ctx context.Context, before Sighting, failure *Error, now time.Time) *Error {
	after := before
	if errors.Is(failure, errNoDocument) {
		after = before.missed(now)
	}
	if !after.sticky(now) {
		m.save(ctx, failure.Domain, Sighting{})
		return failure
	}
	if after != before {
		m.save(ctx, failure.Domain, after)
	}
	failure.State = Offline
	failure.Reason += " It had an identity provider on " + before.Last.UTC().Format("2 January 2006 at 15:04 UTC") +
		", so it is taken to be offline for a while, and nobody else may speak for it."
	return failure
}

// save does not fail the lookup: what was found stands, and the next lookup tries again.
func (m memory) save(ctx context.Context, domain browserid.Domain, sighting Sighting) {
	if err := m.store.Save(ctx, domain, sighting); err != nil {
		m.log.WarnContext(ctx, "sighting of identity provider not saved", "domain", string(domain), "error", err)
	}
}
