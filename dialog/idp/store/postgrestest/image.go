package postgrestest

import (
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// Image is a server's files as they were at a checkpoint, when all of them were
// synced. What is written later is sure to outlive a loss of power only in the
// log, as far as the server says that it has synced it.
type Image struct {
	server *Server
	folder string
}

// Freeze makes a checkpoint and copies the server's files. Nobody may write meanwhile.
func (s *Server) Freeze(t testing.TB) *Image {
	t.Helper()
	s.run(t, "CHECKPOINT")
	image := &Image{s, filepath.Join(s.process.folder, "image")}
	copyTree(t, s.process.data, image.folder)
	return image
}

// Start starts a server on the files of the image and the log of the server it
// was taken of, up to a place (LSN) in it.
func (i *Image) Start(t testing.TB, synced LSN) *Server {
	t.Helper()
	folder, err := os.MkdirTemp("", "navidpg")
	require.NoError(t, err)
	p := &process{folder: folder, data: filepath.Join(folder, "data"), server: i.server.process.server, largestFile: "unlimited"}
	t.Cleanup(p.end)
	if owner := unprivileged(t); owner != nil {
		require.NoError(t, os.Chown(folder, int(owner.Uid), int(owner.Gid)))
	}
	copyTree(t, i.folder, p.data)
	require.NoError(t, os.Remove(filepath.Join(p.data, "postmaster.pid")))
	log := filepath.Join(p.data, "pg_wal")
	require.NoError(t, os.RemoveAll(log))
	copyTree(t, filepath.Join(i.server.process.data, "pg_wal"), log)
	synced.truncate(t, log)
	p.configure(t)
	p.start(t)
	place := *i.server.url
	place.RawQuery = url.Values{"host": {folder}, "user": {superuser}}.Encode()
	return &Server{&place, p}
}

// LSN is a place in the log, as Postgres writes it.
type LSN string

// segmentSize is of one file of the log.
const segmentSize = 16 << 20

// truncate makes zeros of all that comes after the place.
func (l LSN) truncate(t testing.TB, log string) {
	t.Helper()
	var high, low uint64
	_, err := fmt.Sscanf(string(l), "%X/%X", &high, &low)
	require.NoError(t, err)
	position := high<<32 | low
	last := fmt.Sprintf("%08X%08X%08X", 1, position/segmentSize>>8, position/segmentSize&0xff)
	segments, err := filepath.Glob(filepath.Join(log, "0*"))
	require.NoError(t, err)
	for _, segment := range segments {
		switch name := filepath.Base(segment); {
		case name > last:
			require.NoError(t, os.Remove(segment))
		case name == last:
			require.NoError(t, os.Truncate(segment, int64(position%segmentSize)))
			require.NoError(t, os.Truncate(segment, segmentSize))
		}
	}
}

// copyTree keeps the owners.
func copyTree(t testing.TB, from, to string) {
	t.Helper()
	output, err := exec.Command("cp", "-a", from, to).CombinedOutput()
	require.NoError(t, err, string(output))
}

// At returns the URL of the same place for tables at another server.
func (s *Server) At(t testing.TB, place string) string {
	t.Helper()
	parsed, err := url.Parse(place)
	require.NoError(t, err)
	query := parsed.Query()
	query.Set("host", s.url.Query().Get("host"))
	parsed.RawQuery = query.Encode()
	return parsed.String()
}
