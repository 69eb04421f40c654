package discovery

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/navid-login/navid/agent/browserid"
)

const seenFileVersion = 1

// SeenFileInterval is the least time between two writes of a [SeenFile].
const SeenFileInterval = time.Second

// SeenFile is a [SeenStore] in a file of one process, for a verifier that must not forget when it is restarted. What is saved is
// known at once and in the file within [SeenFileInterval], since anybody who owns a domain can have a thousand new names looked up:
// all of that time is one write. A crash loses what was saved since; [SeenFile.Close] loses nothing.
type SeenFile struct {
	path      string
	mu        sync.Mutex
	sightings map[browserid.Domain]Sighting
	due       *time.Timer // of the write to come, or nil
	failed    error       // of the latest write

	writing sync.Mutex // a write at a time, so that none replaces a newer one
}

type seenFile struct {
	Version   int                           `json:"version"`
	Sightings map[browserid.Domain]Sighting `json:"sightings"`
}

// OpenSeenFile reads the file at path, or makes it. A broken file is an error, since to begin anew would be to forget; so is one
// that cannot be written, which is best known before the first sighting.
func OpenSeenFile(path string) (*SeenFile, error) {
	file := seenFile{Version: seenFileVersion}
	data, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(data, &file)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("open seen file %s: %w", path, err)
	}
	if file.Version != seenFileVersion {
		return nil, fmt.Errorf("open seen file %s: version %d is not known", path, file.Version)
	}
	if file.Sightings == nil {
		file.Sightings = make(map[browserid.Domain]Sighting)
	}
	opened := &SeenFile{path: path, sightings: file.Sightings}
	if err := opened.flush(); err != nil {
		return nil, fmt.Errorf("open seen file: %w", err)
	}
	return opened, nil
}

// Load implements [SeenStore].
func (f *SeenFile) Load(_ context.Context, domain browserid.Domain) (Sighting, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.sightings[domain], nil
}

// Save implements [SeenStore]. The sighting is known from now on; the error is that of the latest write, which the one to come
// makes good if it can.
func (f *SeenFile) Save(_ context.Context, domain browserid.Domain, sighting Sighting) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	remember(f.sightings, domain, sighting)
	if f.due == nil {
		f.due = time.AfterFunc(SeenFileInterval, func() { _ = f.flush() }) // the next Save tells its error
	}
	return f.failed
}

// Close writes what has not been written yet. It is to be called when nothing more will be saved.
func (f *SeenFile) Close() error { return f.flush() }

// flush writes what is known now.
func (f *SeenFile) flush() error {
	f.writing.Lock()
	defer f.writing.Unlock()
	err := f.write(f.take())
	f.mu.Lock()
	defer f.mu.Unlock()
	f.failed = err
	return err
}

// take returns a copy of what is known; the write that was to come need not.
func (f *SeenFile) take() map[browserid.Domain]Sighting {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.due != nil {
		f.due.Stop()
		f.due = nil
	}
	return maps.Clone(f.sightings)
}

// write replaces the file, whole or not at all.
func (f *SeenFile) write(sightings map[browserid.Domain]Sighting) error {
	data, err := json.Marshal(seenFile{Version: seenFileVersion, Sightings: sightings})
	if err != nil {
		return fmt.Errorf("write sightings: %w", err)
	}
	draft, err := os.CreateTemp(filepath.Dir(f.path), "."+filepath.Base(f.path)+".*")
	if err != nil {
		return fmt.Errorf("write sightings: %w", err)
	}
	defer func() { _ = os.Remove(draft.Name()) }() // fails after the rename, as it should
	_, writeErr := draft.Write(data)
	if err := errors.Join(writeErr, draft.Sync(), draft.Close()); err != nil {
		return fmt.Errorf("write sightings: %w", err)
	}
	return os.Rename(draft.Name(), f.path)
}
