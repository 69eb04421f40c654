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

// freeFiles are the files to write, none of which is in the folder.
func (c *Config) freeFiles(folder string) (map[string][]byte, error) {
	files, err := c.files()
	if err == nil {
		err = checkFree(folder, files)
	}
	return files, err
}

// checkFree makes sure that no file is in the way. The folder itself may exist and have others, as a web root has.
func checkFree(folder string, files map[string][]byte) error {
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if _, err := os.Lstat(inFolder(folder, name)); !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("write provider: %s: %w", inFolder(folder, name), cmp.Or(err, fs.ErrExist))
		}
	}
	return nil
}

// writeFiles writes files by their slash-separated names. The support document is the last: without it, nothing is in force.
func writeFiles(folder string, files map[string][]byte) error {
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(files)), func(name string) bool { return name == documentFile })
	for _, name := range append(names, documentFile) {
		if err := writeFile(inFolder(folder, name), files[name]); err != nil {
			return fmt.Errorf("write provider: %w", err)
		}
	}
	return nil
}

func inFolder(folder, name string) string { return filepath.Join(folder, filepath.FromSlash(name)) }

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
