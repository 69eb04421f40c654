package rig

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Program is how to run navid.
type Program struct {
	Path    string
	Environ []string // added to that of this process, less what is navid's own
}

// Host is a process.
type Host struct {
	address string
	command *exec.Cmd
	ended   chan struct{}
	words   *tail
}

// startLimit is for a busy machine.
const startLimit = time.Minute

// Start starts a host on a database, with more settings if need be, and waits
// until it serves.
func (r *Rig) Start(program Program, database string, settings ...string) (*Host, error) {
	h := &Host{ended: make(chan struct{}), words: &tail{}}
	h.command = exec.Command(program.Path, append([]string{
		"serve", "-dev", "-public-url=http://" + r.name(), "-listen=127.0.0.1:0", "-trusted-proxies=127.0.0.1/32",
		"-database=" + database, "-secrets=" + r.Secrets(),
		"-smtp=smtp://localhost:" + r.Mail.port, "-mail-limit=1000000000",
	}, settings...)...)
	h.command.Env = append(environ(), append(program.Environ, "SSL_CERT_FILE="+r.rootsFile(), "SSL_CERT_DIR="+r.folder)...)
	h.command.SysProcAttr = &syscall.SysProcAttr{}
	dieWithParent(h.command.SysProcAttr)
	output, err := h.command.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := h.start(); err != nil {
		return nil, err
	}
	return h, h.await(output)
}

// environ is that of this process without the variables that navid would refuse,
// or obey.
func environ() (kept []string) {
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "NAVID_") {
			kept = append(kept, variable)
		}
	}
	return kept
}

// start starts the process from a thread that does not end before it: the end of
// that would be taken for the end of the parent.
func (h *Host) start() error {
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		err := h.command.Start()
		started <- err
		if err == nil {
			<-h.ended
		}
	}()
	return <-started
}

var serving = regexp.MustCompile(`msg=serving .*listen=(\S+)`)

// await waits until the host says where it serves, and reads on what it says.
func (h *Host) await(output io.Reader) error {
	address := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(output)
		for lines.Scan() {
			h.words.add(lines.Text())
			if found := serving.FindStringSubmatch(lines.Text()); found != nil {
				address <- found[1]
			}
		}
		_ = h.command.Wait()
		close(h.ended)
	}()
	select {
	case h.address = <-address:
		return nil
	case <-h.ended:
		return errors.New("the host ended at once: " + h.Words())
	case <-time.After(startLimit):
		h.Kill()
		return fmt.Errorf("the host did not start within %v: %s", startLimit, h.Words())
	}
}

// Kill ends the process as a crash would.
func (h *Host) Kill() {
	_ = h.command.Process.Kill() // or it has ended already
	<-h.ended
}

// Stop ends the process as an operator does, and returns the most memory that it
// had, in bytes.
func (h *Host) Stop() (peak int64, err error) {
	if err := h.command.Process.Signal(syscall.SIGTERM); err != nil {
		return 0, err
	}
	<-h.ended
	if code := h.command.ProcessState.ExitCode(); code != 0 {
		return 0, fmt.Errorf("the host ended with status %d: %s", code, h.Words())
	}
	return peakMemory(h.command.ProcessState), nil
}

// PID names the process.
func (h *Host) PID() int { return h.command.Process.Pid }

// Words are the last that the host has said.
func (h *Host) Words() string { return h.words.String() }

// tail keeps the last lines.
type tail struct {
	mu    sync.Mutex
	lines []string
}

const tailLines = 20

func (t *tail) add(line string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lines = append(t.lines, line)
	t.lines = t.lines[max(0, len(t.lines)-tailLines):]
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.Join(t.lines, "\n")
}
