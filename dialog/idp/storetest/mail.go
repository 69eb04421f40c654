package storetest

import (
	"errors"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/dialog/idp"
)

func mail(t *testing.T, backend Backend) {
	for name, check := range map[string]func(*testing.T, [2]Store){
		"what is due longest comes first": mailInOrder,
		"a lease keeps others away":       mailLeases,
		"what was sent stays sent":        mailStaysSent,
		"each is claimed by one":          mailClaimedOnce,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check(t, pair(t, backend))
		})
	}
}

func queued(id string, due int) idp.Mail {
	return idp.Mail{ID: id, Sealed: []byte("sealed"), State: idp.MailQueued, Due: after(due), Created: now, Expires: after(60)}
}

func putMails(t *testing.T, store Store, mails ...idp.Mail) {
	t.Helper()
	update(t, store, func(tx idp.Tx) error {
		for _, mail := range mails {
			require.NoError(t, tx.PutMail(mail))
		}
		return nil
	})
}

func mailInOrder(t *testing.T, replicas [2]Store) {
	sent, failed := queued("sent", -9), queued("failed", -9)
	sent.State, failed.State = idp.MailSent, idp.MailFailed
	putMails(t, replicas[0], queued("later", 1), queued("second", -1), sent, queued("first", -2), failed, queued("third", 0))
	for i, want := range []string{"first", "second", "third"} {
		got, err := replicas[i%2].ClaimMail(t.Context(), now, after(1))
		require.NoError(t, err)
		assert.Equal(t, want, got.ID)
		assert.Equal(t, after(1), got.Leased)
		assert.Equal(t, []byte("sealed"), got.Sealed)
	}
	_, err := replicas[0].ClaimMail(t.Context(), now, after(1))
	require.ErrorIs(t, err, idp.ErrNotFound)
}

func mailLeases(t *testing.T, replicas [2]Store) {
	putMails(t, replicas[0], queued("mail", 0))
	claimed, err := replicas[0].ClaimMail(t.Context(), now, after(2))
	require.NoError(t, err)
	_, err = replicas[1].ClaimMail(t.Context(), after(1), after(3))
	require.ErrorIs(t, err, idp.ErrNotFound, "the first worker has it")

	again, err := replicas[1].ClaimMail(t.Context(), after(2), after(4))
	require.NoError(t, err, "the first worker is gone")
	again.Tries, again.Due, again.Leased, again.Reason = 1, after(9), claimed.Created.AddDate(-1, 0, 0), "451"
	require.NoError(t, replicas[1].SaveMail(t.Context(), again))
	_, err = replicas[0].ClaimMail(t.Context(), after(8), after(10))
	require.ErrorIs(t, err, idp.ErrNotFound, "not due")
	retried, err := replicas[0].ClaimMail(t.Context(), after(9), after(10))
	require.NoError(t, err)
	again.Leased = after(10)
	assert.Equal(t, again, retried)
}

func mailStaysSent(t *testing.T, replicas [2]Store) {
	putMails(t, replicas[0], queued("mail", 0))
	late, err := replicas[0].ClaimMail(t.Context(), now, after(1))
	require.NoError(t, err)
	sent, err := replicas[1].ClaimMail(t.Context(), after(1), after(2))
	require.NoError(t, err)
	sent.State, sent.Sealed = idp.MailSent, nil
	require.NoError(t, replicas[1].SaveMail(t.Context(), sent))
	late.Tries++
	require.NoError(t, replicas[0].SaveMail(t.Context(), late), "whose lease has ended")
	view(t, replicas[0], func(r idp.Reader) error {
		got, err := r.Mail("mail")
		assert.Equal(t, sent, got)
		return err
	})
	require.ErrorIs(t, replicas[0].SaveMail(t.Context(), queued("unknown", 0)), idp.ErrNotFound)
}

func mailClaimedOnce(t *testing.T, replicas [2]Store) {
	const mails = 60
	for i := range mails {
		putMails(t, replicas[0], queued(strconv.Itoa(i), 0))
	}
	var mutex sync.Mutex
	claims := map[string]int{}
	together(replicas, 8, func(_ int, store Store) {
		for {
			mail, err := store.ClaimMail(t.Context(), now, after(1))
			if errors.Is(err, idp.ErrNotFound) {
				return
			}
			if !assert.NoError(t, err) {
				return
			}
			mutex.Lock()
			claims[mail.ID]++
			mutex.Unlock()
		}
	})
	assert.Len(t, claims, mails)
	for id, times := range claims {
		assert.Equal(t, 1, times, id)
	}
}
