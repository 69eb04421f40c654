package mail

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/dialog/idp"
)

func TestOutboxSeals(t *testing.T) {
	t.Parallel()
	queue, now := &memoryQueue{}, newClock().Now()
	outbox := newOutbox(t, 1, func() time.Time { return now })
	letter := aLetter("ada@example.org", now)
	id, other := queue.enqueue(t, outbox, letter), queue.enqueue(t, outbox, letter)
	require.NotEqual(t, id, other)
	row := queue.get(id)
	for _, secret := range []string{"ada", "482093", "c2VjcmV0", "amber"} {
		assert.NotContains(t, string(row.Sealed), secret)
	}
	assert.NotEqual(t, row.Sealed, queue.get(other).Sealed)
	row.Sealed = nil
	assert.Equal(t, idp.Mail{ID: id, State: idp.MailQueued, Due: now, Created: now, Expires: letter.Expires}, row)

	opened, err := outbox.open(queue.get(id))
	require.NoError(t, err)
	assert.Equal(t, letter, opened)

	_, err = newOutbox(t, 2, nil).open(queue.get(id))
	assert.Error(t, err, "another secret opens nothing")
	swapped := queue.get(id)
	swapped.Sealed = queue.get(other).Sealed
	_, err = outbox.open(swapped)
	assert.Error(t, err, "nor does another row")
}

// A notice has no code that could expire, and is worth sending for days.
func TestNoticesLiveLonger(t *testing.T) {
	t.Parallel()
	queue, now := &memoryQueue{}, newClock().Now()
	outbox := newOutbox(t, 1, func() time.Time { return now })
	id := queue.enqueue(t, outbox, idp.Letter{Kind: idp.LetterMoved, To: "ada@example.org", At: now})
	assert.Equal(t, now.Add(NoticeLife), queue.get(id).Expires)
}

func TestEnqueueReportsTheStore(t *testing.T) {
	t.Parallel()
	_, err := newOutbox(t, 1, nil).Enqueue(memoryTx{put: func(idp.Mail) error { return errDown }}, aLetter("ada@example.org", time.Now()))
	assert.True(t, errors.Is(err, errDown))
}
