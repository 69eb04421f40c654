package discovery

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// C3.9, within the bounds of design.md 8.
func TestLifetime(t *testing.T) {
	t.Parallel()
	const date, inHalfAnHour = "Sat, 21 Nov 2026 12:00:00 GMT", "Sat, 21 Nov 2026 12:30:00 GMT"
	tests := []struct {
		name   string
		header http.Header
		want   time.Duration
	}{
		{"nothing said", http.Header{}, DefaultLifetime},
		{"other directives", http.Header{"Cache-Control": {"public, must-revalidate"}}, DefaultLifetime},
		{"max-age", http.Header{"Cache-Control": {"public, max-age=1800"}}, 30 * time.Minute},
		{"as others spell it", http.Header{"Cache-Control": {`Max-Age="1800"`}}, 30 * time.Minute},
		{"in two fields", http.Header{"Cache-Control": {"public", "max-age=1800"}}, 30 * time.Minute},
		{"too little", http.Header{"Cache-Control": {"max-age=1"}}, MinLifetime},
		{"too much", http.Header{"Cache-Control": {"max-age=31536000, immutable"}}, MaxLifetime},
		{"more than a number holds", http.Header{"Cache-Control": {"max-age=99999999999999999999"}}, MinLifetime},
		{"negative", http.Header{"Cache-Control": {"max-age=-1"}}, MinLifetime},
		{"s-maxage is for us", http.Header{"Cache-Control": {"max-age=3600, s-maxage=120"}}, 2 * time.Minute},
		{"no-store beats max-age", http.Header{"Cache-Control": {"max-age=3600, no-store"}}, MinLifetime},
		{"no-cache", http.Header{"Cache-Control": {"no-cache"}}, MinLifetime},
		{"private", http.Header{"Cache-Control": {"private, max-age=3600"}}, MinLifetime},
		{"age", http.Header{"Cache-Control": {"max-age=1800"}, "Age": {"600"}}, 20 * time.Minute},
		{"older than its max-age", http.Header{"Cache-Control": {"max-age=1800"}, "Age": {"6000"}}, MinLifetime},
		{"expires", http.Header{"Expires": {inHalfAnHour}, "Date": {date}}, 30 * time.Minute},
		{"expired", http.Header{"Expires": {date}, "Date": {inHalfAnHour}}, MinLifetime},
		{"expires is no date", http.Header{"Expires": {"0"}, "Date": {date}}, MinLifetime},
		{"no date to measure by", http.Header{"Expires": {inHalfAnHour}}, DefaultLifetime},
		{"max-age beats expires", http.Header{"Cache-Control": {"max-age=120"}, "Expires": {inHalfAnHour}, "Date": {date}}, 2 * time.Minute},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, test.want, lifetime(test.header))
		})
	}
}
