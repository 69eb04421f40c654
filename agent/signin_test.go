package agent_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/agenttest"
	"github.com/navid-login/navid/agent/browserid"
)

func TestFirstSignIn(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	result, err := f.signInWith(
		agent.Request{Origin: rp, Algorithms: []browserid.Algorithm{browserid.ES256}, Nonce: "n-1"}, enter(alice))
	f.mustVerify(result, err)

	assert.Equal(t, 1, f.world.Frames(), "the hidden frame is tried first")
	assert.Equal(t, 1, f.world.Windows())
	assert.Equal(t, 1, f.idp.Visited, "the person signed in at the provider")
	require.Len(t, f.idp.Asked, 1)
	assert.Equal(t, agent.CertificateLifetime, f.idp.Asked[0].Duration)
	id, ok := f.state().Identity(alice)
	require.True(t, ok)
	key, err := f.keys.Load(t.Context(), alice)
	require.NoError(t, err)
	assert.Equal(t, key.Thumbprint(), id.Thumbprint)
	assert.Equal(t, browserid.Email(alice), f.state().Sites[rp].Email)

	backed, err := browserid.ParseBacked(result.Assertion)
	require.NoError(t, err)
	assertion, _, err := browserid.ParseAssertion(backed.Assertion)
	require.NoError(t, err)
	assert.Equal(t, string(rp), assertion.Audience)
	assert.Equal(t, "n-1", assertion.Nonce)
	assert.WithinDuration(t, time.Now().Add(agent.AssertionLifetime), assertion.Expires.Time(), 5*time.Second, "B3.3")
}

func TestSignedInAtProviderAlready(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	f.idp.SignedIn = true
	f.mustVerify(f.signIn(enter(alice)))
	assert.Equal(t, 1, f.world.Windows(), "one window flashes at most")
	assert.Zero(t, f.idp.Visited)
}

func TestHiddenFrameSuffices(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	f.idp.SignedIn, f.idp.FrameWorks = true, true
	f.mustVerify(f.signIn(enter(alice)))
	assert.Zero(t, f.world.Windows())
}

func TestReturningPerson(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	f.known()
	frames, windows := f.world.Frames(), f.world.Windows()
	f.mustVerify(f.signIn(pick(alice)))
	assert.Equal(t, frames, f.world.Frames(), "no contact with the provider")
	assert.Equal(t, windows, f.world.Windows())
	assert.Equal(t, 1, f.keys.Made())
}

// B3.2: each reason why a stored certificate is not used leads to a new
// certification with a new key, without a word.
func TestStoredCertificateNotUsable(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*fixture){
		"less than two minutes left": func(f *fixture) {
			later := time.Now().Add(agent.CertificateLifetime - time.Minute)
			f.world.Now = func() time.Time { return later }
		},
		"expired": func(f *fixture) {
			later := time.Now().Add(agent.CertificateLifetime + time.Minute)
			f.world.Now = func() time.Time { return later }
		},
		"the authority has changed": func(f *fixture) {
			f.idp.Authority = "new.test"
		},
		"the key is another one": func(f *fixture) { // a crash between two stores
			key, err := f.keys.Generate(f.Context(), browserid.ES256)
			require.NoError(f, err)
			require.NoError(f, f.keys.Commit(f.Context(), alice, key))
		},
		"the key is gone": func(f *fixture) {
			require.NoError(f, f.keys.Delete(f.Context(), alice))
		},
		"the certificate is garbage": func(f *fixture) {
			f.change(func(id *agent.Identity) { id.Certificate = "garbage" })
		},
		"the certificate is another address's": func(f *fixture) {
			_, err := f.signIn(on(agent.ScreenPick, agent.ActionOther), enter("bob@idp.test"))
			require.NoError(f, err)
			bob, _ := f.state().Identity("bob@idp.test")
			f.change(func(id *agent.Identity) { id.Certificate = bob.Certificate })
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := setUp(t)
			f.known()
			spoil(f)
			before, _ := f.state().Identity(alice)
			certified := len(f.idp.Asked)
			f.mustVerify(f.signIn(pick(alice)))
			after, _ := f.state().Identity(alice)
			assert.Len(t, f.idp.Asked, certified+1)
			assert.NotEqual(t, before.Thumbprint, after.Thumbprint, "a fresh key at each certification")
		})
	}
}

// change changes alice's stored identity.
func (f *fixture) change(change func(*agent.Identity)) {
	f.Helper()
	require.NoError(f, f.store.Update(f.Context(), func(st *agent.State) error {
		id, ok := st.Identity(alice)
		require.True(f, ok)
		change(&id)
		st.Put(id)
		return nil
	}))
}

