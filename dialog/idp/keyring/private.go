package keyring

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/navid-login/navid/agent/issuer"
)

// onUnix: elsewhere files have no mode bits, and folders cannot be synced.
const onUnix = runtime.GOOS != "windows"

const (
	folderMode   = 0o700
	fileMode     = 0o600
	maxFileBytes = 64 << 10
)

// ErrWritableByOthers is wrapped where others than its owner may put files into a
// folder of secrets, and so keys of their own.
var ErrWritableByOthers = errors.New("folder is open to others: chmod 700 it, and change what is in it if it was so for long")

// stamp tells whether a file is still the one that was read.
type stamp struct {
	modified int64
	size     int64
	mode     fs.FileMode
}

func stampOf(info fs.FileInfo) stamp {
	return stamp{info.ModTime().UnixNano(), info.Size(), info.Mode()}
}

// readPrivate reads a file that only its owner may read. It checks the file that
// it has opened, not the name.
func readPrivate(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if onUnix && info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%s (mode %o): %w", path, info.Mode().Perm(), issuer.ErrReadableByOthers)
	}
	return io.ReadAll(io.LimitReader(file, maxFileBytes))
}

// checkFolder refuses a folder that others may write to.
func checkFolder(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if onUnix && info.Mode().Perm()&0o022 != 0 {
		return fmt.Errorf("%s (mode %o): %w", path, info.Mode().Perm(), ErrWritableByOthers)
	}
	return nil
}

// createWhole writes a new file, whole or not at all. It writes beside it and
// links then: a link, unlike a rename, does not replace. The error for a file
// that is there is [fs.ErrExist].
func createWhole(path string, data []byte) error {
	draft, err := os.CreateTemp(filepath.Dir(path), ".draft-*") // with mode 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(draft.Name()) }()
	_, writeErr := draft.Write(data)
	if err := errors.Join(writeErr, draft.Chmod(fileMode), draft.Sync(), draft.Close()); err != nil {
		return err
	}
	if err := os.Link(draft.Name(), path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// syncFolder makes a change of names survive a power loss.
func syncFolder(path string) error {
	if !onUnix {
		return nil
	}
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
