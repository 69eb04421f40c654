package agent_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/agenttest"
	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/memory"
)

// handless is a KeyStore whose stored keys do not sign, as when WebCrypto fails.
type handless struct{ *agenttest.KeyStore }

func (ks handless) Load(ctx context.Context, email browserid.Email) (agent.Key, error) {
	key, err := ks.KeyStore.Load(ctx, email)
	return handlessKey{key}, err
}

type handlessKey struct{ agent.Key }

var errHandless = errors.New("the key does not sign")

func (handlessKey) Sign(context.Context, []byte) ([]byte, error) { return nil, errHandless }

// TestKeyDoesNotSign: there is no assertion without a signature, and the site
// does not count as visited.
func TestKeyDoesNotSign(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	f.known()
	used := f.state().Sites[rp].Used
	var err error
	f.agent, err = agent.New(agent.Config{
		Keys: handless{f.keys}, Store: f.store, Discoverer: f.world, Pages: f.world, Fallback: f.host, Signatures: agenttest.Signatures{},
		Forgetful: func() (agent.KeyStore, agent.Store) { return new(agenttest.KeyStore), new(memory.Store) },
		Now:       func() time.Time { return f.world.Now().Add(time.Minute) },
	})
	require.NoError(t, err)
	result, err := f.signIn(pick(alice))
	require.Nil(t, result)
	require.Equal(t, agent.CodeInternal, agent.CodeOf(err))
	require.ErrorIs(t, err, errHandless)
	require.Equal(t, used, f.state().Sites[rp].Used)
}