func TestSiteKnowsOnlyOlderAlgorithms(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	f.known()
	result, err := f.signInWith(agent.Request{Origin: rp, Algorithms: []browserid.Algorithm{browserid.RS256}}, pick(alice))
	f.mustVerify(result, err)
	key, err := f.keys.Load(t.Context(), alice)
	require.NoError(t, err)
	assert.Equal(t, browserid.RS256, key.PublicKey().Algorithm())
	f.mustVerify(f.signIn(pick(alice)))
	assert.Equal(t, 2, f.keys.Made(), "the RS256 key serves the newer site too")
}

func TestNoSharedAlgorithm(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	f.idp.Algorithms = []browserid.Algorithm{"PS512"}
	_, err := f.signIn(enter(alice), onError(agent.CodeAlgorithmUnsupported, agent.ActionCancel))
	require.ErrorIs(t, err, agent.ErrCancelled)
}

// A stored certificate is used although the question for the authority fails
// in a way that says nothing; not if the domain has no provider any more.
func TestRecheckOfAuthority(t *testing.T) {
	t.Parallel()
	t.Run("host down", func(t *testing.T) {
		t.Parallel()
		f := setUp(t)
		f.known()
		f.world.HostDown = true
		_, err := f.signIn(pick(alice))
		require.NoError(t, err)
	})
	t.Run("provider unreachable", func(t *testing.T) {
		t.Parallel()
		f := setUp(t)
		f.known()
		f.idp.Err = agent.ErrProviderUnreachable
		_, err := f.signIn(pick(alice))
		require.NoError(t, err)
	})
	t.Run("host busy", func(t *testing.T) {
		t.Parallel()
		f := setUp(t)
		f.known()
		f.idp.Err = agent.ErrHostBusy
		_, err := f.signIn(pick(alice))
		require.NoError(t, err)
	})
	t.Run("no provider any more", func(t *testing.T) {
		t.Parallel()
		f := setUp(t)
		f.known()
		f.idp.Err = agent.ErrNoProvider
		_, err := f.signIn(pick(alice), onError(agent.CodeNoProvider, agent.ActionCancel))
		require.ErrorIs(t, err, agent.ErrCancelled)
	})
}

func TestDiscoveryFails(t *testing.T) {
	t.Parallel()
	for code, spoil := range map[agent.Code]func(*fixture){
		agent.CodeHostUnreachable:     func(f *fixture) { f.world.HostDown = true },
		agent.CodeHostBusy:            func(f *fixture) { f.idp.Err = agent.ErrHostBusy },
		agent.CodeNoProvider:          func(f *fixture) { f.idp.Err = agent.ErrNoProvider },
		agent.CodeProviderUnreachable: func(f *fixture) { f.idp.Err = agent.ErrProviderUnreachable },
		agent.CodeProviderInvalid:     func(f *fixture) { f.idp.Err = agent.ErrProviderInvalid },
	} {
		t.Run(string(code), func(t *testing.T) {
			t.Parallel()
			f := setUp(t)
			spoil(f)
			_, err := f.signIn(enter(alice), onError(code, agent.ActionCancel))
			require.ErrorIs(t, err, agent.ErrCancelled)
			f.requireNothingStored()
		})
	}
}

func TestCancelOnEachScreen(t *testing.T) {
	t.Parallel()
	const cancel = agent.ActionCancel
	for name, c := range map[string]struct {
		before func(*fixture)
		steps  []agenttest.Step
	}{
		"enter":           {steps: steps(on(agent.ScreenEnter, cancel))},
		"continue":        {before: blocked, steps: steps(enter(alice), onContinue("", cancel))},
		"wait for host":   {before: hostSilent, steps: steps(enter(alice), onWait(agent.WaitingDiscovery, cancel))},
		"wait for window": {before: silent, steps: steps(enter(alice), onWait(agent.WaitingWindow, cancel))},
		"wait for frame":  {before: silent, steps: steps(enter(alice), onWait(agent.WaitingProvider, cancel))},
		"error":           {before: garbage, steps: steps(enter(alice), onError(agent.CodeCertificateMalformed, cancel))},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := setUp(t)
			if c.before != nil {
				c.before(f)
			}
			_, err := f.signIn(c.steps...)
			require.ErrorIs(t, err, agent.ErrCancelled)
			f.requireNothingStored()
		})
	}
	t.Run("pick", func(t *testing.T) {
		t.Parallel()
		f := setUp(t)
		f.known()
		_, err := f.signIn(on(agent.ScreenPick, cancel))
		require.ErrorIs(t, err, agent.ErrCancelled)
	})
}

