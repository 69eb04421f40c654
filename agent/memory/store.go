// Package memory has a Store that forgets: it lives as long as the program.
// The agent uses it on a device that is not the person's own; tests use it
// wherever the browser's storage does not matter.
package memory

import (
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/navid-login/navid/agent"
)

// Store is an agent.Store in memory. Its zero value is empty and ready.
type Store struct {
	mu    sync.Mutex
	state agent.State
}

// Load returns a copy of the state.
func (s *Store) Load(context.Context) (*agent.State, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.copy(), nil
}

// Update changes a copy of the state and puts it in place if change succeeds.
func (s *Store) Update(_ context.Context, change func(*agent.State) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	state := s.copy()
	if err := change(state); err != nil {
		return err
	}
	s.state = *state
	return nil
}

func (s *Store) copy() *agent.State {
	return &agent.State{Identities: slices.Clone(s.state.Identities), Sites: maps.Clone(s.state.Sites)}
}
