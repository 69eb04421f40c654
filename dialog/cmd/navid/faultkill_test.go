package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/dialog/cmd/benchhost/rig"
	"github.com/navid-login/navid/dialog/idp"
)

// together is how many people sign in while their host is killed.
const together = 3

// A host is killed at a random point of sign-ins, and started again. Whatever was
// under way, people who try again come through, once, and nothing that the host
// has said is undone.
func TestFaultKill(t *testing.T) {
	t.Parallel()
	backends(t, func(t *testing.T, database string) {
		k := &killing{faults: newFaults(t, database)}
		k.host = k.start()
		length := k.signInAll()
		for range faultRounds(t, 5) {
			k.killOnce(rand.N(length + length/4))
		}
		k.check()
		t.Logf("%d kills in %d sign-ins, %d answers lost, %d leases of the dead ended, %d mails came twice",
			k.kills, len(k.people), k.lost, k.leases, k.Mail.Doubles())
	})
}

// killing is a host that is killed, and what people saw of it.
type killing struct {
	*faults
	people []*customer
	kills  int
	leases int

	alive sync.RWMutex // a kill holds it until the next host is there; who asks meanwhile waits
	host  *rig.Host

	count sync.Mutex
	lost  int
}

// customer is a person, and what the host has given them.
type customer struct {
	*rig.Person
	leaves       bool // reads the mail, and does nothing more
	certificates []string
}

// killOnce kills the host some time into sign-ins, and starts another.
func (k *killing) killOnce(after time.Duration) {
	var killed sync.WaitGroup
	killed.Go(func() {
		time.Sleep(after)
		k.alive.Lock()
		defer k.alive.Unlock()
		k.host.Kill()
		k.kills++
		k.host = k.start()
		k.leases += k.endLeases()
	})
	k.signInAll()
	killed.Wait()
}

// signInAll has some people sign in at a time, of whom one leaves. It returns how
// long it took.
func (k *killing) signInAll() time.Duration {
	begun := time.Now()
	var all sync.WaitGroup
	for i := range together + 1 {
		someone := &customer{Person: k.NewPerson(), leaves: i == together}
		k.people = append(k.people, someone)
		all.Go(func() { assert.NoError(k.t, k.signIn(patient(k.t), someone)) })
	}
	all.Wait()
	return time.Since(begun)
}

// signIn signs a person in who does not give up.
func (k *killing) signIn(ctx context.Context, c *customer) error {
	if err := k.again(func(host *rig.Host) error { return c.Begin(ctx, host) }); err != nil {
		return err
	}
	if err := c.Read(ctx); err != nil {
		return err
	}
	if err := k.again(func(host *rig.Host) error { return c.refusedCertificate(ctx, host) }); err != nil || c.leaves {
		return err
	}
	if err := k.again(func(host *rig.Host) error { return c.confirm(ctx, host) }); err != nil {
		return err
	}
	return k.again(func(host *rig.Host) error { return c.certify(ctx, host) })
}

// again asks until there is an answer.
func (k *killing) again(ask func(*rig.Host) error) error {
	for {
		k.alive.RLock()
		host := k.host
		k.alive.RUnlock()
		err := ask(host)
		if _, answered := errors.AsType[*rig.Refusal](err); err == nil || answered || errors.Is(err, errFault) || errors.Is(err, context.DeadlineExceeded) {
			return err
		}
		k.count.Lock()
		k.lost++
		k.count.Unlock()
	}
}

// errFault is what must not be, whatever was killed.
var errFault = errors.New("fault")

// confirm types the code. One that has been used in an answer that was lost has
// signed this browser in.
func (c *customer) confirm(ctx context.Context, host *rig.Host) error {
	err := c.Confirm(ctx, host)
	refusal, ok := errors.AsType[*rig.Refusal](err)
	if !ok || refusal.Code != string(idp.CodeSpent) {
		return err
	}
	state, err := c.Await(ctx, host)
	if err == nil && state != string(idp.StateConfirmed) {
		return errors.Join(errFault, errors.New("the code is spent, and the challenge "+state))
	}
	return err
}

func (c *customer) certify(ctx context.Context, host *rig.Host) error {
	certificate, err := c.Certify(ctx, host)
	if err != nil {
		return errors.Join(err, faultIf(errors.Is(err, rig.ErrNotProven)))
	}
	c.certificates = append(c.certificates, certificate)
	parsed, _, err := browserid.ParseCertificate(certificate)
	if err != nil || string(parsed.Principal.Email) != c.Email {
		return errors.Join(errFault, err)
	}
	return nil
}

// refusedCertificate asks for a certificate before anything is proven.
func (c *customer) refusedCertificate(ctx context.Context, host *rig.Host) error {
	_, err := c.Certify(ctx, host)
	if errors.Is(err, rig.ErrNotProven) {
		return nil
	}
	return errors.Join(err, faultIf(err == nil))
}

func faultIf(fault bool) error {
	if fault {
		return errFault
	}
	return nil
}

// check looks at all that is left.
func (k *killing) check() {
	ctx := patient(k.t)
	for _, c := range k.people {
		sessions := k.faults.count("session_addresses WHERE address = $1", c.Email)
		if c.leaves {
			require.NoError(k.t, c.refusedCertificate(ctx, k.host))
			require.Zero(k.t, sessions, "of an address that nobody has proven")
			continue
		}
		require.Equal(k.t, 1, sessions, "of an address that was proven once")
		proven, err := c.Proven(ctx, k.host)
		require.NoError(k.t, err)
		require.Equal(k.t, []string{c.Email}, proven)
		requireRefused(k.t, c.Clone().Confirm(ctx, k.host), idp.CodeSpent)
		for _, certificate := range c.certificates {
			hash := sha256.Sum256([]byte(certificate))
			require.Equal(k.t, 1, k.faults.count("issuances WHERE hash = $1", hash[:]), "a certificate that is not in the log")
		}
	}
	k.requireAllSent(ctx)
}

// requireAllSent fails unless each mail of the queue has been sent.
func (k *killing) requireAllSent(ctx context.Context) {
	for k.faults.count("mails WHERE state = 'queued'") > 0 {
		require.NoError(k.t, ctx.Err())
		time.Sleep(10 * time.Millisecond)
	}
	require.Zero(k.t, k.faults.count("mails WHERE state <> 'sent'"))
	require.GreaterOrEqual(k.t, k.faults.count("mails"), len(k.people))
}
