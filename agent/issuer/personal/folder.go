package personal

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// writeFiles writes files by their slash-separated names into a folder, which may exist and have others, as a web root has. The support
// document is the last: without it, nothing is in force.
func writeFiles(folder string, files map[string][]byte) error {
	names := slices.Sorted(maps.Keys(files))
	for _, name := range names {
		if _, err := os.Lstat(filepath.Join(folder, filepath.FromSlash(name))); !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("write provider: %s: %w", name, cmp.Or(err, fs.ErrExist))
		}
	}
	names = append(slices.DeleteFunc(names, func(name string) bool { return name == documentFile }), documentFile)
	for _, name := range names {
		if err := writeFile(filepath.Join(folder, filepath.FromSlash(name)), files[name]); err != nil {
			return fmt.Errorf("write provider: %w", err)
		}
	}
	return nil
}

// writeFile makes a file that a web server may read.
func writeFile(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	return errors.Join(err, file.Close())
}
