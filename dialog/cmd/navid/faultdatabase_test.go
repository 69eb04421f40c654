package main

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/dialog/cmd/benchhost/rig"
	"github.com/navid-login/navid/dialog/idp"
	"github.com/navid-login/navid/dialog/idp/store/postgrestest"
)

// The database ends while the host serves, and comes back. Meanwhile each
// question is answered, with a sentence; afterwards all goes on where it was.
func TestFaultDatabase(t *testing.T) {
	t.Parallel()
	server := postgrestest.Start(t)
	if !server.Owned() {
		t.Logf("%s is not ours to stop: nothing is shown", postgrestest.Variable)
		return
	}
	f := newFaults(t, server.Database(t))
	host := f.start()
	known, waiting := f.NewPerson(), f.NewPerson()
	require.NoError(t, known.SignIn(patient(t), host))
	require.NoError(t, waiting.Begin(patient(t), host))
	require.NoError(t, waiting.Read(patient(t)))

	server.Kill()
	for range 2 { // once with connections that are open still, once with none
		f.requireBroken(t, host, known, waiting)
	}
	server.Restart(t)

	require.NoError(t, waiting.Confirm(patient(t), host), "the code is good still")
	f.requireWhole(t, host, known, waiting)
}

// The database hangs: it accepts connections and answers nothing. Each question is
// answered in bounded time with a sentence all the same, the balancer is told at
// once, and all goes on when the database answers again.
func TestFaultDatabaseHangs(t *testing.T) {
	t.Parallel()
	proxy := postgrestest.NewProxy(t, postgrestest.Shared(t).Database(t))
	f := newFaults(t, proxy.URL())
	host := f.start()
	known, waiting, stranger := f.NewPerson(), f.NewPerson(), f.NewPerson()
	require.NoError(t, known.SignIn(patient(t), host))
	require.NoError(t, waiting.Begin(patient(t), host))
	require.NoError(t, waiting.Read(patient(t)))

	proxy.Hang()
	asked := known.Clone()
	answers := map[string]chan error{}
	for name, ask := range map[string]func() error{
		"certificate": func() error { _, err := known.Certify(patient(t), host); return err },
		"session":     func() error { _, err := asked.Proven(patient(t), host); return err },
		"confirm":     func() error { return waiting.Confirm(patient(t), host) },
		"challenge":   func() error { return stranger.Begin(patient(t), host) },
	} {
		answer := make(chan error, 1)
		answers[name] = answer
		go func() { answer <- ask() }()
	}
	f.awaitPage(t, host, "/readyz", http.StatusServiceUnavailable, "not ready: database\n")
	f.awaitPage(t, host, "/healthz", http.StatusOK, "ok\n")
	for name, answer := range answers {
		select {
		case err := <-answer:
			requireRefused(t, err, idp.CodeInternal)
		case <-time.After(30 * time.Second):
			require.Fail(t, "no answer to "+name)
		}
	}
	proxy.Resume()

	require.NoError(t, waiting.Confirm(patient(t), host), "the code is good still")
	f.requireWhole(t, host, known, waiting)
}

// requireBroken asks all that needs the database. People read why it fails, soon;
// the balancer reads that others should be asked.
func (f *faults) requireBroken(t *testing.T, host *rig.Host, known, waiting *rig.Person) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	_, err := known.Certify(ctx, host)
	requireRefused(t, err, idp.CodeInternal)
	_, err = known.Proven(ctx, host)
	requireRefused(t, err, idp.CodeInternal)
	requireRefused(t, waiting.Confirm(ctx, host), idp.CodeInternal)
	requireRefused(t, f.NewPerson().Begin(ctx, host), idp.CodeInternal)
	f.awaitPage(t, host, "/readyz", http.StatusServiceUnavailable, "not ready: database\n")
	f.awaitPage(t, host, "/healthz", http.StatusOK, "ok\n")
}

// requireWhole fails unless the host does all again, for who was there before and
// for who comes now.
func (f *faults) requireWhole(t *testing.T, host *rig.Host, people ...*rig.Person) {
	t.Helper()
	f.awaitPage(t, host, "/readyz", http.StatusOK, "ready\n")
	for _, person := range people {
		_, err := person.Certify(patient(t), host)
		require.NoError(t, err)
		requireRefused(t, person.Confirm(patient(t), host), idp.CodeSpent)
	}
	require.NoError(t, f.NewPerson().SignIn(patient(t), host))
}

// awaitPage waits until a probe answers so: readiness is looked at once a second.
func (f *faults) awaitPage(t *testing.T, host *rig.Host, path string, status int, text string) {
	t.Helper()
	for ctx := patient(t); ; time.Sleep(20 * time.Millisecond) {
		gotStatus, got, err := f.Get(ctx, host, path)
		require.NoError(t, err)
		if gotStatus == status && got == text {
			return
		}
	}
}
