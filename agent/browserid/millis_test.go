package browserid_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
)

// TestMillis is C5.3: what is below 10^11 is in seconds.
func TestMillis(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		text string
		want browserid.Millis
		ok   bool
	}{
		"milliseconds":              {"1795262400000", 1795262400000, true},
		"seconds":                   {"1795262400", 1795262400000, true},
		"seconds with a fraction":   {"1795262400.999", 1795262400000, true},
		"milliseconds and fraction": {"1795262400000.7", 1795262400000, true},
		"last of seconds":           {"99999999999", 99999999999000, true},
		"first of milliseconds":     {"100000000000", 100000000000, true},
		"zero":                      {"0", 0, true},
		"before 1970":               {"-1", -1000, true},
		"long before 1970":          {"-100000000000", -100000000000, true},
		"last time of Date":         {"8640000000000000", 8640000000000000, true},
		"after that":                {"8640000000000001", 0, false},
		"too long for 64 bits":      {"99999999999999999999", 0, false},
		"exponent":                  {"1e12", 0, false},
		"fraction and exponent":     {"1.5e12", 0, false},
		"string":                    {`"1795262400000"`, 0, false},
		"null":                      {"null", 0, false},
		"true":                      {"true", 0, false},
		"array":                     {"[1]", 0, false},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got browserid.Millis
			err := json.Unmarshal([]byte(test.text), &got)
			assert.Equal(t, test.want, got)
			if test.ok {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, browserid.CodeTime)
		})
	}
}

func TestMillisAndTime(t *testing.T) {
	t.Parallel()
	moment := time.Date(2026, 11, 21, 12, 0, 0, 7_900_000, time.UTC)
	assert.Equal(t, moment.Truncate(time.Millisecond), browserid.MillisOf(moment).Time())
}

func TestMillisIsWrittenAsItIsRead(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"1795262400123": "1795262400123", "1795262400": "1795262400000", "7": "7", "0": "0", "-7": "-7", "99999999999": "99999999999000",
	} {
		var time browserid.Millis
		require.NoError(t, json.Unmarshal([]byte(text), &time))
		again, err := json.Marshal(time)
		require.NoError(t, err)
		assert.Equal(t, want, string(again))
	}
}
