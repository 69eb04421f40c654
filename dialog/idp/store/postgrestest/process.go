package postgrestest

import (
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// process is a server of our own.
type process struct {
	folder      string // for the socket
	data        string
	server      string // the program
	largestFile string // for ulimit

	mutex sync.Mutex // one starts or stops it at a time
	pid   int
	ended chan struct{}
}

// end stops the server for good.
func (p *process) end() {
	p.stop()
	_ = os.RemoveAll(p.folder)
}

// newProcess makes a cluster. Its folder has a short name of its own: the path
// of a socket is limited to some 100 bytes.
func newProcess(t testing.TB) *process {
	t.Helper()
	folder, err := os.MkdirTemp("", "navidpg")
	require.NoError(t, err)
	p := &process{folder: folder, data: filepath.Join(folder, "data"), server: program(t, "postgres")}
	if owner := unprivileged(t); owner != nil {
		require.NoError(t, os.Chown(folder, int(owner.Uid), int(owner.Gid)))
	}
	initdb := p.command(t, program(t, "initdb"), "-D", p.data, "-U", superuser, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	output, err := initdb.CombinedOutput()
	require.NoError(t, err, string(output))
	p.configure(t)
	return p
}

// configure appends our settings, of which the last counts.
func (p *process) configure(t testing.TB) {
	t.Helper()
	file, err := os.OpenFile(filepath.Join(p.data, "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = file.WriteString(quoted(append(settings, "unix_socket_directories="+p.folder)))
	require.NoError(t, err)
	require.NoError(t, file.Close())
}

// command runs a program as a user without rights, which Postgres insists on.
func (p *process) command(t testing.TB, name string, arguments ...string) *exec.Cmd {
	t.Helper()
	command := exec.Command(name, arguments...)
	command.Dir = p.folder
	command.SysProcAttr = &syscall.SysProcAttr{Credential: unprivileged(t)}
	return command
}

// unprivileged is who runs Postgres when root runs the test; nil means oneself.
func unprivileged(t testing.TB) *syscall.Credential {
	t.Helper()
	if os.Getuid() != 0 {
		return nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		found, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(found.Uid, 10, 32)
		require.NoError(t, err)
		gid, err := strconv.ParseUint(found.Gid, 10, 32)
		require.NoError(t, err)
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	require.Fail(t, "Postgres does not run as root: a user postgres or nobody is needed")
	return nil
}

// start starts the server and waits until it answers.
func (p *process) start(t testing.TB) {
	t.Helper()
	p.mutex.Lock()
	defer p.mutex.Unlock()
	command := p.command(t, "/bin/sh", "-c", `ulimit -f "$1"; exec "$2" -D "$3"`, "sh", p.largestFile, p.server, p.data)
	command.Stderr = os.Stderr
	dieWithParent(command.SysProcAttr)
	started, ended := make(chan error), make(chan struct{})
	go func() {
		runtime.LockOSThread() // whose end would be taken for that of the parent
		started <- command.Start()
		_ = command.Wait()
		close(ended)
	}()
	require.NoError(t, <-started)
	p.pid, p.ended = command.Process.Pid, ended
	p.await(t)
}

func (p *process) await(t testing.TB) {
	t.Helper()
	ready := program(t, "pg_isready")
	for deadline := time.Now().Add(startLimit); ; {
		err := exec.Command(ready, "-q", "-h", p.folder, "-U", superuser).Run()
		if err == nil {
			return
		}
		select {
		case <-p.ended:
			require.Fail(t, "Postgres ended at once: see its words above")
		case <-time.After(20 * time.Millisecond):
		}
		require.True(t, time.Now().Before(deadline), "Postgres did not start within %v", startLimit)
	}
}

// stop kills the server and then its children, so that none lives to finish
// anything, and waits for their end.
func (p *process) stop() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	select {
	case <-p.ended:
		return
	default:
	}
	_ = syscall.Kill(p.pid, syscall.SIGSTOP) // no new children
	children := childrenOf(p.pid)
	for _, pid := range append(children, p.pid) {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
	<-p.ended
	for _, pid := range children {
		for syscall.Kill(pid, 0) == nil {
			time.Sleep(time.Millisecond)
		}
	}
}
