package totp

import (
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
)

func mustNotHold(t *testing.T, path, secret string) {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.NotContains(t, string(data), secret)
}

func TestAdd(t *testing.T) {
	d := newDesk(t)
	uri, err := d.users.Add("carol+x@hosted.test", start)
	require.NoError(t, err)
	key, err := otp.NewKeyFromURL(uri)
	require.NoError(t, err)
	assert.Equal(t, "totp", key.Type())
	assert.Equal(t, "hosted.test", key.Issuer())
	assert.Equal(t, "carol+x@hosted.test", key.AccountName())
	assert.Len(t, key.Secret(), 32, "160 bits (RFC 4226, 4)")
	mustNotHold(t, d.usersFile(), key.Secret())
	info, err := os.Stat(d.usersFile())
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode())

	_, err = d.users.Add("carol+x@hosted.test", start)
	require.ErrorIs(t, err, ErrUserExists)
	users, err := d.users.List()
	require.NoError(t, err)
	require.Len(t, users, 3)
	assert.Equal(t, browserid.Email("carol+x@hosted.test"), users[2].Address)
	assert.True(t, users[2].Added.Equal(start.Truncate(time.Second)))
}

// A provider that runs notices what the command does.
func TestUsersChangeWhileItRuns(t *testing.T) {
	d := newDesk(t)
	command, err := OpenUsers(d.usersFile(), secret)
	require.NoError(t, err)
	uri, err := command.Add("carol@totp.test", start)
	require.NoError(t, err)
	key, err := otp.NewKeyFromURL(uri)
	require.NoError(t, err)
	d.apps["carol@totp.test"] = key.Secret()
	d.signIn("carol@totp.test")
	require.NoError(t, command.Remove("carol@totp.test"))
	assert.Equal(t, "not_signed_in", d.certify("carol@totp.test"))
	require.ErrorIs(t, command.Remove("carol@totp.test"), ErrNoSuchUser)
}

func TestAddAtTheSameTime(t *testing.T) {
	d := newDesk(t)
	var group sync.WaitGroup
	for _, name := range strings.Split("abcdefgh", "") {
		group.Go(func() {
			users, err := OpenUsers(d.usersFile(), secret)
			if assert.NoError(t, err) {
				_, err = users.Add(browserid.Email(name+"@totp.test"), start)
				assert.NoError(t, err)
			}
		})
	}
	group.Wait()
	users, err := d.users.List()
	require.NoError(t, err)
	assert.Len(t, users, 10)
}

// A secret belongs to its entry, and opens with the provider's secret alone.
func TestSecretsBelongToTheirEntry(t *testing.T) {
	d := newDesk(t)
	_, err := OpenUsers(d.usersFile(), []byte("the secret of another provider.."))
	require.ErrorContains(t, err, "cannot be decrypted")

	data, err := os.ReadFile(d.usersFile())
	require.NoError(t, err)
	swapped := strings.NewReplacer(string(alice), string(bob), string(bob), string(alice)).Replace(string(data))
	require.NoError(t, os.WriteFile(d.usersFile(), []byte(swapped), 0o600))
	_, err = OpenUsers(d.usersFile(), secret)
	require.ErrorContains(t, err, "cannot be decrypted")
}

func TestUsersFileOpenToOthers(t *testing.T) {
	d := newDesk(t)
	d.signIn(alice)
	require.NoError(t, os.Chmod(d.usersFile(), 0o640))
	_, err := OpenUsers(d.usersFile(), secret)
	require.ErrorIs(t, err, ErrReadableByOthers)
	require.NoError(t, os.Chtimes(d.usersFile(), start, start))
	assert.Equal(t, http.StatusServiceUnavailable, d.post(bob, d.code(bob, 0)).Code)
	assert.Equal(t, "not_signed_in", d.certify(alice))
}

func TestUsersFileThatIsNone(t *testing.T) {
	d := newDesk(t)
	for _, content := range []string{
		``, `{`, `{"version":2}`, `{"version":1,"users":[{"address":"alice","id":"1"}]}`, `{"version":1,"users":[{"address":"alice@totp.test"}]}`,
		`{"version":1,"users":[{"address":"alice@TOTP.test","id":"1"}]}`,
		`{"version":1,"users":[{"address":"alice@totp.test","id":"1"},{"address":"alice@totp.test","id":"2"}]}`,
	} {
		require.NoError(t, os.WriteFile(d.usersFile(), []byte(content), 0o600))
		_, err := OpenUsers(d.usersFile(), secret)
		assert.Error(t, err, content)
	}
}

func TestStateFileThatIsNone(t *testing.T) {
	d := newDesk(t)
	for content, mode := range map[string]os.FileMode{`{`: 0o600, `{"version":2}`: 0o600, `{"version":1}`: 0o604} {
		require.NoError(t, os.WriteFile(d.stateFile(), []byte(content), mode))
		require.NoError(t, os.Chmod(d.stateFile(), mode))
		_, err := New(d.provider.config)
		assert.Error(t, err, content)
		require.NoError(t, os.Remove(d.stateFile()))
	}
}
