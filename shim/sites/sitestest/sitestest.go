// Package sitestest starts the sample sites, by the commands of their guide, for tests of other packages.
package sitestest

import (
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Runtimes are the programs that run the sites.
var Runtimes = []string{"go", "python3", "node", "php"}

// place is where the guide has its site.
const place = "127.0.0.1:3000"

// Command is a line of the guide that starts a site.
type Command struct {
	Runtime string
	environ []string
	words   []string
	folder  string
}

// Commands are those of the guide, in a checkout of the repository, whose runtimes are on this machine. The test's log names the others.
func Commands(t *testing.T, repository string) []Command {
	t.Helper()
	folder, err := filepath.Abs(repository)
	require.NoError(t, err)
	guide, err := os.ReadFile(filepath.Join(folder, "shim/sites/README.md"))
	require.NoError(t, err)
	var commands []Command
	var runtimes []string
	for line := range strings.Lines(string(guide)) {
		command, ok := parse(line)
		if !ok {
			continue
		}
		runtimes = append(runtimes, command.Runtime)
		if _, err := exec.LookPath(command.Runtime); err != nil {
			t.Logf("there is no %s on this machine: its site was not tried", command.Runtime)
			continue
		}
		command.folder = folder
		if command.Runtime == "go" {
			command.build(t)
		}
		commands = append(commands, command)
	}
	slices.Sort(runtimes)
	require.Equal(t, slices.Sorted(slices.Values(Runtimes)), slices.Compact(runtimes), "the guide starts each of the sites")
	return commands
}

var starts = regexp.MustCompile(`^((?:[A-Z_]+=\S+ )*)((\w+) .*shim/sites\S*)\n$`)

// parse reads a line that starts a site for the first look, beside `make demo`.
func parse(line string) (Command, bool) {
	match := starts.FindStringSubmatch(line)
	if match == nil || !slices.Contains(Runtimes, match[3]) {
		return Command{}, false
	}
	return Command{Runtime: match[3], environ: strings.Fields(match[1]), words: strings.Fields(match[2])}, true
}

// Start runs a site on a free port of the loopback until the test ends, in an environment that depends on the port, and returns its
// HOST:PORT.
func (c Command) Start(t *testing.T, environ func(port string) []string) string {
	t.Helper()
	at := freePlace(t)
	_, port, err := net.SplitHostPort(at)
	require.NoError(t, err)
	words := slices.Clone(c.words)
	for i, word := range words {
		words[i] = strings.Replace(word, place, at, 1)
	}
	process := exec.CommandContext(t.Context(), words[0], words[1:]...)
	process.Dir = c.folder
	process.Env = append(append(os.Environ(), c.environ...), append(environ(port), "PORT="+port)...)
	process.WaitDelay = 5 * time.Second
	var said strings.Builder // read when the process has ended
	process.Stdout, process.Stderr = &said, &said
	require.NoError(t, process.Start())
	t.Cleanup(func() {
		_ = process.Wait() // it was killed
		if t.Failed() {
			t.Logf("%s said:\n%s", c.Runtime, said.String())
		}
	})
	require.EventuallyWithT(t, func(t *assert.CollectT) {
		response, err := http.Get("http://" + at + "/")
		if assert.NoError(t, err) {
			assert.NoError(t, response.Body.Close())
		}
	}, 20*time.Second, 20*time.Millisecond, "%v does not serve", c.words)
	return at
}

// build makes what `go run` would, once: a process of its own, which can be ended.
func (c *Command) build(t *testing.T) {
	t.Helper()
	program := filepath.Join(t.TempDir(), "site")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, c.words[len(c.words)-1])
	build.Dir = c.folder
	output, err := build.CombinedOutput()
	require.NoError(t, err, string(output))
	c.words = []string{program}
}

func freePlace(t *testing.T) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	return listener.Addr().String()
}
