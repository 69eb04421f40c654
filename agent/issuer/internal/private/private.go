// Package private reads and writes the files of an identity provider that nobody but their owner may read: its keys, and what it knows
// about its users. A file is whole or not there, also after a power loss.
package private

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// onUnix: elsewhere files have no mode bits, and folders cannot be synced.
const onUnix = runtime.GOOS != "windows"

const (
	fileMode   = 0o600
	folderMode = 0o700
)

// What a caller may branch on.
var (
	// ErrReadableByOthers: others than its owner may read or write a file.
	ErrReadableByOthers = errors.New("file is open to others: chmod 600 it, and change what is in it if it was so for long")
	// ErrWritableByOthers: others than its owner may put files into a folder.
	ErrWritableByOthers = errors.New("folder is open to others: chmod 700 it, and change what is in it if it was so for long")
	// ErrTooLarge: nothing that is read here is so long.
	ErrTooLarge = errors.New("file is too large")
)

// Read reads a file of at most so many bytes. It checks the file that it has opened, not the name, which may lead elsewhere a moment
// later. The error wraps [ErrReadableByOthers] or [ErrTooLarge], or is that of package os.
func Read(path string, limit int64) ([]byte, error) {
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
		return nil, fmt.Errorf("%s (mode %o): %w", path, info.Mode().Perm(), ErrReadableByOthers)
	}
	data, err := io.ReadAll(io.LimitReader(file, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = fmt.Errorf("%s: %w", path, ErrTooLarge)
	}
	return data, err
}

// Create writes a new file. An existing one is never replaced: the error is then [fs.ErrExist].
func Create(path string, data []byte) error {
	return write(path, data, os.Link) // a link, unlike a rename, does not replace
}

// Replace writes a file, in place of one that may be there.
func Replace(path string, data []byte) error {
	return write(path, data, os.Rename)
}

// write writes a draft beside the file, and then gives it the file's name.
func write(path string, data []byte, name func(from, to string) error) error {
	draft, err := os.CreateTemp(filepath.Dir(path), ".draft-*") // with mode 0600
	if err != nil {
		return notCreated(path, err)
	}
	defer func() { _ = os.Remove(draft.Name()) }()
	_, writeErr := draft.Write(data)
	if err := errors.Join(writeErr, draft.Chmod(fileMode), draft.Sync(), draft.Close()); err != nil {
		return err
	}
	if err := name(draft.Name(), path); err != nil {
		return err
	}
	return SyncFolder(filepath.Dir(path))
}

// notCreated names the file that was wanted, and not the draft, of which nobody knows.
func notCreated(path string, err error) error {
	if wrong, ok := errors.AsType[*fs.PathError](err); ok {
		return &fs.PathError{Op: "create", Path: path, Err: wrong.Err}
	}
	return err
}

// MakeFolder makes a folder where there is none, and refuses one that others may write to.
func MakeFolder(path string) error {
	if err := os.MkdirAll(path, folderMode); err != nil {
		return err
	}
	return CheckFolder(path)
}

// CheckFolder refuses a folder that others may write to. The error wraps [ErrWritableByOthers], or is that of package os.
func CheckFolder(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if onUnix && info.Mode().Perm()&0o022 != 0 {
		return fmt.Errorf("%s (mode %o): %w", path, info.Mode().Perm(), ErrWritableByOthers)
	}
	return nil
}

// SyncFolder makes a change of names survive a power loss.
func SyncFolder(path string) error {
	if !onUnix {
		return nil
	}
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// Stamp tells whether a file is still the one that was read.
type Stamp struct {
	modified int64
	size     int64
	mode     fs.FileMode
}

// StampOf is the stamp of a file.
func StampOf(info fs.FileInfo) Stamp {
	return Stamp{info.ModTime().UnixNano(), info.Size(), info.Mode()}
}
