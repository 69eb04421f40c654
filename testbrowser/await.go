package testbrowser

import (
	"testing"
	"time"
)

// glance is how often a state that announces itself by no event is looked at.
const glance = 10 * time.Millisecond

// await looks until a condition holds, and fails the test after [Patience] with what was seen last.
func await(t testing.TB, what string, look func() (done bool, seen string)) {
	t.Helper()
	ticker := time.NewTicker(glance)
	defer ticker.Stop()
	for deadline := time.Now().Add(Patience); ; <-ticker.C {
		done, seen := look()
		if done {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("waited %s for %s; last seen: %s", Patience, what, seen)
		}
	}
}
