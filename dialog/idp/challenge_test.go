package idp_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/discovery"
	"github.com/navid-login/navid/dialog/idp"
	"github.com/navid-login/navid/dialog/idp/idptest"
	"github.com/navid-login/navid/dialog/idp/storetest"
)

func TestACodeProvesAnAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.Browser("192.0.2.1")

	pending, letter := b.Ask(alice)
	assert.EqualValues(t, alice, letter.To)
	assert.Equal(t, pending.Words, letter.Words)
	assert.Len(t, strings.Fields(letter.Words), 2)
	assert.Equal(t, "Firefox on Linux", letter.Browser)
	assert.Equal(t, w.Clock.Now().Add(idp.CodeLife), pending.Expires)
	assert.Equal(t, w.Clock.Now().Add(idp.ResendAfter), pending.ResendAt)
	assert.True(t, strings.HasPrefix(letter.Link, "https://login.test/confirm#"), letter.Link)

	grant, err := w.Confirm(t.Context(), b.Visitor, pending.Challenge, letter.Code[:3]+" "+letter.Code[3:])
	require.NoError(t, err)
	assert.EqualValues(t, alice, grant.Email)
	assert.Equal(t, w.Clock.Now().Add(idp.SessionLife), grant.Expires)

	b.SessionToken = grant.SessionToken
	_, err = b.Certify(alice)
	require.NoError(t, err)
}

func TestAWrongCodeCounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.Browser("192.0.2.1")
	pending, letter := b.Ask(alice)
	for left := 4; left >= 0; left-- {
		_, err := w.Confirm(t.Context(), b.Visitor, pending.Challenge, wrong(letter.Code))
		assert.Equal(t, left, refused(t, err, idp.CodeWrongCode).Left)
	}
	_, err := w.Confirm(t.Context(), b.Visitor, pending.Challenge, letter.Code)
	refused(t, err, idp.CodeSpent) // even the right one

	w.Clock.Advance(idp.ResendAfter)
	_, err = w.Resend(t.Context(), b.Visitor, pending.Challenge)
	require.NoError(t, err)
	_, err = w.Confirm(t.Context(), b.Visitor, pending.Challenge, w.CodeLetter().Code)
	require.NoError(t, err)
}

func TestTextWithoutACodeCountsNot(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.Browser("192.0.2.1")
	pending, letter := b.Ask(alice)
	for range 30 {
		_, err := w.Confirm(t.Context(), b.Visitor, pending.Challenge, "12345")
		refused(t, err, idp.CodeInvalidRequest)
	}
	_, err := w.Confirm(t.Context(), b.Visitor, pending.Challenge, letter.Code)
	require.NoError(t, err)
}

func TestEachCodeHasItsOwnLife(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.Browser("192.0.2.1")
	pending, first := b.Ask(alice)

	_, err := w.Resend(t.Context(), b.Visitor, pending.Challenge)
	assert.Equal(t, idp.ResendAfter, refused(t, err, idp.CodeTooMany).RetryAfter)

	w.Clock.Advance(6 * time.Minute)
	again, err := w.Resend(t.Context(), b.Visitor, pending.Challenge)
	require.NoError(t, err)
	second := w.CodeLetter()
	assert.Equal(t, pending.Words, again.Words, "the dialog goes on showing the same words")
	assert.NotEqual(t, first.Link, second.Link)
	assert.Equal(t, w.Clock.Now().Add(idp.CodeLife), again.Expires)

	w.Clock.Advance(5 * time.Minute) // the first is 11 minutes old
	_, err = w.Confirm(t.Context(), b.Visitor, pending.Challenge, first.Code)
	refused(t, err, idp.CodeWrongCode)
	_, err = w.Follow(t.Context(), b.Visitor, idptest.LinkToken(first))
	refused(t, err, idp.CodeExpired)
	_, err = w.Confirm(t.Context(), b.Visitor, pending.Challenge, second.Code)
	require.NoError(t, err)
}

func TestAnEarlierCodeStillWorks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.Browser("192.0.2.1")
	pending, first := b.Ask(alice)
	w.Clock.Advance(idp.ResendAfter)
	_, err := w.Resend(t.Context(), b.Visitor, pending.Challenge)
	require.NoError(t, err)
	_, err = w.Confirm(t.Context(), b.Visitor, pending.Challenge, first.Code)
	require.NoError(t, err)
	_, err = w.Confirm(t.Context(), b.Visitor, pending.Challenge, w.CodeLetter().Code)
	refused(t, err, idp.CodeSpent)
	_, err = w.Resend(t.Context(), b.Visitor, pending.Challenge)
	refused(t, err, idp.CodeSpent)
}

func TestACodeExpires(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.Browser("192.0.2.1")
	pending, letter := b.Ask(alice)
	w.Clock.Advance(idp.CodeLife)
	_, err := w.Confirm(t.Context(), b.Visitor, pending.Challenge, letter.Code)
	refused(t, err, idp.CodeExpired)
	_, err = w.Follow(t.Context(), b.Visitor, idptest.LinkToken(letter))
	refused(t, err, idp.CodeExpired)
	_, err = w.Resend(t.Context(), b.Visitor, pending.Challenge)
	refused(t, err, idp.CodeExpired)
	progress, err := w.Await(t.Context(), b.Visitor, pending.Challenge)
	require.NoError(t, err)
	assert.Equal(t, idp.StateExpired, progress.State)
}

