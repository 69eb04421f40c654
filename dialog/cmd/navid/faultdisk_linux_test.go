package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/navid-login/navid/dialog/cmd/benchhost/rig"
	"github.com/navid-login/navid/dialog/idp"
)

// The disk of the database is full, until somebody makes room. Who is there may
// look; nobody is told of anything that was not kept.
func TestFaultDisk(t *testing.T) {
	t.Parallel()
	disk := newSmallDisk(t)
	f := newFaults(t, filepath.Join(disk.folder, "navid.db"))
	host := f.start()
	known, waiting := f.NewPerson(), f.NewPerson()
	require.NoError(t, known.SignIn(patient(t), host))
	require.NoError(t, waiting.Begin(patient(t), host))
	require.NoError(t, waiting.Read(patient(t)))

	disk.fill(t, host)
	signedIn := 0
	var err error
	for ; err == nil; signedIn++ {
		err = f.NewPerson().Begin(patient(t), host)
	}
	requireRefused(t, err, idp.CodeInternal)
	for err = error(nil); err == nil; {
		_, err = known.Certify(patient(t), host)
	}
	requireRefused(t, err, idp.CodeInternal)
	requireRefused(t, waiting.Confirm(patient(t), host), idp.CodeInternal)
	proven, err := known.Proven(patient(t), host)
	require.NoError(t, err)
	require.Equal(t, []string{known.Email}, proven, "what is there can be read")

	disk.makeRoom(t, host)
	require.NoError(t, waiting.Confirm(patient(t), host), "the code is good still")
	f.requireWhole(t, host, known, waiting)
	t.Logf("full after %d mails more", signedIn-1)
}

// smallDisk is one that can be full: a file system of its own where this user may
// mount one, else a limit on what the host may write.
type smallDisk struct {
	folder  string
	mounted bool
}

func newSmallDisk(t *testing.T) *smallDisk {
	t.Helper()
	d := &smallDisk{folder: t.TempDir()}
	d.mounted = unix.Mount("tmpfs", d.folder, "tmpfs", 0, "size=8m") == nil
	if d.mounted {
		t.Cleanup(func() { assert.NoError(t, unix.Unmount(d.folder, unix.MNT_DETACH)) })
	}
	return d
}

// left is the room that the host is left, in bytes.
const left = 96 << 10

func (d *smallDisk) filler() string { return filepath.Join(d.folder, "filler") }

func (d *smallDisk) fill(t *testing.T, host *rig.Host) {
	t.Helper()
	if !d.mounted {
		info, err := os.Stat(filepath.Join(d.folder, "navid.db-wal"))
		require.NoError(t, err)
		limitFiles(t, host, uint64(info.Size()+left))
		return
	}
	var free unix.Statfs_t
	require.NoError(t, unix.Statfs(d.folder, &free))
	require.NoError(t, os.WriteFile(d.filler(), make([]byte, int64(free.Bfree)*free.Bsize-left), 0o600))
}

func (d *smallDisk) makeRoom(t *testing.T, host *rig.Host) {
	t.Helper()
	if !d.mounted {
		limitFiles(t, host, unix.RLIM_INFINITY)
		return
	}
	require.NoError(t, os.Remove(d.filler()))
}

// limitFiles bounds how long the files of a process may become.
func limitFiles(t *testing.T, host *rig.Host, size uint64) {
	t.Helper()
	require.NoError(t, unix.Prlimit(host.PID(), unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: size, Max: unix.RLIM_INFINITY}, nil))
}
