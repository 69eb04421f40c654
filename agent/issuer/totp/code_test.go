package totp

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// vectors are those of RFC 6238, appendix B, for SHA-1, of which the last six digits count here.
var vectors = map[int64]string{
	59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130",
}

const vectorSecret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

func TestVectorsOfTheRFC(t *testing.T) {
	t.Parallel()
	for at, code := range vectors {
		mustMatchInItsWindow(t, vectorSecret, code, at)
	}
}

// mustMatchInItsWindow: a code counts in its own step and the next to either side.
func mustMatchInItsWindow(t *testing.T, secret, code string, at int64) {
	t.Helper()
	for offset, want := range map[int64]bool{-60: false, -30: true, 0: true, 30: true, 60: false} {
		step, ok := match(secret, code, time.Unix(at+offset, 0))
		assert.Equal(t, want, ok, "%s at %d%+d", code, at, offset)
		if ok {
			assert.Equal(t, at/30, step)
		}
	}
}

// The project's shared vectors, where NAVID_VECTORS says they are.
func TestSharedVectors(t *testing.T) {
	t.Parallel()
	folder := os.Getenv("NAVID_VECTORS")
	if folder == "" {
		t.Log("NAVID_VECTORS is not set: the vectors of the RFC above are the same")
		return
	}
	data, err := os.ReadFile(filepath.Join(folder, "totp_cases.json"))
	require.NoError(t, err)
	var file struct {
		Secret string `json:"secret_base32"`
		Cases  []struct {
			UnixTime int64 `json:"unix_time"`
			Code     string
		}
		Window struct{ Steps int }
	}
	require.NoError(t, json.Unmarshal(data, &file))
	require.NotEmpty(t, file.Cases)
	assert.Equal(t, file.Window.Steps, window)
	for _, c := range file.Cases {
		mustMatchInItsWindow(t, file.Secret, c.Code, c.UnixTime)
	}
}
