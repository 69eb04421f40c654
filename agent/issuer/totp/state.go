package totp

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"time"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/issuer/internal/private"
)

const (
	stateVersion  = 1
	maxStateBytes = 256 << 20
	// stepsKept is for how long the last code of somebody is remembered: much longer than it would count.
	stepsKept = 24 * time.Hour
)

// state is what the provider has to remember over a restart.
type state struct {
	Version int `json:"version"`
	// Sessions are by the hash of their tokens.
	Sessions map[string][]proof `json:"sessions"`
	// Steps are those of the last codes, by the ID of the user.
	Steps map[string]int64 `json:"steps"`
	// Browsers are those that people have signed in with, by the hash of what they are known by.
	Browsers map[string]browser `json:"browsers"`
	// Tries are when the last wrong tries will be forgotten, by who tried.
	Tries map[string]time.Time `json:"tries"`
}

// proof is an address that a session has proven.
type proof struct {
	Address browserid.Email `json:"address"`
	UserID  string          `json:"user"`
	Until   time.Time       `json:"until"`
}

func readState(path string) (state, error) {
	kept := state{
		Version: stateVersion, Sessions: map[string][]proof{}, Steps: map[string]int64{}, Browsers: map[string]browser{}, Tries: map[string]time.Time{},
	}
	data, err := private.Read(path, maxStateBytes)
	if errors.Is(err, fs.ErrNotExist) {
		return kept, nil
	}
	if err != nil {
		return state{}, err
	}
	if err := json.Unmarshal(data, &kept); err != nil {
		return state{}, fmt.Errorf("%s: %w", path, err)
	}
	if kept.Version != stateVersion {
		return state{}, fmt.Errorf("%s: version %d is not known", path, kept.Version)
	}
	return kept, nil
}

// alone keeps all others, other processes as well, from changing what is kept until unlock, and reads what they have changed.
func (p *Provider) alone() (unlock func(), err error) {
	p.mu.Lock()
	release, err := lock(p.config.StateFile + ".lock")
	if err != nil {
		p.mu.Unlock()
		return nil, fmt.Errorf("lock state: %w", err)
	}
	unlock = func() { release(); p.mu.Unlock() }
	if err := p.refresh(); err != nil {
		unlock()
		return nil, fmt.Errorf("read state: %w", err)
	}
	return unlock, nil
}

// refresh reads the file if another process has written it. The caller holds mu.
func (p *Provider) refresh() error {
	info, err := os.Stat(p.config.StateFile)
	if errors.Is(err, fs.ErrNotExist) || err == nil && p.isSeen(info) {
		return nil
	}
	if err != nil {
		return err
	}
	kept, err := readState(p.config.StateFile)
	if err != nil {
		return err
	}
	p.state, p.seen = kept, info
	return nil
}

// isSeen tells whether a file is the one that was read or written last.
func (p *Provider) isSeen(info fs.FileInfo) bool {
	return p.seen != nil && os.SameFile(p.seen, info) && private.StampOf(p.seen) == private.StampOf(info)
}

// change changes what is kept. It has been written when change returns nil, and is as before where it cannot be. The caller is alone.
func (p *Provider) change(now time.Time, do func(*state)) error {
	next := state{
		Version: stateVersion, Sessions: maps.Clone(p.state.Sessions), Steps: maps.Clone(p.state.Steps),
		Browsers: maps.Clone(p.state.Browsers), Tries: maps.Clone(p.state.Tries),
	}
	do(&next)
	next.forget(now)
	data, err := json.Marshal(next)
	if err != nil {
		return fmt.Errorf("keep state: %w", err)
	}
	if err := private.Replace(p.config.StateFile, data); err != nil {
		return fmt.Errorf("keep state: %w", err)
	}
	p.state = next
	p.seen, _ = os.Stat(p.config.StateFile) // what cannot be seen is read again
	return nil
}

// forget drops what is of no use any more.
func (s *state) forget(now time.Time) {
	maps.DeleteFunc(s.Sessions, func(_ string, proofs []proof) bool { return len(live(proofs, now)) == 0 })
	maps.DeleteFunc(s.Steps, func(_ string, step int64) bool { return step < stepOf(now.Add(-stepsKept)) })
	maps.DeleteFunc(s.Browsers, func(_ string, known browser) bool { return !known.Until.After(now) })
	maps.DeleteFunc(s.Tries, func(_ string, forgotten time.Time) bool { return !forgotten.After(now) })
}

// live are the proofs whose time has not passed.
func live(proofs []proof, now time.Time) (alive []proof) {
	for _, p := range proofs {
		if p.Until.After(now) {
			alive = append(alive, p)
		}
	}
	return alive
}
