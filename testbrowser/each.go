package testbrowser

import "testing"

// ForEachProfile runs a test in both profiles, as parallel subtests, each with a standard world and a clean browser of its own. It makes
// the test itself parallel: the tests wait for much longer than they compute. It is for what third-party cookies can concern: frames,
// silent sign-in, and what others learn.
func ForEachProfile(t *testing.T, run func(t *testing.T, w *World, b *Browser), options ...Option) {
	t.Helper()
	t.Parallel()
	for _, profile := range Profiles() {
		t.Run(string(profile), func(t *testing.T) {
			InProfile(t, profile, run, options...)
		})
	}
}

// InDefaultProfile is [ForEachProfile] for what happens in first-party windows alone: it runs in the profile that Debian's Chromium has when
// nothing is set.
func InDefaultProfile(t *testing.T, run func(t *testing.T, w *World, b *Browser), options ...Option) {
	t.Helper()
	InProfile(t, ThirdPartyBlocked, run, options...)
}

// InProfile runs a parallel test in one profile, with a standard world and a clean browser of its own.
func InProfile(t *testing.T, profile Profile, run func(t *testing.T, w *World, b *Browser), options ...Option) {
	t.Helper()
	t.Parallel()
	w := NewWorld(t, options...)
	run(t, w, NewBrowser(t, w, profile))
}
