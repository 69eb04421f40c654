package storetest

import (
	"context"
	"errors"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/dialog/idp"
)

// contenders try at once to use what may be used once.
const contenders = 100

// roundsByDefault are of each of the three races.
const roundsByDefault = 10

var errSpent = errors.New("it was used before")

// races are security.md 5, number 24, at the store: one code, one link, one
// challenge of a passkey; half of the contenders at each of two replicas.
func races(t *testing.T, backend Backend) {
	for name, race := range map[string]struct {
		prepare func(tx idp.Tx, name string) error
		use     func(tx idp.Tx, name string, contender int) error
	}{
		"code":    {prepareChallenge, confirmCode},
		"link":    {prepareChallenge, followLink},
		"passkey": {prepareCeremony, takeCeremony},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			replicas := pair(t, backend)
			for round := range Rounds(t, roundsByDefault) {
				record := strconv.Itoa(round)
				update(t, replicas[0], func(tx idp.Tx) error { return race.prepare(tx, record) })
				requireOneWinner(t, replicas, func(ctx context.Context, store Store, contender int) error {
					return store.Update(ctx, func(tx idp.Tx) error { return race.use(tx, record, contender) })
				}, record)
			}
		})
	}
}

// requireOneWinner has all contenders use a record; each win is a session of that record's account.
func requireOneWinner(t *testing.T, replicas [2]Store, use func(context.Context, Store, int) error, record string) {
	t.Helper()
	var winners atomic.Int64
	together(replicas, contenders, func(i int, store Store) {
		switch err := use(t.Context(), store, i); {
		case err == nil:
			winners.Add(1)
		default:
			assert.ErrorIs(t, err, errSpent)
		}
	})
	require.EqualValues(t, 1, winners.Load(), "of record %s", record)
	view(t, replicas[1], func(r idp.Reader) error {
		sessions, err := r.SessionsOf(record)
		require.Len(t, sessions, 1, "of record %s", record)
		return err
	})
}

func prepareChallenge(tx idp.Tx, name string) error {
	challenge := sampleChallenge()
	challenge.ID, challenge.Spent, challenge.Session = name, time.Time{}, nil
	challenge.Codes = []idp.Code{{MAC: hash("mac" + name), LinkHash: hash("link" + name), Expires: after(10)}}
	return tx.PutChallenge(challenge)
}

func confirmCode(tx idp.Tx, name string, contender int) error {
	challenge, err := tx.Challenge(name)
	return errors.Join(err, spend(tx, challenge, contender))
}

func followLink(tx idp.Tx, name string, contender int) error {
	challenge, err := tx.ChallengeOfLink(hash("link" + name))
	return errors.Join(err, spend(tx, challenge, contender))
}

func spend(tx idp.Tx, challenge idp.Challenge, contender int) error {
	if !challenge.Spent.IsZero() {
		return errSpent
	}
	won := session(challenge.ID+"/"+strconv.Itoa(contender), challenge.ID, alice)
	challenge.Spent, challenge.Session = after(1), won.TokenHash
	return errors.Join(tx.PutChallenge(challenge), tx.PutSession(won))
}

func prepareCeremony(tx idp.Tx, name string) error {
	return tx.PutCeremony(idp.Ceremony{ID: name, Expires: after(5)})
}

func takeCeremony(tx idp.Tx, name string, contender int) error {
	if _, err := tx.TakeCeremony(name); errors.Is(err, idp.ErrNotFound) {
		return errSpent
	} else if err != nil {
		return err
	}
	return tx.PutSession(session(name+"/"+strconv.Itoa(contender), name))
}
