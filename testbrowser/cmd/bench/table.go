package main

import (
	"cmp"
	"fmt"
	"math"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// row is one line of the table.
type row struct {
	what, measured, peer, budget string
	ratio                        float64 // of measured to peer; 0 is none
}

// table writes rows in Markdown.
func table(rows []row) string {
	var b strings.Builder
	b.WriteString("| what | measured | peer | budget | ratio to peer |\n|---|---|---|---|---|\n")
	for _, r := range rows {
		ratio := ""
		if r.ratio > 0 {
			ratio = fmt.Sprintf("%.2f", r.ratio)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", r.what, r.measured, r.peer, r.budget, ratio)
	}
	return b.String()
}

// series are measurements of one thing.
type series []float64

// String is the median with the least and the most.
func (s series) String() string {
	return fmt.Sprintf("%.0f [%.0f..%.0f]", s.median(), slices.Min(s), slices.Max(s))
}

func (s series) median() float64 {
	sorted := slices.Sorted(slices.Values(s))
	middle := len(sorted) / 2
	if len(sorted)%2 == 0 {
		return (sorted[middle-1] + sorted[middle]) / 2
	}
	return sorted[middle]
}

// number writes a count with commas, as in 1,234,567.
func number(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// circumstances says how the table was taken.
func circumstances(before float64, rounds, clicks int) string {
	return fmt.Sprintf("Taken by `make bench` on %s: %d cores, %s, %s, load %.1f before. Medians [least..most]: of %d loads in fresh browser "+
		"profiles, after one that does not count, each in turn with the peer's; of %d for memory; of %d clicks. Bytes are brotli as served. "+
		"A first screen is interactive when it is drawn and its field has the focus; that the dialog ignores confirmations for its first "+
		"500 ms on purpose is not counted. Memory is what the page's renderer process has to itself (Private of smaps_rollup), %s after the "+
		"page was ready. The Go hello world is built, packed, compressed and served as the agent is.",
		time.Now().Format(time.DateOnly), runtime.NumCPU(), chromiumVersion(), runtime.Version(), math.Round(before*10)/10,
		rounds, memoryRounds, clicks, settling)
}

func chromiumVersion() string {
	version, err := exec.Command(cmp.Or(os.Getenv("NAVID_CHROMIUM"), "chromium"), "--version").Output()
	if err != nil {
		return "Chromium of an unknown version"
	}
	name, _, _ := strings.Cut(string(version), " built")
	return strings.TrimSpace(name)
}

// load is the system's average load over the last minute, NaN where nothing tells.
func load() float64 {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return math.NaN()
	}
	first, _, _ := strings.Cut(string(text), " ")
	average, err := strconv.ParseFloat(first, 64)
	if err != nil {
		return math.NaN()
	}
	return average
}
