package main

import (
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
)

var benchmarkLine = regexp.MustCompile(`(?m)^Benchmark(\w+?)(?:-\d+)?\s+\d+\s+([\d.]+) ns/op`)

// verifyRow runs the benchmarks of package verify: a bundle, beside the two RSA verifications in it.
func verifyRow(t *stage) row {
	output := t.run(exec.Command("go", "test", "-run", "^$", "-bench", "^Benchmark(RS256Bundle|TwoRawRSA)$", "-count", "5", "./agent/verify"))
	times := map[string]series{}
	for _, match := range benchmarkLine.FindAllSubmatch(output, -1) {
		nanoseconds, err := strconv.ParseFloat(string(match[2]), 64)
		t.must(err)
		times[string(match[1])] = append(times[string(match[1])], nanoseconds/1000)
	}
	bundle, raw := times["RS256Bundle"], times["TwoRawRSA"]
	if len(bundle) == 0 || len(raw) == 0 {
		t.Fatalf("no benchmarks in %s", output)
	}
	return row{
		"verify an RS256 bundle in Go, keys cached", fmt.Sprint(bundle, " µs"), fmt.Sprint(raw, " µs (its two RSA verifications alone)"),
		"1.5 × peer", bundle.median() / raw.median(),
	}
}
