package testbrowser

import "testing"

// ForEachProfile runs a test in both profiles, as parallel subtests, each with a standard world and a clean browser of its own. It makes
// the test itself parallel: the tests wait for much longer than they compute.
func ForEachProfile(t *testing.T, run func(t *testing.T, w *World, b *Browser), options ...Option) {
	t.Helper()
	t.Parallel()
	for _, profile := range Profiles() {
		t.Run(string(profile), func(t *testing.T) {
			t.Parallel()
			w := NewWorld(t, options...)
			run(t, w, NewBrowser(t, w, profile))
		})
	}
}
