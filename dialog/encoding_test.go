package dialog

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// RFC 9110, section 12.5.3.
func TestNegotiate(t *testing.T) {
	t.Parallel()
	tests := []struct{ accept, want string }{
		{"", "identity"},
		{"br", "br"},
		{"gzip", "gzip"},
		{"gzip, deflate, br, zstd", "br"},
		{"GZIP", "gzip"},
		{"deflate", "identity"},
		{"br;q=0", "identity"},
		{"br;q=0, gzip", "gzip"},
		{"br;q=0.1, gzip;q=0.9", "gzip"},
		{"br ; Q=0.5 ,gzip;q=0.5", "br"},
		{"*", "br"},
		{"*;q=0.5, br;q=0", "gzip"},
		{"identity, br;q=0.5", "identity"},
		{"identity;q=0.5, gzip;q=0.5", "gzip"},
		{"identity;q=0, gzip;q=0.1", "gzip"},
		{"*;q=0", "identity"},
		{"br;q=nonsense, gzip", "gzip"},
		{"br;q=NaN", "identity"},
		{"br;q=2", "identity"},
		{"br;level=3", "identity"},
		{"brotli, xgzip", "identity"},
		{",,;,", "identity"},
	}
	for _, test := range tests {
		assert.Equal(t, test.want, negotiate(test.accept, codingBrotli, codingGzip), "Accept-Encoding: %s", test.accept)
	}
}

func TestNegotiateOffersOnlyWhatThereIs(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "gzip", negotiate("br, gzip", codingGzip))
	assert.Equal(t, "identity", negotiate("br, gzip"))
}