// A code is worth something in the browser that asked, and nowhere else.
func TestAChallengeBelongsToItsBrowser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, thief := w.Browser("192.0.2.1"), w.Browser("192.0.2.1")
	pending, letter := b.Ask(alice)
	nobody := idp.Visitor{}
	for _, visitor := range []idp.Visitor{thief.Visitor, nobody} {
		_, err := w.Confirm(t.Context(), visitor, pending.Challenge, letter.Code)
		refused(t, err, idp.CodeChallengeUnknown)
		_, err = w.Await(t.Context(), visitor, pending.Challenge)
		refused(t, err, idp.CodeChallengeUnknown)
		_, err = w.Resend(t.Context(), visitor, pending.Challenge)
		refused(t, err, idp.CodeChallengeUnknown)
	}
	_, err := w.Confirm(t.Context(), b.Visitor, "no such challenge", letter.Code)
	refused(t, err, idp.CodeChallengeUnknown)

	pending, err = w.Begin(t.Context(), nobody, bob, false) // a browser without cookies
	require.NoError(t, err)
	_, err = w.Confirm(t.Context(), nobody, pending.Challenge, w.CodeLetter().Code)
	refused(t, err, idp.CodeChallengeUnknown)
}

func TestTheLinkInTheSameBrowserConfirms(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.Browser("192.0.2.1")
	pending, letter := b.Ask(alice)
	progress, err := w.Await(t.Context(), b.Visitor, pending.Challenge)
	require.NoError(t, err)
	assert.Equal(t, idp.StateWaiting, progress.State)

	followed, err := w.Follow(t.Context(), b.Visitor, idptest.LinkToken(letter))
	require.NoError(t, err)
	assert.True(t, followed.Confirmed)
	assert.Empty(t, followed.Code)

	for range 2 { // the answer may get lost
		progress, err = w.Await(t.Context(), b.Visitor, pending.Challenge)
		require.NoError(t, err)
		assert.Equal(t, idp.StateConfirmed, progress.State)
		assert.Equal(t, followed.Grant, progress.Grant)
	}
	b.SessionToken = progress.Grant.SessionToken
	_, err = b.Certify(alice)
	require.NoError(t, err)

	require.NoError(t, w.SignOut(t.Context(), b.SessionToken, false))
	progress, err = w.Await(t.Context(), b.Visitor, pending.Challenge)
	require.NoError(t, err)
	assert.Equal(t, idp.StateExpired, progress.State, "a session that was ended does not come back")
}

// The link on another device shows the code and signs nobody in, however often;
// it is not spent by that (abuse test 14 is that a GET does not even come here).
func TestTheLinkElsewhereShowsTheCode(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, phone := w.Browser("192.0.2.1"), w.Browser("198.51.100.7")
	pending, letter := b.Ask(alice)
	for _, visitor := range []idp.Visitor{phone.Visitor, phone.Visitor, {}} {
		followed, err := w.Follow(t.Context(), visitor, idptest.LinkToken(letter))
		require.NoError(t, err)
		assert.Equal(t, idp.Followed{Code: letter.Code, Email: alice}, followed)
	}
	_, err := w.Confirm(t.Context(), b.Visitor, pending.Challenge, letter.Code)
	require.NoError(t, err)
	_, err = w.Follow(t.Context(), phone.Visitor, idptest.LinkToken(letter))
	refused(t, err, idp.CodeSpent)
	_, err = w.Follow(t.Context(), phone.Visitor, idp.NewToken())
	refused(t, err, idp.CodeChallengeUnknown)
}

// A mail that does not come is told of as soon as the host knows: while there is
// hope, and when there is none.
func TestAwaitTellsOfMailThatDoesNotCome(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.Browser("192.0.2.1")
	pending, err := w.Begin(t.Context(), b.Visitor, alice, false)
	require.NoError(t, err)
	mail, err := w.Store.ClaimMail(t.Context(), w.Clock.Now(), w.Clock.Now())
	require.NoError(t, err)
	for _, c := range []struct {
		mail  idp.MailState
		state idp.State
	}{{idp.MailQueued, idp.StateWaiting}, {idp.MailFailed, idp.StateMailFailed}} {
		mail.State, mail.Reason = c.mail, "It is "+string(c.mail)
		require.NoError(t, w.Store.SaveMail(t.Context(), mail))
		progress, err := w.Await(t.Context(), b.Visitor, pending.Challenge)
		require.NoError(t, err)
		assert.Equal(t, idp.Progress{State: c.state, Reason: mail.Reason}, progress)
	}
}