func TestBackOnEachScreen(t *testing.T) {
	t.Parallel()
	const back = agent.ActionBack
	for name, c := range map[string]struct {
		before func(*fixture)
		steps  []agenttest.Step
	}{
		"continue":        {before: blocked, steps: steps(enter(alice), onContinue("", back))},
		"wait for host":   {before: hostSilent, steps: steps(enter(alice), onWait(agent.WaitingDiscovery, back))},
		"wait for window": {before: silent, steps: steps(enter(alice), onWait(agent.WaitingWindow, back))},
		"wait for frame":  {before: silent, steps: steps(enter(alice), onWait(agent.WaitingProvider, back))},
		"error":           {before: garbage, steps: steps(enter(alice), onError(agent.CodeCertificateMalformed, back))},
		"at the provider": {before: func(f *fixture) { f.idp.CancelsLogin = true }, steps: steps(enter(alice))},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := setUp(t)
			if c.before != nil {
				c.before(f)
			}
			_, err := f.signIn(append(c.steps, on(agent.ScreenEnter, agent.ActionCancel))...)
			require.ErrorIs(t, err, agent.ErrCancelled)
			f.requireNothingStored()
		})
	}
	t.Run("enter", func(t *testing.T) {
		t.Parallel()
		f := setUp(t)
		f.known()
		f.mustVerify(f.signIn(on(agent.ScreenPick, agent.ActionOther), on(agent.ScreenEnter, back), pick(alice)))
	})
}

func steps(s ...agenttest.Step) []agenttest.Step { return s }

func blocked(f *fixture) { f.world.Blocked = true }

func hostSilent(f *fixture) { f.world.HostSilent = true }

func silent(f *fixture) { f.idp.Silent = true }

func garbage(f *fixture) {
	f.idp.SignedIn, f.idp.Mangle = true, func(string) string { return "garbage" }
}

func TestWindowNeedsClick(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	person := agenttest.NewPerson(t, enter(alice), onContinue(agent.ReasonFirst, agent.ActionNext), onError(agent.CodePopupBlocked, agent.ActionRetry))
	clicks := 0
	person.Clicked = func() { // the first click's permission ran out, the second was refused
		clicks++
		f.world.Clicks = clicks / 3
	}
	f.world.Clicks = 0
	f.mustVerify(f.agent.SignIn(t.Context(), agent.Request{Origin: rp, Algorithms: []browserid.Algorithm{browserid.ES256}}, person))
	assert.Empty(t, person.Left())
	assert.Equal(t, 1, f.world.Frames(), "trying again begins nothing anew")
}

// A browser that goes on refusing is an error each time, never a silence.
func TestWindowBlocked(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	f.world.Blocked = true
	blocked := onError(agent.CodePopupBlocked, agent.ActionRetry)
	blocked.Screen.Email, blocked.Screen.Authority = alice, "idp.test"
	_, err := f.signIn(enter(alice), onContinue(agent.ReasonFirst, agent.ActionNext), blocked, blocked,
		onError(agent.CodePopupBlocked, agent.ActionBack), on(agent.ScreenEnter, agent.ActionCancel))
	require.ErrorIs(t, err, agent.ErrCancelled)
	f.requireNothingStored()
}

func TestWindowClosed(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	f.idp.ClosesWindow = 1
	f.mustVerify(f.signIn(enter(alice), onContinue(agent.ReasonClosed, agent.ActionNext)))
	assert.Equal(t, 2, f.world.Windows())
	assert.Equal(t, 1, f.keys.Made(), "one pending key for the attempt")
}

// A window that was closed stays so, however long the person thinks about it,
// and there is a way out.
func TestWindowClosedForLong(t *testing.T) {
	t.Parallel()
	for action, want := range map[agent.Action]error{agent.ActionBack: nil, agent.ActionCancel: agent.ErrCancelled} {
		synctest.Test(t, func(t *testing.T) {
			f := setUp(t)
			f.idp.ClosesWindow = 1
			steps := []agenttest.Step{enter(alice), onContinue(agent.ReasonClosed, action)}
			if want == nil {
				steps = append(steps, enter(alice))
			}
			person := agenttest.NewPerson(t, steps...)
			person.Clicked = func() {
				f.world.Clicks = 1
				if len(person.Left()) < 2 {
					time.Sleep(2 * agent.AuthenticationTimeout)
				}
			}
			_, err := f.agent.SignIn(t.Context(), hinting(""), person)
			require.ErrorIs(t, err, want)
			assert.Empty(t, person.Left())
			assert.Zero(t, f.world.Open())
		})
	}
}

