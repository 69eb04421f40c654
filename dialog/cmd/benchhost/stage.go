package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"testing"
)

// stage is a [testing.TB] outside a test, for what is made for tests.
type stage struct {
	testing.TB // none: only what is below is there
	cleanups   []func()
	failed     bool
}

func newStage() *stage { return &stage{} }

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
func (*stage) say(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "benchhost: "+format+"\n", args...)
}

func (t *stage) must(err error) {
	if err != nil {
		t.fatal(err)
	}
}

func (t *stage) fatal(err error) {
	t.Errorf("%v", err)
	t.FailNow()
}

// TempDir makes a folder that is removed at the end.
func (t *stage) TempDir() string {
	folder, err := os.MkdirTemp("", "benchhost")
	t.must(err)
	t.Cleanup(func() { t.must(os.RemoveAll(folder)) })
	return folder
}

func (*stage) Helper()                          {}
func (*stage) Context() context.Context         { return context.Background() }
func (t *stage) Cleanup(f func())               { t.cleanups = append(t.cleanups, f) }
func (t *stage) Errorf(format string, a ...any) { t.failed = true; t.say(format, a...) }
func (t *stage) FailNow()                       { panic(ended{}) }
