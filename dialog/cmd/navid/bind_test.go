package main

import (
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// An address that is taken is known before anything is made.
func TestAddressInUse(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	address, folder := taken.Addr().String(), t.TempDir()
	for setting, command := range map[string][]string{
		"listen":  {"serve", "-dev", atLocalhost, "-database=" + filepath.Join(folder, "navid.db")},
		"metrics": {"serve", "-dev", atLocalhost, "-database=" + filepath.Join(folder, "navid.db"), "-listen=127.0.0.1:0"},
	} {
		_, stderr := runFor(t, exitFailed, append(command, "-"+setting+"="+address)...)
		assert.Contains(t, stderr, "another program listens at "+address+", and `ss -ltnp` tells which: end it, or choose another address with -"+setting+"\n")
		assert.NotContains(t, stderr, "bind:", "the system's own words tell nobody what to do")
	}
	_, stderr := runFor(t, exitFailed, "verify-server", "-listen="+address)
	assert.Contains(t, stderr, "choose another address with -listen")
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	assert.Empty(t, left)
}

// A port that is root's needs a right, and there are three ways around it.
func TestAddressWithoutARight(t *testing.T) {
	t.Parallel()
	refused := &net.OpError{Op: "listen", Net: "tcp", Err: os.NewSyscallError("bind", syscall.EACCES)}
	says := explainBind("listen", ":443", refused).Error()
	program, err := os.Executable()
	require.NoError(t, err)
	for _, way := range []string{"may not listen at :443", "AmbientCapabilities=CAP_NET_BIND_SERVICE", "setcap cap_net_bind_service=+ep " + program, "with -listen"} {
		assert.Contains(t, says, way)
	}
	assert.NotContains(t, says, "permission denied")
}

func TestAddressOfAnotherMachine(t *testing.T) {
	t.Parallel()
	_, stderr := runFor(t, exitFailed, "verify-server", "-listen=192.0.2.1:8081")
	assert.Contains(t, stderr, "this machine has no such address as 192.0.2.1:8081")
	assert.Contains(t, stderr, "choose another with -listen")
}
