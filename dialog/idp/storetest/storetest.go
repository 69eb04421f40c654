// Package storetest checks what every idp.Store promises: that it returns what
// it was given, that its transactions are atomic and serializable over any number
// of replicas, and that what can be used once is used once.
//
// NAVID_ROUNDS is how many rounds each race for one record has; the default is
// small enough for every day.
package storetest

import (
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/dialog/idp"
)

// Store is what is checked.
type Store interface {
	idp.Store
	idp.MailQueue
}

// Backend makes an empty database, and returns what opens it: each call is one
// more replica. Both clean up after themselves.
type Backend func(t *testing.T) (open func(t *testing.T) Store)

// Run checks all promises.
func Run(t *testing.T, backend Backend) {
	for name, check := range map[string]func(*testing.T, Backend){
		"records":      records,
		"lists":        lists,
		"transactions": transactions,
		"isolation":    isolation,
		"races":        races,
		"counters":     counters,
		"sweep":        sweep,
		"mail":         mail,
		"contexts":     contexts,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check(t, backend)
		})
	}
}

// single opens a new database.
func single(t *testing.T, backend Backend) Store {
	t.Helper()
	return backend(t)(t)
}

// pair opens a new database twice.
func pair(t *testing.T, backend Backend) [2]Store {
	t.Helper()
	open := backend(t)
	return [2]Store{open(t), open(t)}
}

// check is a part of what is checked, of a store or of two.
type check[S any] struct {
	name string
	run  func(*testing.T, S)
}

// inTurn runs checks on one database, which takes a while to make.
func inTurn[S any](t *testing.T, on S, checks []check[S]) {
	t.Helper()
	for _, check := range checks {
		t.Run(check.name, func(t *testing.T) { check.run(t, on) })
	}
}

// RoundsVariable names the environment variable of Rounds.
const RoundsVariable = "NAVID_ROUNDS"

// Rounds is how often a race is run.
func Rounds(t *testing.T, byDefault int) int {
	t.Helper()
	named := os.Getenv(RoundsVariable)
	if named == "" {
		return byDefault
	}
	rounds, err := strconv.Atoi(named)
	require.NoError(t, err, RoundsVariable)
	return rounds
}

func update(t *testing.T, store idp.Store, change func(idp.Tx) error) {
	t.Helper()
	require.NoError(t, store.Update(t.Context(), change))
}

func view(t *testing.T, store idp.Store, read func(idp.Reader) error) {
	t.Helper()
	require.NoError(t, store.View(t.Context(), read))
}
