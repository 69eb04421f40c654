package mail

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/dialog/idp"
)

var errLater = &Failure{Reason: reasonLater, Detail: "later"}

// run starts a worker on a queue in memory, in a bubble of its own time, and
// returns what stops it and waits until it has.
func run(t *testing.T, worker Worker) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		worker.Run(ctx)
	}()
	return func() {
		cancel()
		<-ended
	}
}

func TestWorkerRetriesUntilItIsTooLate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		queue, outbox, started := &memoryQueue{}, newOutbox(t, 1, nil), time.Now()
		var tried []time.Duration
		worker := Worker{Outbox: outbox, Queue: queue, Letters: ourLetters, Sender: senderFunc(func(context.Context, Message) error {
			tried = append(tried, time.Since(started).Truncate(time.Second))
			return errLater
		})}
		id := queue.enqueue(t, outbox, aLetter("ada@example.org", started))
		stop := run(t, worker)
		time.Sleep(time.Minute)
		synctest.Wait()
		assert.Equal(t, idp.MailQueued, queue.get(id).State)
		assert.Equal(t, reasonLater, queue.get(id).Reason, "said while there is hope")
		time.Sleep(6 * time.Minute)
		synctest.Wait()
		assert.Equal(t, idp.MailFailed, queue.get(id).State, "told when there is no hope left, not when the code ends")
		time.Sleep(time.Hour)
		stop()
		assert.Equal(t, []time.Duration{0, 15 * time.Second, 75 * time.Second, 195 * time.Second, 375 * time.Second}, roughly(tried))
		mail := queue.get(id)
		assert.Equal(t, idp.MailFailed, mail.State)
		assert.Equal(t, 5, mail.Tries)
		assert.Equal(t, reasonLater, mail.Reason)
		assert.Empty(t, mail.Sealed, "nothing is kept of a mail that has failed")
	})
}

// roughly takes off the seconds between two looks at the queue.
func roughly(times []time.Duration) []time.Duration {
	for i := range times {
		times[i] -= times[i] % (15 * time.Second)
	}
	return times
}

func TestWorkerSendsAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		queue, outbox := &memoryQueue{}, newOutbox(t, 1, nil)
		sent := make(chan Message, 1)
		stop := run(t, Worker{Outbox: outbox, Queue: queue, Letters: ourLetters, Sender: senderFunc(func(_ context.Context, m Message) error {
			sent <- m
			return nil
		})})
		defer stop()
		time.Sleep(time.Minute + time.Millisecond) // idle for long, between two looks
		var pending idp.Mail
		_, err := outbox.Enqueue(memoryTx{put: func(m idp.Mail) error { pending = m; return nil }}, aLetter("ada@example.org", time.Now()))
		require.NoError(t, err)
		time.Sleep(25 * time.Millisecond) // the transaction takes its time
		require.NoError(t, queue.put(pending))
		committed := time.Now()
		<-sent
		assert.LessOrEqual(t, time.Since(committed), 50*time.Millisecond)
	})
}

func TestWorkerGivesUpAtOnce(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*idp.Mail)
		err    error
		reason string
		tries  int
	}{
		"permanent":        {err: &Failure{Reason: reasonNoMailbox, Permanent: true}, reason: reasonNoMailbox, tries: 1},
		"too late":         {change: func(m *idp.Mail) { m.Expires = time.Now() }, reason: reasonLate},
		"too late again":   {change: func(m *idp.Mail) { m.Expires, m.Reason = time.Now(), reasonFull }, reason: reasonFull},
		"another secret":   {change: func(m *idp.Mail) { m.Sealed[20] ^= 1 }, reason: reasonSecret},
		"another row":      {change: func(m *idp.Mail) { m.ID = "other" }, reason: reasonSecret},
		"no sealed letter": {change: func(m *idp.Mail) { m.Sealed = nil }, reason: reasonSecret},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				queue, outbox := &memoryQueue{}, newOutbox(t, 1, nil)
				queue.enqueue(t, outbox, aLetter("ada@example.org", time.Now()))
				if test.change != nil {
					test.change(&queue.mails[0])
				}
				id := queue.mails[0].ID
				stop := run(t, Worker{Outbox: outbox, Queue: queue, Letters: ourLetters, Sender: senderFunc(func(context.Context, Message) error {
					return test.err
				})})
				time.Sleep(time.Second)
				stop()
				mail := queue.get(id)
				assert.Equal(t, idp.MailFailed, mail.State)
				assert.Equal(t, test.reason, mail.Reason)
				assert.Equal(t, test.tries, mail.Tries)
				assert.Empty(t, mail.Sealed)
			})
		})
	}
}

