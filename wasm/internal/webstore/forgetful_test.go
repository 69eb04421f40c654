//go:build js && wasm

package webstore_test

import (
	"testing"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/agenttest"
	"github.com/navid-login/navid/wasm/internal/webcrypto"
	"github.com/navid-login/navid/wasm/internal/webstore"
)

func TestForgetful(t *testing.T) {
	t.Parallel()
	agenttest.TestKeyStore(t, func(*testing.T) agent.KeyStore {
		keys, _ := webstore.Forgetful(webcrypto.NewGenerator())
		return keys
	})
	agenttest.TestStore(t, func(*testing.T) agent.Store {
		_, store := webstore.Forgetful(webcrypto.NewGenerator())
		return store
	})
}
