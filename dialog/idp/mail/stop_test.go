package mail

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/dialog/idp"
)

// What is under way when the process ends is finished, within bounds.
func TestWorkerStopsGracefully(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		queue, outbox := &memoryQueue{}, newOutbox(t, 1, nil)
		id := queue.enqueue(t, outbox, aLetter("ada@example.org", time.Now()))
		stop := run(t, Worker{Outbox: outbox, Queue: queue, Letters: ourLetters, Sender: senderFunc(func(ctx context.Context, _ Message) error {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(5 * time.Second):
				return nil
			}
		})})
		time.Sleep(time.Second)
		stop()
		assert.Equal(t, idp.MailSent, queue.get(id).State)
	})
}

// What cannot be finished goes back into the queue at once, for another replica.
func TestWorkerGivesBackWhatItBreaksOff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		queue, outbox := &memoryQueue{}, newOutbox(t, 1, nil)
		id := queue.enqueue(t, outbox, aLetter("ada@example.org", time.Now()))
		stop := run(t, Worker{Outbox: outbox, Queue: queue, Letters: ourLetters, Sender: senderFunc(func(ctx context.Context, _ Message) error {
			<-ctx.Done()
			return ctx.Err()
		})})
		time.Sleep(time.Second)
		stopping := time.Now()
		stop()
		assert.Equal(t, DefaultGrace, time.Since(stopping))
		claimed, err := queue.ClaimMail(t.Context(), time.Now(), time.Now().Add(time.Minute))
		require.NoError(t, err, "it is due, and nobody has it")
		assert.Equal(t, id, claimed.ID)
		assert.Zero(t, claimed.Tries)
	})
}

// A worker that dies in the middle of a mail leaves it to another, when its lease ends.
func TestWorkerTakesOverFromTheDead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		queue, outbox := &memoryQueue{}, newOutbox(t, 1, nil)
		id := queue.enqueue(t, outbox, aLetter("ada@example.org", time.Now()))
		_, err := queue.ClaimMail(t.Context(), time.Now(), time.Now().Add(DefaultTimeout+saving))
		require.NoError(t, err)
		stop := run(t, Worker{Outbox: outbox, Queue: queue, Letters: ourLetters, Sender: senderFunc(func(context.Context, Message) error { return nil })})
		time.Sleep(DefaultTimeout)
		synctest.Wait()
		assert.Equal(t, idp.MailQueued, queue.get(id).State)
		time.Sleep(saving + time.Second)
		stop()
		assert.Equal(t, idp.MailSent, queue.get(id).State)
	})
}
