package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/navid-login/navid/dialog/cmd/benchhost/rig"
	"github.com/navid-login/navid/dialog/idp/store/postgrestest"
)

// slice is how long certificates, and bare signatures, are measured at a time.
const slice = 500 * time.Millisecond

// throughput is what hosts on one database do in a second.
type throughput struct {
	what         string
	signIns      took
	certificates took
	signatures   took          // bare ones, by the same key
	hostCPU      time.Duration // of the hosts, for the certificates
	signingCPU   time.Duration
	memory       int64 // of the largest host, at most
}

// throughputTable measures each kind of database.
func (b *bench) throughputTable() string {
	var rows []throughput
	if b.wants("sqlite") {
		r, file := b.newRig()
		rows = append(rows, b.throughput("SQLite", r, file, 1))
	}
	for replicas, part := range []string{1: "postgres", 2: "replicas"} {
		if part == "" || !b.wants(part) {
			continue
		}
		server := postgrestest.Start(b)
		r, _ := b.newRig()
		rows = append(rows, b.throughput(fmt.Sprintf("Postgres, replicas: %d", replicas), r, server.Database(b), replicas))
	}
	if len(rows) == 0 {
		return ""
	}
	var text strings.Builder
	text.WriteString("| database | sign-ins/s | p50 | p99 | certificates/s | p50 | p99 | bare signatures/s | share of them (budget 60 %) | by the host's CPU | memory of a host |\n" +
		"|---|---|---|---|---|---|---|---|---|---|---|\n")
	for _, row := range rows {
		text.WriteString(row.String())
	}
	return text.String()
}

func (t throughput) String() string {
	perCertificate := t.hostCPU.Seconds() / float64(len(t.certificates.each))
	perSignature := t.signingCPU.Seconds() / float64(len(t.signatures.each))
	return fmt.Sprintf("| %s | %.0f | %s | %s | %.0f | %s | %s | %.0f | %.0f %% | %.0f %% | %d MB |\n", t.what,
		t.signIns.perSecond(), inMillis(t.signIns.percentile(50)), inMillis(t.signIns.percentile(99)),
		t.certificates.perSecond(), inMillis(t.certificates.percentile(50)), inMillis(t.certificates.percentile(99)),
		t.signatures.perSecond(), 100*t.certificates.perSecond()/t.signatures.perSecond(), 100*perSignature/perCertificate, t.memory>>20)
}

func inMillis(d time.Duration) string { return fmt.Sprintf("%.0f ms", 1000*d.Seconds()) }

// throughput has people sign in, and then ask for certificates.
func (b *bench) throughput(what string, r *rig.Rig, database string, replicas int) throughput {
	hosts := make([]*rig.Host, replicas)
	for i := range hosts {
		hosts[i] = b.start(r, database)
	}
	people := &people{rig: r, hosts: hosts, known: make(chan *visitor, manyPeople)}
	b.crowd(b.people, time.Second, people.signIn) // to warm up
	t := throughput{what: what, signIns: b.crowd(b.people, b.each, people.signIn)}

	b.crowd(b.people, slice, people.certify)
	for range b.each / slice { // in turn, so that both share the noise of the machine
		certificates, cpu := b.hostCost(hosts, func() took { return b.crowd(b.people, slice, people.certify) })
		t.certificates, t.hostCPU = t.certificates.and(certificates), t.hostCPU+cpu
		signatures, cpu := b.cost(func() took { return b.sign(r) })
		t.signatures, t.signingCPU = t.signatures.and(signatures), t.signingCPU+cpu
	}
	for _, host := range hosts {
		memory, err := host.Stop()
		b.must(err)
		t.memory = max(t.memory, memory)
	}
	return t
}

// people sign in at any of the hosts, in turn.
type people struct {
	rig   *rig.Rig
	hosts []*rig.Host
	known chan *visitor
}

// manyPeople is more than can sign in meanwhile.
const manyPeople = 1_000_000

// visitor has signed in.
type visitor struct {
	*rig.Person
	certificates int
}

// certificatesEach is how many certificates a session asks for: less than the
// limit of an hour.
const certificatesEach = 55

func (p *people) host(n int) *rig.Host { return p.hosts[n%len(p.hosts)] }

func (p *people) signIn(ctx context.Context, n int) error {
	person := p.rig.NewPerson()
	if err := person.SignIn(ctx, p.host(n)); err != nil {
		return err
	}
	p.known <- &visitor{Person: person}
	return nil
}

func (p *people) certify(ctx context.Context, n int) error {
	select {
	case someone := <-p.known:
		_, err := someone.Certify(ctx, p.host(n))
		if someone.certificates++; someone.certificates < certificatesEach {
			p.known <- someone
		}
		return err
	default:
		return errEnough
	}
}
