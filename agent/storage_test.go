package agent_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/memory"
)

// brokenStore is a Store whose calls can fail.
type brokenStore struct {
	memory.Store
	load, update []error // of the next calls
}

func (s *brokenStore) Load(ctx context.Context) (*agent.State, error) {
	if err := next(&s.load); err != nil {
		return nil, err
	}
	return s.Store.Load(ctx)
}

func (s *brokenStore) Update(ctx context.Context, change func(*agent.State) error) error {
	if err := next(&s.update); err != nil {
		return err
	}
	return s.Store.Update(ctx, change)
}

func next(errs *[]error) error {
	if len(*errs) == 0 {
		return nil
	}
	err := (*errs)[0]
	*errs = (*errs)[1:]
	return err
}

func TestStorageFull(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	f.store = &brokenStore{update: []error{agent.ErrStorageFull, agent.ErrStorageFull}}
	f.start()
	result, err := f.signIn(enter(alice))
	f.mustVerify(result, err)
	assert.Equal(t, agent.CodeStorageFull, result.Notice, "signed in, though not remembered")
	f.requireNothingStored()
}

func TestKeyStorageFull(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	f.keys.CommitError = agent.ErrStorageFull
	result, err := f.signIn(enter(alice))
	f.mustVerify(result, err)
	assert.Equal(t, agent.CodeStorageFull, result.Notice)
	assert.Empty(t, f.state().Identities, "no certificate without its key")
}

func TestStorageCorrupt(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	f.store = &brokenStore{load: []error{agent.ErrStorageCorrupt}}
	f.start()
	step := enter(alice)
	step.Screen.Notice = agent.CodeStorageCorrupt
	f.mustVerify(f.signIn(step))
	assert.Equal(t, []string{alice}, f.state().Known(rp), "a clean start")
}

func TestStorageCorruptedMeanwhile(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	f.store = &brokenStore{update: []error{agent.ErrStorageCorrupt}}
	f.start()
	f.mustVerify(f.signIn(enter(alice)))
	assert.Equal(t, []string{alice}, f.state().Known(rp))
}

func TestStorageBlocked(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	f.store = &brokenStore{load: []error{agent.ErrStorageBlocked}}
	f.start()
	_, err := f.signIn()
	assert.Equal(t, agent.CodeStorageBlocked, agent.CodeOf(err))
}

func TestRemove(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	f.known()
	_, err := f.signIn(on(agent.ScreenPick, agent.ActionOther), enter("bob@idp.test"))
	require.NoError(t, err)
	remove := pick("bob@idp.test")
	remove.Answer.Action = agent.ActionRemove
	left := pick(alice)
	left.Screen.Identities = []string{alice}
	f.mustVerify(f.signIn(remove, left))
	_, err = f.keys.Load(t.Context(), "bob@idp.test")
	require.ErrorIs(t, err, agent.ErrNoKey)

	last := pick(alice)
	last.Answer.Action = agent.ActionRemove
	_, err = f.signIn(last, on(agent.ScreenEnter, agent.ActionCancel))
	require.ErrorIs(t, err, agent.ErrCancelled)
	f.requireNothingStored()
}

func TestKnownAddressesInOrder(t *testing.T) {
	t.Parallel()
	state := new(agent.State)
	for i, email := range []browserid.Email{"a@idp.test", "b@idp.test", "c@idp.test"} {
		state.Put(agent.Identity{Email: email, Used: browserid.Millis(i)})
	}
	assert.Equal(t, []string{"c@idp.test", "b@idp.test", "a@idp.test"}, state.Known(rp))
	state.Use(rp, agent.Site{Email: "a@idp.test", Used: 9})
	state.Use("https://other.test", agent.Site{Email: "b@idp.test", Used: 10})
	assert.Equal(t, []string{"a@idp.test", "b@idp.test", "c@idp.test"}, state.Known(rp), "the one last used here first (B5.1)")
}
