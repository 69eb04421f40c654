package main

import (
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
)

// algorithms are those of today, the one that old verifiers read first.
var algorithms = []string{"RS256", "ES256", "EdDSA"}

// verifyRows runs the benchmarks of verification.
func verifyRows(t *stage) []row {
	var rows []row
	library := t.bench("BenchmarkVerify", 5, "./agent/verify")
	for _, alg := range algorithms {
		bundle, bare := library["Verify/"+alg+"/bundle"], library["Verify/"+alg+"/bare"]
		rows = append(rows, row{
			"verify an " + alg + " bundle in Go, keys cached",
			fmt.Sprintf("%s µs, %.0f allocations of %.0f kB", bundle.micros(), bundle["allocs/op"].median(), bundle["B/op"].median()/1000),
			fmt.Sprintf("%s µs (its two signature checks alone)", bare.micros()),
			"1.5 × peer", bundle.micros().median() / bare.micros().median(),
		})
	}
	return append(append(rows, oldVerifierRow(t)), httpRows(t)...)
}

// oldVerifierRow compares with the verifier that the world used.
func oldVerifierRow(t *stage) row {
	got := t.bench("BenchmarkAgainstOldVerifier", 3, "./agent/verify/peer")["AgainstOldVerifier"]
	return row{
		"RS256 verifications a second and core, keys cached", fmt.Sprint(got["ours/s"]),
		fmt.Sprint(got["theirs/s"], " (browserid-local-verify 0.5.2, same bundle)"),
		"30 × peer", got["times-faster"].median(),
	}
}

// httpRows are of a whole verifier, asked by clients on the same machine.
func httpRows(t *stage) []row {
	var rows []row
	whole := t.bench("BenchmarkVerifyHTTP", 3, "./dialog/verifier")
	for _, alg := range algorithms {
		got := whole["VerifyHTTP/"+alg]
		rows = append(rows, row{
			what:     "`/verify` over HTTP on loopback, " + alg + ", clients included",
			measured: fmt.Sprintf("%s requests a second, %s MB", got["req/s"], got["MB-process"]),
		})
	}
	return rows
}

// benchmark is what one benchmark measured, by unit.
type benchmark map[string]series

func (b benchmark) micros() series {
	micros := make(series, len(b["ns/op"]))
	for i, nanoseconds := range b["ns/op"] {
		micros[i] = nanoseconds / 1000
	}
	return micros
}

// bench runs a benchmark of a package some times over.
func (t *stage) bench(name string, times int, folder string) map[string]benchmark {
	output := t.run(exec.Command("go", "test", "-run", "^$", "-bench", "^"+name+"$", "-benchmem", "-count", strconv.Itoa(times), folder))
	benchmarks := readBenchmarks(string(output))
	if len(benchmarks) == 0 {
		t.Fatalf("no benchmarks in %s", output)
	}
	return benchmarks
}

var benchmarkLine = regexp.MustCompile(`(?m)^Benchmark(\S+?)(?:-\d+)?\s+\d+\s+(.+)$`)

// readBenchmarks reads what go test prints: a name, a count, and values with their units.
func readBenchmarks(output string) map[string]benchmark {
	benchmarks := map[string]benchmark{}
	for _, match := range benchmarkLine.FindAllStringSubmatch(output, -1) {
		if benchmarks[match[1]] == nil {
			benchmarks[match[1]] = benchmark{}
		}
		fields := strings.Fields(match[2])
		for i := 0; i+1 < len(fields); i += 2 {
			if value, err := strconv.ParseFloat(fields[i], 64); err == nil {
				benchmarks[match[1]][fields[i+1]] = append(benchmarks[match[1]][fields[i+1]], value)
			}
		}
	}
	return benchmarks
}
