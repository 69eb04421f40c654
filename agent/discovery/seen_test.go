package discovery_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
)

const day = 24 * time.Hour

// seenFor makes a world in which idp.test was seen for a time, until now, and is now served by site.
func seenFor(t *testing.T, age time.Duration, site http.Handler) (*world, *discovery.SeenMemory, *discovery.Client) {
	t.Helper()
	w := newWorld(t)
	w.site("idp.test", site)
	seen := discovery.NewSeenMemory()
	now := w.clock.Now()
	require.NoError(t, seen.Save(t.Context(), "idp.test", discovery.Sighting{First: now.Add(-age), Last: now}))
	config := w.config()
	config.Seen = seen
	return w, seen, discovery.New(config)
}

// G12: min(5 days, the time over which it was seen); security test 29.
func TestStickiness(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name      string
		age, want time.Duration
	}{
		{"seen for a year", 365 * day, 5 * day},
		{"seen for 6 days", 6 * day, 5 * day},
		{"seen for a day", day, day},
		{"seen for five minutes", 5 * time.Minute, 5 * time.Minute},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w, seen, client := seenFor(t, test.age, nil)
			failure := requireState(t, client, "idp.test", discovery.Offline)
			assert.Equal(t, "There is no server called idp.test on the public Internet. It had an identity provider on "+
				"21 November 2026 at 12:00 UTC, so it is taken to be offline for a while, and nobody else may speak for it.", failure.Reason)
			w.clock.advance(test.want - time.Second)
			requireState(t, client, "idp.test", discovery.Offline)
			w.clock.advance(discovery.FailureLifetime)
			requireState(t, client, "idp.test", discovery.Absent)
			sighting, err := seen.Load(t.Context(), "idp.test")
			require.NoError(t, err)
			assert.Zero(t, sighting, "what comes next begins anew")
		})
	}
}

// Whatever reads absent on first contact is offline for a domain that was seen.
func TestStickinessCoversEveryAbsence(t *testing.T) {
	t.Parallel()
	for name, site := range map[string]http.Handler{
		"404":      http.NotFoundHandler(),
		"403":      answer(403, ""),
		"redirect": http.RedirectHandler("https://elsewhere.test/", http.StatusFound),
		"HTML":     answer(200, "<html>", "Content-Type", "text/html"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, client := seenFor(t, 10*day, site)
			requireState(t, client, "idp.test", discovery.Offline)
		})
	}
}

// A provider seen once may have been a file placed for a minute.
func TestOneSightingIsNotSticky(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.publish("idp.test", document)
	client := discovery.New(w.config())
	requireProvider(t, client, "idp.test")
	w.site("idp.test", nil)
	w.clock.advance(discovery.MaxLifetime)
	requireState(t, client, "idp.test", discovery.Absent)
}

// Each sighting of a provider in use prolongs the time for which it is missed.
func TestSightingsAddUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.publish("idp.test", document)
	client := discovery.New(w.config())
	for range 48 {
		requireProvider(t, client, "idp.test")
		w.clock.advance(discovery.MaxLifetime)
	}
	w.site("idp.test", nil)
	w.clock.advance(46*time.Hour - time.Minute) // seen for 47 h, the last time 1 h before
	requireState(t, client, "idp.test", discovery.Offline)
	w.clock.advance(2 * time.Minute)
	requireState(t, client, "idp.test", discovery.Absent)
}

func TestThreeTimesMissingOverADayIsGone(t *testing.T) {
	t.Parallel()
	w, _, client := seenFor(t, 10*day, http.NotFoundHandler())
	for range 100 {
		requireState(t, client, "idp.test", discovery.Offline)
		w.clock.advance(5 * time.Minute)
	}
	w.clock.advance(day - 501*time.Minute)
	requireState(t, client, "idp.test", discovery.Offline)
	w.clock.advance(discovery.FailureLifetime)
	requireState(t, client, "idp.test", discovery.Absent)
}

// Twice is not enough, however far apart.
func TestTwiceMissingIsNotGone(t *testing.T) {
	t.Parallel()
	w, _, client := seenFor(t, 10*day, http.NotFoundHandler())
	requireState(t, client, "idp.test", discovery.Offline)
	w.clock.advance(3 * day)
	requireState(t, client, "idp.test", discovery.Offline)
	w.clock.advance(discovery.FailureLifetime)
	requireState(t, client, "idp.test", discovery.Absent)
}

