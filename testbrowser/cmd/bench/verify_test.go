package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestReadBenchmarks(t *testing.T) {
	t.Parallel()
	got := readBenchmarks(`goos: linux
BenchmarkVerify/RS256/bundle-2   	    7000	    163000 ns/op	   23000 B/op	     207 allocs/op
BenchmarkVerify/RS256/bundle-2   	    7000	    165000 ns/op	   23000 B/op	     207 allocs/op
BenchmarkAgainst 	       1	 59192643 ns/op	      4596.5 ours/s	        19.05 times-faster
PASS
`)
	assert.Equal(t, map[string]benchmark{
		"Verify/RS256/bundle": {"ns/op": {163000, 165000}, "B/op": {23000, 23000}, "allocs/op": {207, 207}},
		"Against":             {"ns/op": {59192643}, "ours/s": {4596.5}, "times-faster": {19.05}},
	}, got)
	assert.Equal(t, series{163, 165}, got["Verify/RS256/bundle"].micros())
}
