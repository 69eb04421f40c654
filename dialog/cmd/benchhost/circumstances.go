package main

import (
	"fmt"
	"math"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// circumstances says how the tables were taken.
func (b *bench) circumstances(before float64) string {
	return fmt.Sprintf("\nTaken by `make bench-host` on %s: %d cores, %s, load %.1f before; %d people at a time for %s each. A sign-in is challenge, mail, "+
		"confirmation and certificate, over HTTP, with the mail over TLS; the load, the mail server and Postgres share the processors with the "+
		"hosts. Bare signatures are by the hosts' own key, RS256 of 2,048 bits, on all processors, in turn with the certificates. The share by the host's CPU is "+
		"the processor time of a bare signature in that of the host for a certificate. Memory is the most that a host had.\n",
		time.Now().Format(time.DateOnly), runtime.NumCPU(), runtime.Version(), before, b.people, b.each)
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