// Trouble on the way is no word of the domain's.
func TestOnlyMissingCounts(t *testing.T) {
	t.Parallel()
	w, _, client := seenFor(t, 10*day, answer(200, "<html>", "Content-Type", "text/html"))
	for range 4 {
		requireState(t, client, "idp.test", discovery.Offline)
		w.clock.advance(day)
	}
	requireState(t, client, "idp.test", discovery.Offline)
}

func TestReturnEndsTheCount(t *testing.T) {
	t.Parallel()
	w, seen, client := seenFor(t, 10*day, http.NotFoundHandler())
	for range 2 {
		requireState(t, client, "idp.test", discovery.Offline)
		w.clock.advance(discovery.FailureLifetime)
	}
	w.publish("idp.test", document)
	requireProvider(t, client, "idp.test")
	sighting, err := seen.Load(t.Context(), "idp.test")
	require.NoError(t, err)
	assert.Zero(t, sighting.Missing)
	w.site("idp.test", http.NotFoundHandler())
	w.clock.advance(day)
	requireState(t, client, "idp.test", discovery.Offline)
}

// B8.2: the domain's own word counts at once, and it is not missed afterwards.
func TestDisabledForgets(t *testing.T) {
	t.Parallel()
	w, _, client := seenFor(t, 10*day, answer(200, `{"disabled":true}`, "Content-Type", jsonType))
	requireState(t, client, "idp.test", discovery.Disabled)
	w.site("idp.test", nil)
	w.clock.advance(discovery.MaxLifetime)
	requireState(t, client, "idp.test", discovery.Absent)
}

func TestBrokenDocumentStaysInvalid(t *testing.T) {
	t.Parallel()
	_, _, client := seenFor(t, 10*day, answer(200, `{}`, "Content-Type", jsonType))
	requireState(t, client, "idp.test", discovery.Invalid)
}

// brokenStore is a SeenStore of functions.
type brokenStore struct {
	load func() (discovery.Sighting, error)
	save func() error
}

func (s brokenStore) Load(context.Context, browserid.Domain) (discovery.Sighting, error) {
	return s.load()
}

func (s brokenStore) Save(context.Context, browserid.Domain, discovery.Sighting) error {
	return s.save()
}

var errStore = errors.New("disk on fire")

// Without memory nobody else may speak: it fails closed. What is found counts all the same.
func TestMemoryThatCannotBeRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.publish("idp.test", document)
	config := w.config()
	config.Seen = brokenStore{
		load: func() (discovery.Sighting, error) { return discovery.Sighting{}, errStore },
		save: func() error { assert.Fail(t, "overwrites what it could not read"); return nil },
	}
	client := discovery.New(config)
	requireProvider(t, client, "idp.test")
	failure := requireState(t, client, "nobody.test", discovery.Offline)
	assert.Contains(t, failure.Reason, "Whether it had an identity provider lately cannot be told")
}

func TestMemoryThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.publish("idp.test", document)
	var log bytes.Buffer
	config := w.config()
	config.Log = slog.New(slog.NewTextHandler(&log, nil))
	config.Seen = brokenStore{
		load: func() (discovery.Sighting, error) { return discovery.Sighting{}, nil },
		save: func() error { return errStore },
	}
	requireProvider(t, discovery.New(config), "idp.test")
	assert.Contains(t, log.String(), "domain=idp.test error=\"disk on fire\"")
}

// Names that somebody makes up by the thousand push out each other, and not a
// provider that has been there for long (G12).
func TestFloodOfNamesForgetsNobody(t *testing.T) {
	t.Parallel()
	seen := discovery.NewSeenMemory()
	now := time.Now()
	require.NoError(t, seen.Save(t.Context(), "bank.test", discovery.Sighting{First: now.Add(-90 * day), Last: now.Add(-time.Hour)}))
	for i := range discovery.MaxSightings + 10 {
		name := browserid.Domain(fmt.Sprintf("a%d.evil.test", i))
		require.NoError(t, seen.Save(t.Context(), name, discovery.Sighting{First: now, Last: now}))
	}
	sighting, err := seen.Load(t.Context(), "bank.test")
	require.NoError(t, err)
	assert.False(t, sighting.Last.IsZero())
}
