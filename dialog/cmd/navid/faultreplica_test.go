package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/dialog/cmd/benchhost/rig"
	"github.com/navid-login/navid/dialog/idp"
	"github.com/navid-login/navid/dialog/idp/store/postgrestest"
)

// visitors sign in at a time, one after the other, each at any replica.
const (
	visitors    = 6
	signInsEach = 6
)

// Two replicas share a database, and one is killed under load. The other goes on:
// what fails is no more than what was under way at the dead one.
func TestFaultReplica(t *testing.T) {
	t.Parallel()
	p := &pair{faults: newFaults(t, postgrestest.Shared(t).Database(t))}
	p.alive = []*rig.Host{p.start(), p.start()}
	var all sync.WaitGroup
	half := make(chan bool, visitors*signInsEach)
	for range visitors {
		all.Go(func() {
			for range signInsEach {
				person := p.NewPerson()
				assert.NoError(t, p.signIn(patient(t), person))
				half <- true
			}
		})
	}
	for range visitors * signInsEach / 2 {
		<-half
	}
	p.killOne()
	all.Wait()

	assert.LessOrEqual(t, len(p.failures), visitors, "one request of each was under way")
	for _, failure := range p.failures {
		_, answered := errors.AsType[*rig.Refusal](failure)
		assert.False(t, answered, "a living host answered: %v", failure)
	}
	assert.Equal(t, visitors*signInsEach, p.count("sessions"), "of each sign-in one")
	assert.Equal(t, visitors*signInsEach, p.count("challenges WHERE spent > 0"))
	assert.Zero(t, p.count("mails WHERE state = 'failed'"))
	t.Logf("of %d sign-ins, %d requests failed", visitors*signInsEach, len(p.failures))
}

// pair is two replicas behind something that knows which of them lives.
type pair struct {
	*faults
	mutex    sync.Mutex
	alive    []*rig.Host
	failures []error
}

func (p *pair) killOne() {
	p.mutex.Lock()
	dead := p.alive[1]
	p.alive = p.alive[:1]
	dead.Kill()
	p.mutex.Unlock()
	p.endLeases()
}

// anyHost is one that lives as far as anybody knows.
func (p *pair) anyHost() *rig.Host {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.alive[rand.N(len(p.alive))]
}

// again asks once more where a replica has died, and notes that.
func (p *pair) again(ask func(*rig.Host) error) error {
	for {
		host := p.anyHost()
		err := ask(host)
		if err == nil {
			return nil
		}
		p.mutex.Lock()
		p.failures = append(p.failures, err)
		died := host != p.alive[0] && len(p.alive) == 1
		p.mutex.Unlock()
		if _, answered := errors.AsType[*rig.Refusal](err); answered || !died {
			return err
		}
	}
}

func (p *pair) signIn(ctx context.Context, person *rig.Person) error {
	c := &customer{Person: person}
	if err := p.again(func(host *rig.Host) error { return c.Begin(ctx, host) }); err != nil {
		return err
	}
	if err := c.Read(ctx); err != nil {
		return err
	}
	if err := p.again(func(host *rig.Host) error { return c.confirm(ctx, host) }); err != nil {
		return err
	}
	return p.again(func(host *rig.Host) error { return c.certify(ctx, host) })
}

// Security.md 5, number 24, over HTTP: a hundred browsers' tabs confirm one code at
// once, at two processes.
func TestFaultRace(t *testing.T) {
	t.Parallel()
	const tabs = 100
	backends(t, func(t *testing.T, database string) {
		f := newFaults(t, database)
		f.be = unlimited
		hosts := []*rig.Host{f.start(), f.start()}
		for range faultRounds(t, 2) {
			person := f.NewPerson()
			require.NoError(t, person.Begin(patient(t), hosts[0]))
			require.NoError(t, person.Read(patient(t)))
			errs := make(chan error, tabs)
			for i := range tabs {
				tab := person.Clone()
				go func() { errs <- tab.Confirm(patient(t), hosts[i%2]) }()
			}
			won := 0
			for range tabs {
				if err := <-errs; err == nil {
					won++
				} else {
					requireRefused(t, err, idp.CodeSpent)
				}
			}
			require.Equal(t, 1, won)
			require.Equal(t, 1, f.count("session_addresses WHERE address = $1", person.Email))
		}
	})
}
