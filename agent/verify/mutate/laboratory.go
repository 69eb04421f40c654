package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
)

// fate is what became of a mutant.
type fate string

const (
	killed   fate = "killed"
	survived fate = "survived"
	excused  fate = "excused" // survived, and nobody could tell it from the original
	broken   fate = "broken"  // does not compile
)

// testTimeout ends mutants that run for ever.
const testTimeout = "2m"

// laboratory tests mutants of one package.
type laboratory struct {
	folder string
	jobs   int
}

type tested struct {
	mutant mutant
	fate   fate
}

// checkOriginal runs the tests without a mutant: they must pass, or everything
// would look killed.
func (l laboratory) checkOriginal(ctx context.Context) error {
	if output, err := l.command(ctx).CombinedOutput(); err != nil {
		return fmt.Errorf("the tests fail without a mutant: %w\n%s", err, output)
	}
	return nil
}

// test tests mutants, several at once, until ctx ends.
func (l laboratory) test(ctx context.Context, mutants []mutant) <-chan tested {
	waiting, results := make(chan mutant), make(chan tested)
	var workers sync.WaitGroup
	for range l.jobs {
		workers.Go(func() {
			for mutant := range waiting {
				results <- tested{mutant, l.fateOf(ctx, mutant)}
			}
		})
	}
	go func() {
		for _, mutant := range mutants {
			if ctx.Err() == nil {
				waiting <- mutant
			}
		}
		close(waiting)
		workers.Wait()
		close(results)
	}()
	return results
}

// fateOf tests one mutant.
func (l laboratory) fateOf(ctx context.Context, m mutant) fate {
	folder, err := os.MkdirTemp("", "mutant")
	if err != nil {
		return broken
	}
	defer func() { _ = os.RemoveAll(folder) }()
	overlay, err := overlay(folder, m)
	if err != nil {
		return broken
	}
	output, err := l.command(ctx, "-overlay", overlay).CombinedOutput()
	switch {
	case err == nil:
		return survived
	case strings.Contains(string(output), "[build failed]"):
		return broken
	default:
		return killed
	}
}

func (l laboratory) command(ctx context.Context, flags ...string) *exec.Cmd {
	arguments := append([]string{"test", "-vet=off", "-count=1", "-failfast", "-timeout", testTimeout}, flags...)
	return exec.CommandContext(ctx, "go", append(arguments, "./"+filepath.ToSlash(l.folder))...)
}

// overlay writes the mutant and the file that tells go test of it, and returns
// the latter's name.
func overlay(folder string, m mutant) (string, error) {
	source, err := os.ReadFile(m.file)
	if err != nil {
		return "", err
	}
	original, err := filepath.Abs(m.file)
	if err != nil {
		return "", err
	}
	changed := filepath.Join(folder, filepath.Base(m.file))
	if err := os.WriteFile(changed, m.apply(source), 0o600); err != nil {
		return "", err
	}
	text, err := json.Marshal(map[string]map[string]string{"Replace": {original: changed}})
	if err != nil {
		return "", err
	}
	name := filepath.Join(folder, "overlay.json")
	return name, os.WriteFile(name, text, 0o600)
}
