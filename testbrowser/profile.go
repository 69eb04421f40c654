package testbrowser

import (
	"fmt"
	"os"
	"path/filepath"
)

// Profile says how a browser treats third-party cookies. What works silently differs between the two (webplatform.md 2, 3, 6), so flows that
// use frames are tested in both.
type Profile string

const (
	// ThirdPartyBlocked blocks cookies in cross-site frames. It is what Debian's Chromium does when nothing is set.
	ThirdPartyBlocked Profile = "third-party-blocked"
	// ThirdPartyAllowed allows SameSite=None cookies in cross-site frames, as upstream Chrome does. Storage is partitioned all the same.
	ThirdPartyAllowed Profile = "third-party-allowed"
)

// Profiles lists all profiles.
func Profiles() []Profile {
	return []Profile{ThirdPartyBlocked, ThirdPartyAllowed}
}

// prepare writes what makes the difference into a user data directory that no browser has used yet.
func (p Profile) prepare(userData string) error {
	directory := filepath.Join(userData, "Default")
	if err := os.MkdirAll(directory, 0o700); err != nil {
		return fmt.Errorf("make profile: %w", err)
	}
	file := filepath.Join(directory, "Preferences")
	if _, err := os.Stat(file); err == nil || p == ThirdPartyBlocked {
		return nil
	}
	if err := os.WriteFile(file, []byte(`{"profile":{"cookie_controls_mode":0}}`), 0o600); err != nil {
		return fmt.Errorf("write preferences: %w", err)
	}
	return nil
}
