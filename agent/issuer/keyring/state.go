package keyring

import (
	"time"

	"github.com/navid-login/navid/agent/issuer"
	"github.com/navid-login/navid/agent/issuer/internal/private"
)

// State is what a key is good for at a time.
type State string

// The states of a key, in the order of its life.
const (
	Waiting State = "waiting" // published, and not signing yet
	Signing State = "signing"
	Leaving State = "leaving" // published until its last certificate ends
	Retired State = "retired" // of no use any more
	Revoked State = "revoked"
)

// clockSlack is how far the clocks of replicas and verifiers may differ.
const clockSlack = time.Minute

// announced is for how long a key is published before it signs: until no cached
// document is without it, even where a replica noticed it last.
const announced = issuer.CacheLifetime + ReloadInterval + clockSlack

// kept is for how long a key is published after it has signed last: a replica may
// notice its successor late, and then sign for the longest time.
const kept = issuer.MaxDuration + ReloadInterval + clockSlack

// Key is a key of the folder and what is known about it.
type Key struct {
	Number     int
	Algorithm  string
	Thumbprint string // RFC 7638, base64url
	Created    time.Time
	SignsFrom  time.Time
	Revoked    time.Time // zero, or when; there is no signer then
	signer     signer
	stamp      private.Stamp
}

// stateOf returns the state of one of the keys, which are in order of their
// numbers. It depends on nothing else, so that replicas agree.
func stateOf(key Key, keys []Key, now time.Time) State {
	if !key.Revoked.IsZero() {
		return Revoked
	}
	latest, begun := latestBegun(keys, now)
	switch {
	case begun && key.Number == latest.Number:
		return Signing
	case begun && key.Number < latest.Number:
		if now.Before(endOf(key, keys)) {
			return Leaving
		}
		return Retired
	case (!begun || !latest.Revoked.IsZero()) && firstWaiting(keys, latest.Number) == key.Number:
		return Signing // the one before it is gone: it may not wait
	default:
		return Waiting
	}
}

// latestBegun returns the last key whose time to sign has come, revoked or not:
// those before it have ended theirs.
func latestBegun(keys []Key, now time.Time) (latest Key, found bool) {
	for _, key := range keys {
		if !key.SignsFrom.After(now) {
			latest, found = key, true
		}
	}
	return latest, found
}

// beganOf returns when the key that signs began to: at its time, or before it,
// when those before it were revoked.
func beganOf(key Key, keys []Key, now time.Time) time.Time {
	if !key.SignsFrom.After(now) {
		return key.SignsFrom
	}
	latest, _ := latestBegun(keys, now)
	began := latest.SignsFrom
	for _, before := range keys {
		if latest.Number <= before.Number && before.Number < key.Number && before.Revoked.After(began) {
			began = before.Revoked
		}
	}
	return began
}

// firstWaiting returns the number of the first key after a number that may sign.
func firstWaiting(keys []Key, after int) int {
	for _, key := range keys {
		if key.Number > after && key.Revoked.IsZero() {
			return key.Number
		}
	}
	return 0
}

// endOf returns when a key is published no more: its first successor to begin
// ends its time of signing, and then its certificates end.
func endOf(key Key, keys []Key) (end time.Time) {
	for _, successor := range keys {
		if successor.Number > key.Number && (end.IsZero() || successor.SignsFrom.Before(end)) {
			end = successor.SignsFrom
		}
	}
	return end.Add(kept)
}
