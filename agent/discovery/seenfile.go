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

	"github.com/navid-login/navid/agent/browserid"
)

const seenFileVersion = 1

// SeenFile is a [SeenStore] in a file of one process, for a verifier that must not forget when it is restarted.
type SeenFile struct {
	path      string
	mu        sync.Mutex
	sightings map[browserid.Domain]Sighting
}

type seenFile struct {
	Version   int                           `json:"version"`
	Sightings map[browserid.Domain]Sighting `json:"sightings"`
}

// OpenSeenFile reads the file at path; one that does not exist is made at the first sighting. A broken file is an error, since to
// begin anew would be to forget.
func OpenSeenFile(path string) (*SeenFile, error) {
	file := seenFile{Version: seenFileVersion}
	data, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(data, &file)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("open seen file: %w", err)
	}
	if file.Version != seenFileVersion {
		return nil, fmt.Errorf("open seen file: %s: version %d is not known", path, file.Version)
	}
	if file.Sightings == nil {
		file.Sightings = make(map[browserid.Domain]Sighting)
	}
	return &SeenFile{path: path, sightings: file.Sightings}, nil
}

// Load implements [SeenStore].
func (f *SeenFile) Load(_ context.Context, domain browserid.Domain) (Sighting, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.sightings[domain], nil
}

// Save implements [SeenStore]. What cannot be written is not remembered.
func (f *SeenFile) Save(_ context.Context, domain browserid.Domain, sighting Sighting) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	changed := remember(maps.Clone(f.sightings), domain, sighting)
	if err := f.write(changed); err != nil {
		return fmt.Errorf("save sighting: %w", err)
	}
	f.sightings = changed
	return nil
}

// write replaces the file, whole or not at all.
func (f *SeenFile) write(sightings map[browserid.Domain]Sighting) error {
	data, err := json.Marshal(seenFile{Version: seenFileVersion, Sightings: sightings})
	if err != nil {
		return err
	}
	draft, err := os.CreateTemp(filepath.Dir(f.path), "."+filepath.Base(f.path)+".*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(draft.Name()) }() // fails after the rename, as it should
	_, writeErr := draft.Write(data)
	if err := errors.Join(writeErr, draft.Sync(), draft.Close()); err != nil {
		return err
	}
	return os.Rename(draft.Name(), f.path)
}
