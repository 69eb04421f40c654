package main

import (
	"fmt"
	"os"
	"slices"
	"testing"
)

// stage is what package testbrowser needs of a test, for a program that is none. What fails is said on standard error; what cannot go on
// ends the play.
type stage struct {
	testing.TB // none: only what is below is there
	cleanups   []func()
	failed     bool
}

// ended is what stops a play that cannot go on.
type ended struct{}

// play runs a func and then what it wants cleaned up, and tells whether nothing failed.
func (t *stage) play(body func()) bool {
	t.toEnd(body)
	for _, cleanup := range slices.Backward(t.cleanups) {
		t.toEnd(cleanup)
	}
	return !t.failed
}

func (t *stage) toEnd(body func()) {
	defer func() {
		if p := recover(); p != nil && p != any(ended{}) {
			panic(p)
		}
	}()
	body()
}

// say tells the person who waits what is going on.
func (t *stage) say(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "bench: "+format+"\n", args...)
}

func (t *stage) must(err error) {
	if err != nil {
		t.Fatal(err)
	}
}

func (t *stage) Helper()                   {}
func (t *stage) Cleanup(f func())          { t.cleanups = append(t.cleanups, f) }
func (t *stage) Failed() bool              { return t.failed }
func (t *stage) ArtifactDir() string       { return os.TempDir() }
func (t *stage) Logf(string, ...any)       {}
func (t *stage) Error(args ...any)         { t.Errorf("%s", fmt.Sprint(args...)) }
func (t *stage) Errorf(f string, a ...any) { t.failed = true; t.say(f, a...) }
func (t *stage) Fatal(args ...any)         { t.Error(args...); panic(ended{}) }
func (t *stage) Fatalf(f string, a ...any) { t.Errorf(f, a...); panic(ended{}) }
