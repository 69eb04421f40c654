package testbrowser_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// trial is a test within a test: what it does wrong is noted and not a failure of the outer one.
type trial struct {
	testing.TB
	cleanups []func()
	errors   []string
}

// try runs a func as a test of its own, to its end with its cleanups, and returns what it failed with.
func try(t *testing.T, run func(t testing.TB)) (failures string) {
	t.Helper()
	inner := &trial{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			for _, cleanup := range slices.Backward(inner.cleanups) {
				cleanup()
			}
		}()
		run(inner)
	}()
	<-done
	return strings.Join(inner.errors, "\n")
}

func (t *trial) Cleanup(f func()) { t.cleanups = append(t.cleanups, f) }
func (t *trial) Errorf(format string, args ...any) {
	t.errors = append(t.errors, fmt.Sprintf(format, args...))
}

func (t *trial) Error(args ...any)   { t.errors = append(t.errors, fmt.Sprint(args...)) }
func (t *trial) Logf(string, ...any) {}
func (t *trial) Failed() bool        { return len(t.errors) > 0 }
