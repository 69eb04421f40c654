package browserid

import (
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestDecimal compares our conversion, which does without math/big, with it.
func TestDecimal(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // reproducible, not secret
	for size := range maxNumberBytes + 1 {
		octets := make([]byte, size)
		for i := range octets {
			octets[i] = byte(random.IntN(256)) >> random.IntN(9) // zeros are frequent
		}
		want := new(big.Int).SetBytes(octets)
		number, ok := numberOfDecimal(want.String())
		require.True(t, ok)
		require.Equal(t, string(want.Bytes()), number)
		require.Equal(t, want.String(), decimalOf(number))
		require.Equal(t, want.BitLen(), bitLength(number))
	}
}

func TestDecimalLimits(t *testing.T) {
	t.Parallel()
	largest := new(big.Int).Lsh(big.NewInt(1), 4096)
	_, ok := numberOfDecimal(largest.String())
	assert.False(t, ok, "one bit too many")
	_, ok = numberOfDecimal(largest.Sub(largest, big.NewInt(1)).String())
	assert.True(t, ok)
	for _, text := range []string{"", "-1", "+1", "1 ", "1e3", "0x1", "1_0", "١", strings.Repeat("0", 1235)} {
		_, ok := numberOfDecimal(text)
		assert.False(t, ok, text)
	}
	number, ok := numberOfDecimal("000065537")
	assert.True(t, ok, "leading zeros are harmless")
	assert.Equal(t, "\x01\x00\x01", number)
}

func TestHexadecimal(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"1": "\x01", "0A0b": "\x0a\x0b", "abc": "\x0a\xbc", "0000ff": "\xff", "0": ""} {
		number, ok := numberOfHex(text)
		assert.True(t, ok, text)
		assert.Equal(t, want, number, text)
	}
	for _, text := range []string{"", "0x1", "g", "-1", "1 ", strings.Repeat("0", 1025)} {
		_, ok := numberOfHex(text)
		assert.False(t, ok, text)
	}
	assert.Equal(t, "abc", hexOf("\x0a\xbc"))
}
