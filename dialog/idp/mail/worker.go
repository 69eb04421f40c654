package mail

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/navid-login/navid/dialog/idp"
)

// What a worker does when nothing else is said.
const (
	DefaultParallel = 4
	DefaultPoll     = time.Second      // between two looks at the queue
	DefaultGrace    = 10 * time.Second // for mails under way when the process ends
)

// saving is what a lease leaves for writing down what became of a mail.
const saving = 30 * time.Second

// Worker sends the mails of the queue. Each replica runs one; they share the
// work through leases.
//
// A mail is leased for longer than its attempt may take, and saved afterwards.
// When a replica dies in between, the lease ends and another one sends the mail:
// a second time, perhaps, but not zero times. Run ends without breaking off what
// is under way, within Grace; a mail that is broken off goes back into the queue
// at once.
type Worker struct {
	Outbox  *Outbox
	Queue   idp.MailQueue
	Letters Letters
	Sender  Sender

	Parallel int              // mails under way at a time; 0: DefaultParallel
	Poll     time.Duration    // 0: DefaultPoll
	Timeout  time.Duration    // of an attempt; 0: DefaultTimeout
	Grace    time.Duration    // 0: DefaultGrace
	Now      func() time.Time // nil: time.Now
	Log      *slog.Logger     // nil: none
	Saved    func(idp.Mail)   // told what became of each attempt; may be nil
}

// Run sends mails until ctx ends, and then those that are under way.
func (w Worker) Run(ctx context.Context) {
	w.setDefaults()
	underway, breakOff := context.WithCancel(context.WithoutCancel(ctx))
	defer breakOff()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(w.Grace, breakOff) })()
	var attempts sync.WaitGroup
	defer attempts.Wait()
	free := make(chan struct{}, w.Parallel)
	lull := lull{most: w.Poll}
	for ctx.Err() == nil {
		select {
		case free <- struct{}{}:
		case <-ctx.Done():
			return
		}
		mail, err := w.claim(ctx)
		w.tell(&lull, err)
		if err != nil {
			<-free
			w.rest(ctx, &lull)
			continue
		}
		attempts.Go(func() {
			defer func() { <-free }()
			w.attempt(underway, mail)
		})
	}
}

func (w *Worker) setDefaults() {
	setDefault(&w.Parallel, DefaultParallel)
	setDefault(&w.Poll, DefaultPoll)
	setDefault(&w.Timeout, DefaultTimeout)
	setDefault(&w.Grace, DefaultGrace)
	if w.Now == nil {
		w.Now = time.Now
	}
	if w.Log == nil {
		w.Log = slog.New(slog.DiscardHandler)
	}
}

func setDefault[T int | time.Duration](value *T, standard T) {
	if *value <= 0 {
		*value = standard
	}
}

// claim is not broken off half-way: a mail that was leased is one to send.
func (w *Worker) claim(ctx context.Context) (idp.Mail, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), saving/3)
	defer cancel()
	now := w.Now()
	return w.Queue.ClaimMail(ctx, now, now.Add(w.Timeout+saving))
}

// lull is a time without mail to send.
type lull struct {
	most   time.Duration
	looks  int
	broken bool // the queue does not answer
}

// shortest is the first wait of a lull.
const shortest = 10 * time.Millisecond

// next is how long to wait before the next look: hardly at first, because the
// transaction that brought news may be about to be committed.
func (l *lull) next() time.Duration {
	l.looks++
	if l.looks > 10 {
		return l.most
	}
	return min(l.most, shortest<<(l.looks-1))
}

// rest waits for news, or for the next look.
func (w *Worker) rest(ctx context.Context, l *lull) {
	timer := time.NewTimer(l.next())
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-w.Outbox.queued:
		l.looks = 0
	}
}

// tell logs when the queue breaks and when it is whole again, once each.
func (w *Worker) tell(l *lull, err error) {
	broken := err != nil && !errors.Is(err, idp.ErrNotFound)
	switch {
	case broken && !l.broken:
		w.Log.Error("mail queue does not answer", "error", err)
	case !broken && l.broken:
		w.Log.Info("mail queue answers again")
	}
	l.broken = broken
	if err == nil {
		l.looks = 0
	}
}
