package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/navid-login/navid/testbrowser"
)

const (
	// memoryRounds is how often memory is looked at: it varies little.
	memoryRounds = 5
	// settling is how long after the page is ready.
	settling = 2500 * time.Millisecond
)

// memoryRow compares the memory of the dialog with the agent and of the peer.
func memoryRow(t *stage, w *testbrowser.World) row {
	var dialog, peer series
	for range memoryRounds {
		dialog = append(dialog, memoryOf(t, w, w.URL(testbrowser.Host, "/sign_in")))
		peer = append(peer, memoryOf(t, w, w.URL(helloHost, "/")))
	}
	return row{
		"memory of the dialog's page with the agent", dialog.String() + " MB", peer.String() + " MB (Go hello world page)", "1.5 × peer",
		dialog.median() / peer.median(),
	}
}

// memoryOf is what the renderer process of a page has to itself, in MB of 10^6 bytes.
func memoryOf(t *stage, w *testbrowser.World, url string) (megabytes float64) {
	t.inBrowser(w, func(b *testbrowser.Browser) {
		page := openMeasured(w, b, url)
		testbrowser.Eval[bool](page, fmt.Sprintf(`new Promise(resolve => setTimeout(resolve, %d, true))`, settling.Milliseconds()))
		before := renderers()
		known := map[int]float64{}
		for pid := range before {
			known[pid] = private(pid)
		}
		testbrowser.Eval[bool](page, `(() => { for (const end = performance.now() + 400; performance.now() < end;); return true })()`)
		megabytes = known[busiest(before, renderers())]
	})
	return megabytes
}

// renderers are the renderer processes of this program's browser, with the processor time that each has used, in ticks.
func renderers() map[int]int {
	found := map[int]int{}
	files, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, file := range files {
		line, err := os.ReadFile(file)
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(file))) // digits, by the pattern
		if err == nil && bytes.Contains(line, []byte("--type=renderer")) && isOurs(pid) {
			found[pid] = stat(pid, userTime) + stat(pid, systemTime)
		}
	}
	return found
}

// isOurs tells whether a process is a descendant of this one.
func isOurs(pid int) bool {
	for pid > 1 && pid != os.Getpid() {
		pid = stat(pid, parent)
	}
	return pid == os.Getpid()
}

// Fields of /proc/PID/stat, counted from the one after the program's name.
const (
	parent     = 1
	userTime   = 11
	systemTime = 12
)

// stat reads a number about a process, 0 if it has ended. The program's name, in parentheses, may hold anything.
func stat(pid, field int) int {
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	fields := bytes.Fields(line[bytes.LastIndexByte(line, ')')+1:])
	n, _ := strconv.Atoi(string(fields[field])) // the kernel's format
	return n
}

// busiest is the process that has worked most between two looks: that of the page that was kept busy meanwhile.
func busiest(before, after map[int]int) (pid int) {
	most := -1
	for candidate, ticks := range after {
		if start, known := before[candidate]; known && ticks-start > most {
			pid, most = candidate, ticks-start
		}
	}
	return pid
}

// private is the memory of a process that no other shares, in MB.
func private(pid int) float64 {
	rollup, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		return 0
	}
	kibibytes := 0
	for line := range bytes.Lines(rollup) {
		if fields := bytes.Fields(line); len(fields) == 3 && bytes.HasPrefix(fields[0], []byte("Private_")) {
			n, _ := strconv.Atoi(string(fields[1]))
			kibibytes += n
		}
	}
	return float64(kibibytes) * 1024 / 1e6
}