// Abuse test 24: 100 confirmations at once over two replicas, by code and by link.
func TestOneConfirmationWins(t *testing.T) {
	t.Parallel()
	w, replicas := newReplicas(t, func(c *idp.Config) { c.Limits = unlimited })
	for range storetest.Rounds(t, 3) {
		b := w.Browser("192.0.2.1")
		pending, letter := b.Ask(alice)
		var won atomic.Int64
		var all sync.WaitGroup
		for i := range 100 {
			all.Go(func() {
				var err error
				if i%2 == 0 {
					_, err = replicas[i/2%2].Confirm(t.Context(), b.Visitor, pending.Challenge, letter.Code)
				} else {
					_, err = replicas[i/2%2].Follow(t.Context(), b.Visitor, idptest.LinkToken(letter))
				}
				if err == nil {
					won.Add(1)
				} else {
					assert.ErrorIs(t, err, idp.CodeSpent)
				}
			})
		}
		all.Wait()
		assert.EqualValues(t, 1, won.Load())
	}
}

var unlimited = idp.Limits{
	CodesPerAddress: 1e9, CodesPerMailbox: 1e9, TriesPerAddress: 1e9, OwnTriesPerAddress: 1e9, TriesPerCode: 5, CodesPerChallenge: 5, MailsPerNetwork: 1e9, MailsPerWideNetwork: 1e9,
	TriesPerNetwork: 1e9, MailsPerHost: 1e9, CeremoniesPerNetwork: 1e9, CertificatesPerSession: 1e9,
}

// D1.12, G12: what discovery says decides who may be vouched for.
func TestDomainsWithAProvider(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		answer any
		want   idp.ErrorCode
	}{
		"none":                     {discovery.Absent, ""},
		"disabled":                 {discovery.Disabled, ""},
		"its own":                  {&discovery.Provider{Authority: "mail.test"}, idp.CodeProviderExists},
		"delegated to us":          {&discovery.Provider{Authority: "login.test"}, ""},
		"offline":                  {discovery.Offline, idp.CodeProviderOffline},
		"set up wrongly":           {discovery.Invalid, idp.CodeProviderOffline},
		"delegated to a cousin":    {&discovery.Provider{Authority: "x.login.test"}, idp.CodeProviderExists},
		"delegated to a neighbour": {&discovery.Provider{Authority: "login.test.evil.test"}, idp.CodeProviderExists},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			b := w.Browser("192.0.2.1")
			b.Prove(alice) // before the domain had one

			w.Domains.Set("mail.test", c.answer)
			_, err := w.Begin(t.Context(), b.Visitor, alice, false)
			_, certifying := b.Certify(alice) // asked again at each certification
			if c.want == "" {
				require.NoError(t, err)
				require.NoError(t, certifying)
				return
			}
			refused(t, err, c.want)
			refused(t, certifying, c.want)
		})
	}
}

// Abuse test 36: the mail goes to exactly the certified address, or nowhere.
func TestAddressTricks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	nowhere := []string{
		"", "alice", "@mail.test", "alice@", "alice@mail", "alice@mail.test.", ".alice@mail.test", "alice.@mail.test",
		"al..ice@mail.test", " alice@mail.test", "alice@mail.test ", "alice@mail.test\n", "alice@mail.test\r\nBcc: eve@evil.test",
		"alice\n@mail.test", "alice\x00@mail.test", "alice@mail.test,eve@evil.test", "alice@mail.test;eve@evil.test",
		"Alice <alice@mail.test>", "<alice@mail.test>", `"alice"@mail.test`, `"alice@evil.test"@mail.test`, "alice@mail.test (x)",
		"alice(x)@mail.test", "alice@[127.0.0.1]", "alice@127.0.0.1", "alice@[IPv6:::1]", "alice@0x7f.1", "alıce@mail.test",
		"alice@maıl.test", "ａlice@mail.test", "alice＠mail.test", "alice@mail。test", "=?utf-8?q?alice=40evil.test=3e=00?=@mail.test\"",
		"alice@evil.test@mail.test", "@evil.test:alice@mail.test", "alice@mail.test%0d%0aBcc:eve@evil.test", "alice@mail_.test",
		"mailto:alice@mail.test?cc=eve@evil.test", "alice@mail.test\u200b", "alice\\@evil.test@mail.test",
	}
	for _, address := range nowhere {
		_, err := w.Begin(t.Context(), w.Browser("").Visitor, address, false)
		refused(t, err, idp.CodeInvalidEmail)
	}
	assert.Empty(t, w.Letters())

	exactly := map[string]string{
		"alice@MAIL.test": "alice@mail.test", "Alice+x@mail.test": "Alice+x@mail.test", "alice%evil.test@mail.test": "alice%evil.test@mail.test",
		"evil.test!alice@mail.test": "evil.test!alice@mail.test", "=?x?q?alice?=@mail.test": "=?x?q?alice?=@mail.test",
		"-oQ/tmp@mail.test": "-oQ/tmp@mail.test",
	}
	for address, want := range exactly {
		b := w.Browser("")
		pending, letter := b.Ask(address)
		assert.EqualValues(t, want, letter.To)
		grant, err := w.Confirm(t.Context(), b.Visitor, pending.Challenge, letter.Code)
		require.NoError(t, err)
		b.SessionToken = grant.SessionToken
		certificate, err := b.Certify(want)
		require.NoError(t, err)
		assert.Equal(t, want, principalOf(t, w, certificate))
	}
}
