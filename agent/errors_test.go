package agent_test

import (
	"encoding/json"
	"flag"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent"
)

var update = flag.Bool("update", false, "rewrite golden files")

// The dialog's tests read the same file: no code without a sentence.
func TestCodesGolden(t *testing.T) {
	t.Parallel()
	const golden = "testdata/errors.json"
	codes, err := json.MarshalIndent(agent.Codes(), "", "\t")
	require.NoError(t, err)
	codes = append(codes, '\n')
	if *update {
		require.NoError(t, os.WriteFile(golden, codes, 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.Equal(t, string(want), string(codes), "run go test ./agent -update")
}
