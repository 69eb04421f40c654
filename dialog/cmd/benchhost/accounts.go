package main

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/navid-login/navid/dialog/cmd/benchhost/rig"
	"github.com/navid-login/navid/dialog/idp/store"
)

// What a sign-in costs with so many accounts: the hosts take turns, so that the
// noise of a machine is shared by all.
var sizes = []int{1_000, 100_000, 1_000_000}

const (
	turns       = 7
	signInsEach = 40
)

// crowded is a host with many accounts.
type crowded struct {
	accounts int
	host     *rig.Host
	people   *people
	cost     []time.Duration // of a sign-in, each turn
}

// accountsTable measures the processor time of a sign-in.
func (b *bench) accountsTable() string {
	if !b.wants("accounts") {
		return ""
	}
	hosts := make([]*crowded, len(sizes))
	for i, accounts := range sizes {
		r, file := b.newRig()
		begun := time.Now()
		b.must(seed(b.Context(), file, accounts))
		b.say("%d accounts made in %v", accounts, time.Since(begun).Round(time.Second/10))
		host := b.start(r, file)
		hosts[i] = &crowded{accounts: accounts, host: host, people: &people{rig: r, hosts: []*rig.Host{host}, known: make(chan *visitor, manyPeople)}}
	}
	for turn := range turns + 1 {
		for _, crowded := range hosts {
			cost := b.turn(crowded)
			if turn > 0 { // the first is to warm up
				crowded.cost = append(crowded.cost, cost)
			}
		}
	}
	var text strings.Builder
	text.WriteString("\n| accounts in SQLite | host's CPU per sign-in, median [least..most] | to the first (budget 1.3) |\n|---|---|---|\n")
	first := median(hosts[0].cost)
	for _, crowded := range hosts {
		fmt.Fprintf(&text, "| %d | %s [%s..%s] | %.2f |\n", crowded.accounts, inMicros(median(crowded.cost)),
			inMicros(slices.Min(crowded.cost)), inMicros(slices.Max(crowded.cost)), median(crowded.cost).Seconds()/first.Seconds())
	}
	return text.String()
}

// turn has people sign in at one host, and returns its processor time for each.
func (b *bench) turn(c *crowded) time.Duration {
	_, used := b.hostCost([]*rig.Host{c.host}, func() (result took) {
		for n := range signInsEach {
			b.must(c.people.signIn(b.Context(), n))
		}
		return result
	})
	return used / signInsEach
}

func median(of []time.Duration) time.Duration {
	return slices.Sorted(slices.Values(of))[len(of)/2]
}

func inMicros(d time.Duration) string { return fmt.Sprintf("%.1f ms", 1000*d.Seconds()) }

// The records of so many people as their sign-ins leave them. Their names are as
// evenly spread as those that a host makes, but come in order, since a tree grows
// quickly at its end. ?1 is the number of accounts, ?2 the time in microseconds.
var seeds = []string{
	`CREATE TEMP TABLE n AS WITH RECURSIVE c (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM c WHERE i < ?1 - 1),
		p (place) AS (SELECT printf('%08x', i * 4294967296 / ?1) FROM c)
		SELECT place || '000000000000000000000000' id, place || '@many.example' email, unhex(place || '00000000000000000000000000000000000000000000000000000000') token FROM p`,
	`INSERT INTO accounts SELECT id, ?2, 0, zeroblob(64) FROM n`,
	`INSERT INTO addresses SELECT email, email, id, 1, ?2 FROM n`,
	`INSERT INTO sessions SELECT token, id, id,
		'[{"email":"' || email || '","generation":1,"method":"code","at":"2026-01-02T03:04:05.678901Z"}]',
		'Firefox on Linux', 0, ?2, ?2, ?2 + 2000000000000 FROM n`,
	`INSERT INTO session_addresses SELECT token, email FROM n`,
	`INSERT INTO familiars SELECT token, ?2 + 15000000000000 FROM n`,
	`INSERT INTO issuances SELECT token, ?2, token, ?2 + 3600000000, id, 'Firefox on Linux', id FROM n`,
	`DROP TABLE n`,
}

// seed makes a database of so many accounts.
func seed(ctx context.Context, file string, accounts int) error {
	made, err := store.Open(ctx, file)
	if err != nil {
		return err
	}
	if err := made.Close(); err != nil {
		return err
	}
	db, err := sql.Open("sqlite", "file:"+filepath.ToSlash(file)+"?_pragma=synchronous(OFF)&_pragma=temp_store(MEMORY)&_pragma=cache_size(-400000)")
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1) // it has the temporary table
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := fill(ctx, tx, accounts); err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

func fill(ctx context.Context, tx *sql.Tx, accounts int) error {
	for _, statement := range seeds {
		if _, err := tx.ExecContext(ctx, statement, accounts, time.Now().UnixMicro()); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}
