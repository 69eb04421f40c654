package personal_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/issuer/personal"
)

// What is read is within the limits, and written as it was read.
func FuzzParseEncrypted(f *testing.F) {
	data, err := os.ReadFile(filepath.Join("testdata", "cases.json"))
	require.NoError(f, err)
	var all cases
	require.NoError(f, json.Unmarshal(data, &all))
	f.Add([]byte(all.Encrypted))
	f.Add([]byte(`{"version":1,"cipher":"AES-256-GCM","algorithm":"RS256","slots":[{"rounds":1e9}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		parsed, err := personal.ParseEncrypted(document(data))
		if err != nil {
			return
		}
		for _, slot := range parsed.Slots {
			assert.LessOrEqual(t, slot.Rounds, personal.MaxRounds)
		}
		written, err := json.Marshal(parsed)
		require.NoError(t, err)
		again, err := personal.ParseEncrypted(document(written))
		require.NoError(t, err)
		assert.Equal(t, parsed, again)
	})
}
