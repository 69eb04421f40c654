package mail

import (
	"context"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/dialog/idp"
)

// These tests send through a real mail server, from the queue in memory and
// from that of the store.

// postOffice is a worker whose clock the test sets.
type postOffice struct {
	t      *testing.T
	queue  queue
	outbox *Outbox
	clock  *clock
	saved  chan idp.Mail
}

func newPostOffice(t *testing.T, queue queue) *postOffice {
	clock := newClock()
	return &postOffice{t, queue, newOutbox(t, 1, clock.Now), clock, make(chan idp.Mail, 1000)}
}

// open starts a worker; the returned function stops it.
func (p *postOffice) open(sender Sender) (shut func()) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(p.t.Context()))
	ended := make(chan struct{})
	worker := Worker{
		Outbox: p.outbox, Queue: p.queue, Letters: ourLetters, Sender: sender, Poll: 10 * time.Millisecond,
		Now: p.clock.Now, Saved: func(m idp.Mail) { p.saved <- m },
	}
	go func() {
		defer close(ended)
		worker.Run(ctx)
	}()
	shut = sync.OnceFunc(func() {
		cancel()
		<-ended
	})
	p.t.Cleanup(shut)
	return shut
}

func (p *postOffice) post() string {
	return p.queue.enqueue(p.t, p.outbox, aLetter("ada@example.org", p.clock.Now()))
}

// next is what became of the next attempt.
func (p *postOffice) next() idp.Mail {
	select {
	case mail := <-p.saved:
		return mail
	case <-time.After(20 * time.Second):
		require.Fail(p.t, "no attempt")
		return idp.Mail{}
	}
}

func TestDeliveryAfterTemporaryRefusals(t *testing.T) {
	t.Parallel()
	onEachQueue(t, func(t *testing.T, queue queue) {
		server := startServer(t, serverOptions{answer: func(step string, n int) error {
			if step == "to" && n <= 2 {
				return reply(451, 4, 7, 1)
			}
			return nil
		}})
		office := newPostOffice(t, queue)
		id := office.post()
		defer office.open(server.client())()
		for tries, wait := range []time.Duration{15 * time.Second, time.Minute} {
			mail := office.next()
			assert.Equal(t, idp.MailQueued, mail.State)
			assert.Equal(t, tries+1, mail.Tries)
			assert.Equal(t, reasonLater, mail.Reason)
			office.clock.advance(wait)
		}
		assert.Equal(t, idp.MailSent, office.next().State)
		assert.Equal(t, "482093", codeIn(t, (<-server.news).content))
		kept := queue.mail(t, id)
		assert.Equal(t, idp.MailSent, kept.State)
		assert.Empty(t, kept.Sealed)
		assert.Empty(t, kept.Reason)
	})
}

func TestDeliveryRefusedForGood(t *testing.T) {
	t.Parallel()
	onEachQueue(t, func(t *testing.T, queue queue) {
		server := startServer(t, serverOptions{answer: at("to", reply(550, 5, 1, 1))})
		office := newPostOffice(t, queue)
		id := office.post()
		shut := office.open(server.client())
		office.next()
		shut()
		kept := queue.mail(t, id)
		assert.Equal(t, idp.MailFailed, kept.State)
		assert.Equal(t, reasonNoMailbox, kept.Reason)
		assert.Empty(t, kept.Sealed)
		assert.Equal(t, 1, server.reached("to"))
	})
}

func TestDeliveryWhenTheServerIsBack(t *testing.T) {
	t.Parallel()
	onEachQueue(t, func(t *testing.T, queue queue) {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		address := listener.Addr().String()
		require.NoError(t, listener.Close())
		_, port, _ := net.SplitHostPort(address)
		office := newPostOffice(t, queue)
		office.post()
		shut := office.open(SMTP{Host: "localhost", Port: port})
		mail := office.next()
		assert.Equal(t, idp.MailQueued, mail.State)
		assert.Equal(t, reasonUnreachable, mail.Reason)
		shut()

		server := startServer(t, serverOptions{address: address})
		defer office.open(server.client())()
		office.clock.advance(15 * time.Second)
		assert.Equal(t, idp.MailSent, office.next().State)
		assert.Equal(t, 1, len(server.all()))
	})
}

// A process that ends in the middle of a full queue loses none of it.
func TestDeliveryOverARestart(t *testing.T) {
	t.Parallel()
	onEachQueue(t, func(t *testing.T, queue queue) {
		const letters = 30
		server := startServer(t, serverOptions{})
		office := newPostOffice(t, queue)
		ids := map[string]bool{}
		for range letters {
			ids[strings.ToLower(office.post())] = true
		}
		shut := office.open(server.client())
		for range letters / 3 {
			office.next()
		}
		shut()
		assert.Less(t, len(server.all()), letters, "the queue was still full")
		defer office.open(server.client())()
		for range letters - letters/3 {
			office.next()
		}
		mails := server.all()
		assert.Equal(t, ids, idsOf(t, mails))
		assert.Equal(t, letters, len(mails), "and none was sent twice")
	})
}

func TestTwoWorkersShareAQueue(t *testing.T) {
	t.Parallel()
	onEachQueue(t, func(t *testing.T, queue queue) {
		const letters = 40
		var mu sync.Mutex
		sent := map[string]int{}
		office := newPostOffice(t, queue)
		for i := range 2 {
			office.open(senderFunc(func(_ context.Context, m Message) error {
				mu.Lock()
				defer mu.Unlock()
				sent[fmt.Sprint(i)]++
				sent[m.ID]++
				return nil
			}))
		}
		for range letters {
			office.post()
		}
		for range letters {
			office.next()
		}
		mu.Lock()
		defer mu.Unlock()
		assert.Equal(t, letters, sent["0"]+sent["1"])
		delete(sent, "0")
		delete(sent, "1")
		assert.Len(t, sent, letters, "each once")
	})
}