// A window that was cut off looks closed, and reports all the same (design 5):
// the one click was enough.
func TestWindowSevered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := setUp(t)
		f.idp.SeversWindow = true
		f.mustVerify(f.signIn(enter(alice), onContinue(agent.ReasonClosed, "")))
		assert.Equal(t, 1, f.world.Windows())
	})
}

func TestProviderRefuses(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	f.idp.CannotSignIn = true
	_, err := f.signIn(enter(alice), onError(agent.CodeProviderRefused, agent.ActionCancel))
	require.ErrorIs(t, err, agent.ErrCancelled)
	assert.Equal(t, 1, f.idp.Visited, "asked to sign in once only")
	f.requireNothingStored()
}

func TestProviderMisspeaks(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	f.idp.Misspeaks = errors.New("nonsense")
	_, err := f.signIn(enter(alice), onError(agent.CodeProviderMisspoke, agent.ActionCancel))
	require.ErrorIs(t, err, agent.ErrCancelled)
}

func TestProviderSilent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := setUp(t)
		f.idp.Silent = true
		began := time.Now()
		_, err := f.signIn(enter(alice), onError(agent.CodeProviderSilent, agent.ActionCancel))
		require.ErrorIs(t, err, agent.ErrCancelled)
		assert.Equal(t, agent.FrameTimeout+agent.ProvisioningTimeout, time.Since(began), "the wait is bounded")
		f.requireNothingStored()
	})
}

func TestOnePendingKeyForAnAttempt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := setUp(t)
		f.idp.FrameStalls = true
		f.mustVerify(f.signIn(enter(alice)))
		assert.Equal(t, 1, f.keys.Made(), "the window certifies the key that the frame asked for")
	})
}

// lingering is a UI whose waiting screens take their time to go away.
type lingering struct {
	*agenttest.Person
	leaving atomic.Bool
}

func (l *lingering) Ask(ctx context.Context, screen agent.Screen) (agent.Answer, error) {
	assert.False(l, l.leaving.Load(), "%s asked while a waiting screen is still there", screen.Name)
	answer, err := l.Person.Ask(ctx, screen)
	if screen.Name == agent.ScreenWait {
		l.leaving.Store(true)
		time.Sleep(time.Second)
		l.leaving.Store(false)
	}
	return answer, err
}

func TestOneScreenAtATime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := setUp(t)
		f.idp.SignedIn = true
		f.world.Clicks = 0
		person := agenttest.NewPerson(t, enter(alice), onContinue(agent.ReasonFirst, agent.ActionNext))
		continued := false
		person.Clicked = func() {
			if continued {
				f.world.Clicks = 1
			}
			continued = true
		}
		_, err := f.agent.SignIn(t.Context(), hinting(""), &lingering{Person: person})
		require.NoError(t, err)
	})
}

func TestHostSilent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := setUp(t)
		f.known()
		f.world.HostSilent = true
		began := time.Now()
		_, err := f.signIn(pick(alice))
		require.NoError(t, err, "with a certificate at hand the question is a formality")
		assert.Equal(t, agent.RecheckTimeout, time.Since(began))
		_, err = f.signIn(on(agent.ScreenPick, agent.ActionOther), enter("bob@idp.test"), onError(agent.CodeHostUnreachable, agent.ActionCancel))
		require.ErrorIs(t, err, agent.ErrCancelled)
		assert.Equal(t, agent.RecheckTimeout+agent.DiscoveryTimeout, time.Since(began))
	})
}

func TestRetryAfterError(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	f.idp.SignedIn = true
	tries := 0
	f.idp.Mangle = func(token string) string {
		if tries++; tries == 1 {
			return "garbage"
		}
		return token
	}
	f.mustVerify(f.signIn(enter(alice), onError(agent.CodeCertificateMalformed, agent.ActionRetry)))
}

func TestNotMyDevice(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	step := enter(alice)
	step.Answer.NotMyDevice = true
	result, err := f.signIn(step)
	f.mustVerify(result, err)
	assert.True(t, result.NotMyDevice)
	assert.Equal(t, agent.CertificateLifetimeElsewhere, f.idp.Asked[0].Duration)
	f.requireNothingStored()

	t.Run("taken back", func(t *testing.T) {
		f.idp.CancelsLogin, f.idp.SignedIn = true, false
		_, err := f.signIn(step, on(agent.ScreenEnter, agent.ActionCancel))
		require.ErrorIs(t, err, agent.ErrCancelled)
		f.idp.CancelsLogin = false
		f.known()
		assert.Equal(t, []string{alice}, f.state().Known(rp))
	})
}
