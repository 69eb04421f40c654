package testbrowser

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// Profile says what a browser is like. How it treats third-party cookies decides what works silently (webplatform.md 2, 3, 6), so flows that
// use frames are tested in both of [Profiles]. The others are for what they lack.
type Profile string

const (
	// ThirdPartyBlocked blocks cookies in cross-site frames. It is what Debian's Chromium does when nothing is set.
	ThirdPartyBlocked Profile = "third-party-blocked"
	// ThirdPartyAllowed allows SameSite=None cookies in cross-site frames, as upstream Chrome does. Storage is partitioned all the same.
	ThirdPartyAllowed Profile = "third-party-allowed"
	// HostStorageBlocked keeps nothing for the login host: its person has forbidden site data there.
	HostStorageBlocked Profile = "host-storage-blocked"
	// StorageBlocked keeps nothing for anybody, neither cookies nor other site data.
	StorageBlocked Profile = "storage-blocked"
	// WithoutWebAssembly has no WebAssembly, as an old browser, or a new one that is locked down.
	WithoutWebAssembly Profile = "without-webassembly"
)

// preferences are those of a person who has changed the settings.
var preferences = map[Profile]string{
	ThirdPartyAllowed:  `{"profile":{"cookie_controls_mode":0}}`,
	StorageBlocked:     `{"profile":{"default_content_setting_values":{"cookies":2}}}`,
	HostStorageBlocked: `{"profile":{"content_settings":{"exceptions":{"cookies":{"https://` + Host + `,*":{"setting":2}}}}}}`,
}

// scriptFlags are flags of the JavaScript engine: in tests, which share few processors among many pages that live for a second, it optimises
// nothing on the side. What is measured runs as people have it. Chromium does not heed --no-expose-wasm.
func scriptFlags(p Profile) string {
	switch {
	case p == WithoutWebAssembly:
		return "--jitless"
	case testing.Testing():
		return "--no-wasm-tier-up --single-threaded"
	default:
		return ""
	}
}

// Profiles lists the profiles in which everything must work.
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
	if _, err := os.Stat(file); err == nil || preferences[p] == "" {
		return nil
	}
	if err := os.WriteFile(file, []byte(preferences[p]), 0o600); err != nil {
		return fmt.Errorf("write preferences: %w", err)
	}
	return nil
}
