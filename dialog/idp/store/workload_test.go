package store_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/dialog/idp"
	"github.com/navid-login/navid/dialog/idp/store"
)

// The workload is sign-ins, one after the other, each in three transactions: a
// challenge with its mail, its confirmation, and the end of the session of the
// sign-in before, with the removal of its passkey. Whatever happens to the process
// or the machine, what was reported as done stays done, and what is there is whole.

// Steps of a sign-in.
const (
	stepBegin = iota
	stepConfirm
	stepEnd
	steps
)

var errSpent = errors.New("it was confirmed before")

// step does the n-th transaction of the workload.
func step(ctx context.Context, s idp.Store, n int) error {
	id := strconv.Itoa(n / steps)
	return s.Update(ctx, func(tx idp.Tx) error {
		switch n % steps {
		case stepBegin:
			return begin(tx, id)
		case stepConfirm:
			return confirm(tx, id)
		default:
			return errors.Join(tx.DeleteSession([]byte(id)), tx.DeletePasskey([]byte(id)))
		}
	})
}

func begin(tx idp.Tx, id string) error {
	return errors.Join(
		tx.PutChallenge(idp.Challenge{ID: id, Email: email(id), Expires: now, Codes: []idp.Code{{LinkHash: []byte(id), MailID: id}}}),
		tx.PutMail(idp.Mail{ID: id, Sealed: []byte(sealed), State: idp.MailQueued, Due: now}))
}

func confirm(tx idp.Tx, id string) error {
	challenge, err := tx.Challenge(id)
	if err != nil {
		return err
	}
	if !challenge.Spent.IsZero() {
		return errSpent
	}
	challenge.Spent, challenge.Session = now, []byte(id)
	return errors.Join(
		tx.PutChallenge(challenge),
		tx.PutAccount(idp.Account{ID: id}),
		tx.PutAddress(idp.Address{Email: email(id), Account: id, Generation: 1, Proven: now}),
		tx.PutSession(idp.Session{TokenHash: []byte(id), ID: id, Account: id, Expires: now}),
		tx.PutPasskey(idp.Passkey{CredentialID: []byte(id), ID: id, Account: id}),
		tx.AppendIssuance(idp.Issuance{At: now, EmailMAC: []byte(id), Hash: []byte(id)}))
}

// stepsDone returns how many steps are in the store, which must all be whole; it
// begins to look at one.
func stepsDone(t *testing.T, s *store.Store, from int) (found int) {
	t.Helper()
	require.NoError(t, s.View(t.Context(), func(r idp.Reader) error {
		for found = from; stepDone(t, r, found); found++ {
		}
		return nil
	}))
	return found
}

// requireDone fails unless the first done steps, and no more than one beyond
// them, are in the store. It returns how many are, and begins to look at one.
func requireDone(t *testing.T, s *store.Store, from, done int) int {
	t.Helper()
	found := stepsDone(t, s, from)
	require.GreaterOrEqual(t, found, done, "what was reported as done is lost")
	require.LessOrEqual(t, found, done+1, "only one step was under way")
	return found
}

// requireSpent fails if any of the confirmations could be done again.
func requireSpent(t *testing.T, s *store.Store, done int) {
	t.Helper()
	for n := stepConfirm; n < done; n += steps {
		require.ErrorIs(t, step(t.Context(), s, n), errSpent)
	}
}

// stepDone tells whether the n-th step is there, and fails if a part of it is.
func stepDone(t *testing.T, r idp.Reader, n int) bool {
	t.Helper()
	id := strconv.Itoa(n / steps)
	there := func(_ any, err error) bool {
		if err != nil {
			require.ErrorIs(t, err, idp.ErrNotFound)
		}
		return err == nil
	}
	challenge, err := r.Challenge(id)
	begun := there(challenge, err)
	_, err = r.Mail(id)
	require.Equal(t, begun, there(nil, err), "the mail of %s", id)
	if n%steps == stepBegin {
		return begun
	}
	_, err = r.Address(email(id))
	confirmed := there(nil, err)
	_, err = r.Account(id)
	require.Equal(t, confirmed, there(nil, err), "the account of %s", id)
	require.Equal(t, confirmed, !challenge.Spent.IsZero(), "the challenge of %s", id)
	logged, err := r.IssuancesOf([]byte(id), 1)
	require.NoError(t, err)
	require.Equal(t, confirmed, len(logged) == 1, "the log of %s", id)
	_, err = r.Session([]byte(id))
	signedIn := there(nil, err)
	_, err = r.Passkey([]byte(id))
	require.Equal(t, signedIn, there(nil, err), "the passkey of %s", id)
	if n%steps == stepConfirm {
		return confirmed
	}
	return confirmed && !signedIn
}

// The workload in a process of its own, to be killed: the test binary, told by
// its environment.
const (
	childURL   = "NAVID_TEST_STORE_CHILD" // the database
	childFrom  = "NAVID_TEST_STORE_FROM"  // the first step
	childLimit = "NAVID_TEST_STORE_LIMIT" // bytes that a file may have
)

// child reports each step that is done as a line with its number, and an error
// as a line with its words.
func child(url string) error {
	s, err := store.Open(context.Background(), url)
	if err != nil {
		return err
	}
	from, err := strconv.Atoi(os.Getenv(childFrom))
	if err != nil {
		return err
	}
	if limit := os.Getenv(childLimit); limit != "" {
		if err := limitFiles(limit); err != nil {
			return err
		}
	}
	for n := from; ; n++ {
		if err := step(context.Background(), s, n); err != nil {
			return err
		}
		fmt.Println(n)
	}
}

// runChild starts the workload at a step, and kills it some time after it has
// reported enough steps, if it has not ended by itself. It returns how many are
// reported as done, and what else was said.
func runChild(t *testing.T, url string, from, enough int, pause time.Duration, settings ...string) (done int, words string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), os.Args[0])
	command.Env = append(os.Environ(), append(settings, childURL+"="+url, childFrom+"="+strconv.Itoa(from))...)
	var stderr strings.Builder
	command.Stderr = &stderr
	output, err := command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	done = from
	lines := bufio.NewScanner(output)
	for lines.Scan() {
		number, err := strconv.Atoi(lines.Text())
		require.NoError(t, err)
		if done = number + 1; done == from+enough {
			time.Sleep(pause) // into the midst of the next
			_ = command.Process.Kill()
		}
	}
	if err := lines.Err(); !errors.Is(err, io.ErrClosedPipe) {
		assert.NoError(t, err)
	}
	_ = command.Wait()
	return done, stderr.String()
}
