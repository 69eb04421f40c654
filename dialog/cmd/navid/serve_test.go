package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Where nothing is said, the host listens where requests come: from a proxy,
// or in development from browsers themselves.
func TestDefaultListenAddress(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"-public-url=https://login.example"}, "127.0.0.1:8080"},
		{[]string{"-public-url=http://login.localhost:9735", "-dev"}, "127.0.0.1:9735"},
		{[]string{"-public-url=http://login.localhost:9735", "-dev", "-listen=127.0.0.1:1"}, "127.0.0.1:1"},
	} {
		options, err := parseServe(c.args)
		require.NoError(t, err)
		assert.Equal(t, c.want, options.listen)
	}
}
