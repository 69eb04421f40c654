package agent_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/agenttest"
)

// B6.3: screens carry how people read a domain as soon as the login host has
// said so, and from then on; nothing else of the sign-in knows it.
func TestInternationalDomain(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	f.idp.Display = agent.Display{"idp.test": "ідп.test"}
	f.world.Blocked = true
	person := agenttest.NewPerson(t, enter(alice), onContinue(agent.ReasonFirst, agent.ActionCancel))
	_, err := f.agent.SignIn(t.Context(), hinting(""), person)
	require.ErrorIs(t, err, agent.ErrCancelled)
	shown := person.Shown()
	assert.Empty(t, shown[0].Display, "not known yet")
	assert.Equal(t, f.idp.Display, shown[len(shown)-1].Display)

	f.world.Blocked = false
	f.known()
	f.idp.Display = nil
	person = agenttest.NewPerson(t, pick(alice))
	f.mustVerify(f.agent.SignIn(t.Context(), hinting(""), person))
	require.NotEmpty(t, person.Shown())
	assert.Equal(t, agent.ScreenPick, person.Shown()[0].Name)
	assert.Equal(t, agent.Display{"idp.test": "ідп.test"}, person.Shown()[0].Display, "it is remembered with the address")
}
