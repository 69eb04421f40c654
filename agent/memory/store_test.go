package memory_test

import (
	"testing"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/agenttest"
	"github.com/navid-login/navid/agent/memory"
)

func TestStore(t *testing.T) {
	t.Parallel()
	agenttest.TestStore(t, func(*testing.T) agent.Store { return new(memory.Store) })
}