// An error that the sender does not explain is retried, and told in general words.
func TestWorkerDoesNotPassOnUnknownErrors(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		queue, outbox := &memoryQueue{}, newOutbox(t, 1, nil)
		id := queue.enqueue(t, outbox, aLetter("ada@example.org", time.Now()))
		stop := run(t, Worker{Outbox: outbox, Queue: queue, Letters: ourLetters, Sender: senderFunc(func(context.Context, Message) error {
			return errors.New("disk full at /var/mail/ada@example.org")
		})})
		time.Sleep(time.Second)
		stop()
		assert.Equal(t, idp.MailQueued, queue.get(id).State)
		assert.Equal(t, reasonOther, queue.get(id).Reason)
	})
}

// An attempt ends before its lease does, whatever the sender thinks of time.
func TestWorkerBoundsAnAttempt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		queue, outbox := &memoryQueue{}, newOutbox(t, 1, nil)
		id := queue.enqueue(t, outbox, aLetter("ada@example.org", time.Now()))
		underway, most := 0, 0
		sender := senderFunc(func(ctx context.Context, _ Message) error {
			underway++
			most = max(most, underway)
			<-ctx.Done()
			underway--
			return ctx.Err()
		})
		worker := Worker{Outbox: outbox, Queue: queue, Letters: ourLetters, Sender: sender}
		stop, stopOther := run(t, worker), run(t, worker)
		time.Sleep(DefaultTimeout + saving/2)
		stop()
		stopOther()
		assert.Equal(t, 1, most, "one at a time")
		assert.Equal(t, 1, queue.get(id).Tries)
	})
}

// While the store is away nothing is forgotten: neither what was sent, nor what is to be.
func TestWorkerOutlivesTheStore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		queue, outbox, sent := &memoryQueue{}, newOutbox(t, 1, nil), 0
		id := queue.enqueue(t, outbox, aLetter("ada@example.org", time.Now()))
		worker := Worker{
			Outbox: outbox, Queue: queue, Letters: ourLetters, Log: slog.New(slog.NewTextHandler(&log, nil)),
			Sender: senderFunc(func(context.Context, Message) error {
				sent++
				queue.set(true) // between "sent" and "saved"
				return nil
			}),
		}
		stop := run(t, worker)
		time.Sleep(20 * time.Second)
		queue.set(false)
		time.Sleep(2 * time.Second)
		assert.Equal(t, idp.MailSent, queue.get(id).State)
		assert.Equal(t, 1, sent)
		stop()
		assert.Equal(t, 1, bytes.Count(log.Bytes(), []byte("does not answer")), "said once")
		assert.Contains(t, log.String(), "answers again")
		for _, secret := range []string{"ada", "482093", "c2VjcmV0"} {
			assert.NotContains(t, log.String(), secret)
		}
	})
}

// The documented price: saved too late, a mail is sent again. Both copies say so.
func TestWorkerMaySendTwice(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		queue, outbox := &memoryQueue{}, newOutbox(t, 1, nil)
		id := queue.enqueue(t, outbox, aLetter("ada@example.org", time.Now()))
		var ids []string
		stop := run(t, Worker{Outbox: outbox, Queue: queue, Letters: ourLetters, Sender: senderFunc(func(_ context.Context, m Message) error {
			queue.set(len(ids) == 0)
			ids = append(ids, m.ID)
			return nil
		})})
		time.Sleep(2 * (DefaultTimeout + saving))
		queue.set(false)
		time.Sleep(2 * time.Second)
		stop()
		require.Len(t, ids, 2)
		assert.Equal(t, ids[0], ids[1])
		assert.Equal(t, idp.MailSent, queue.get(id).State)
	})
}

func TestWorkerSendsSeveralAtATime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		queue, outbox := &memoryQueue{}, newOutbox(t, 1, nil)
		started := time.Now()
		for range 3 * DefaultParallel {
			queue.enqueue(t, outbox, aLetter("ada@example.org", started))
		}
		stop := run(t, Worker{Outbox: outbox, Queue: queue, Letters: ourLetters, Sender: senderFunc(func(context.Context, Message) error {
			time.Sleep(10 * time.Second)
			return nil
		})})
		time.Sleep(31 * time.Second)
		stop()
		for _, mail := range queue.mails {
			assert.Equal(t, idp.MailSent, mail.State)
		}
	})
}
