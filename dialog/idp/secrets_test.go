package idp

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func testSecrets(t *testing.T, secret string) *Secrets {
	t.Helper()
	s, err := NewSecrets([]byte(secret))
	require.NoError(t, err)
	return s
}

func TestSecretsAreLongAndApart(t *testing.T) {
	t.Parallel()
	_, err := NewSecrets(make([]byte, MinSecretBytes-1))
	require.Error(t, err)
	a, b := testSecrets(t, strings.Repeat("a", 32)), testSecrets(t, strings.Repeat("b", 32))
	keys := map[string]bool{}
	for _, s := range []*Secrets{a, b} {
		for _, key := range [][]byte{s.code, s.linkCode, s.mail, s.emailMAC, s.session} {
			assert.Len(t, key, 32)
			keys[string(key)] = true
		}
	}
	assert.Len(t, keys, 10)
	assert.Equal(t, a.MailKey(), testSecrets(t, strings.Repeat("a", 32)).MailKey(), "the same after a restart")
}

// Codes are spread evenly: of 100,000 links, each first digit has its tenth.
func TestCodesAreUniform(t *testing.T) {
	t.Parallel()
	s := testSecrets(t, strings.Repeat("a", 32))
	const links = 100_000
	counts := [6][10]int{}
	for i := range links {
		code := s.codeOf(fmt.Sprint(i))
		require.Len(t, code, 6)
		for place, digit := range code {
			counts[place][digit-'0']++
		}
	}
	for place := range counts {
		for digit, count := range counts[place] {
			assert.InDelta(t, links/10, count, 600, "digit %d at %d", digit, place) // six standard deviations
		}
	}
}

func TestCodesAreFair(t *testing.T) {
	t.Parallel()
	last, ok := fairCode(4_293_999_999)
	assert.True(t, ok)
	assert.Equal(t, "999999", last)
	_, ok = fairCode(4_294_000_000)
	assert.False(t, ok)
}

// Lists of texts that run into the same bytes have different codes.
func TestMACsKeepTheirPartsApart(t *testing.T) {
	t.Parallel()
	key := []byte("key")
	assert.NotEqual(t, macOf(key, "ab", "c"), macOf(key, "a", "bc"))
	assert.NotEqual(t, macOf(key, "ab"), macOf(key, "ab", ""))
	s := testSecrets(t, strings.Repeat("a", 32))
	assert.NotEqual(t, s.codeMAC("challenge", "123456"), s.codeMAC("other", "123456"))
	assert.Equal(t, s.addressMAC("Alice@mail.test"), s.addressMAC("alice@mail.test"))
}

func TestTokens(t *testing.T) {
	t.Parallel()
	assert.Len(t, NewToken(), TokenLength)
	assert.NotEqual(t, NewToken(), NewToken())
	s := testSecrets(t, strings.Repeat("a", 32))
	assert.Len(t, s.sessionToken("challenge", "browser"), TokenLength)
}

func TestWordsAreShortAndDistinct(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, word := range words {
		assert.Regexp(t, `^[a-z]{3,8}$`, word)
		assert.False(t, seen[word], word)
		seen[word] = true
	}
	assert.Greater(t, len(words), 256)
	for range 10 * len(words) { // enough for a repetition, were there any
		first, second, _ := strings.Cut(newWords(), " ")
		require.NotEqual(t, first, second)
	}
}
