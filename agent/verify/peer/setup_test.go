// Package peer compares our verifier with the one that the world used,
// browserid-local-verify 0.5.2 of npm, in both directions and on bundles that
// were changed in every way we could think of. It has tests only.
//
// One difference cannot be shown, because it never ends: a DSA signature with
// r = 1 and s = 0 (D5.1) makes the old verifier look for the inverse of 0, and
// its process answers nobody any more. Ours refuses it at once.
package peer

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"
)

// setupTimeout bounds the download of the old verifier's packages.
const setupTimeout = 5 * time.Minute

// setup installs the old verifier once a process.
var setup = sync.OnceValue(func() error {
	want, err := os.ReadFile("package-lock.json")
	if err != nil {
		return err
	}
	stamp := filepath.Join("node_modules", ".complete")
	if got, err := os.ReadFile(stamp); err == nil && bytes.Equal(got, want) {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), setupTimeout)
	defer cancel()
	for _, command := range [][]string{
		{"npm", "ci", "--ignore-scripts"},
		// The one script that the package needs: it joins the parts of its big integers.
		{"node", "--eval", "require('browserid-crypto/scripts/package')"},
	} {
		if err := run(ctx, command); err != nil {
			return err
		}
	}
	return os.WriteFile(stamp, want, 0o644) // last: it says that the rest is there
})

func run(ctx context.Context, command []string) error {
	program, err := exec.LookPath(command[0])
	if err != nil {
		return fmt.Errorf("the old verifier needs Node.js with npm (on Debian: apt-get install npm): %w", err)
	}
	if output, err := exec.CommandContext(ctx, program, command[1:]...).CombinedOutput(); err != nil {
		return fmt.Errorf("%v: %w\n%s", command, err, output)
	}
	return nil
}
