package main

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestTable(t *testing.T) {
	t.Parallel()
	got := table([]row{
		bytesRow("script", 1500, 3000, "old one", "2,000"),
		{what: "click", measured: series{3, 1, 2.4}.String() + " ms", budget: "150 ms"},
	})
	assert.Equal(t, `| what | measured | peer | budget | ratio to peer |
|---|---|---|---|---|
| script | 1,500 bytes | 3,000 (old one) | 2,000 | 0.50 |
| click | 2 [1..3] ms |  | 150 ms |  |
`, got)
}

func TestMedian(t *testing.T) {
	t.Parallel()
	assert.InDelta(t, 2, series{9, 1, 2}.median(), 0)
	assert.InDelta(t, 1.5, series{2, 1}.median(), 0)
}

func TestNumber(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567"} {
		assert.Equal(t, want, number(n))
	}
}

func TestBusiest(t *testing.T) {
	t.Parallel()
	assert.Equal(t, 2, busiest(map[int]int{1: 10, 2: 10, 3: 0}, map[int]int{1: 11, 2: 40, 4: 100}), "of those that were there before")
}

func TestIsOurs(t *testing.T) {
	t.Parallel()
	assert.True(t, isOurs(os.Getpid()))
	assert.False(t, isOurs(os.Getppid()))
}

// What fails on a stage ends the play, and what was begun is cleaned up.
func TestStage(t *testing.T) {
	t.Parallel()
	s := &stage{}
	var done []string
	finished := s.play(func() {
		s.Cleanup(func() { done = append(done, "first") })
		s.Cleanup(func() { done = append(done, "second") })
		s.Fatalf("a failure that the test of the stage wants")
		done = append(done, "never")
	})
	assert.False(t, finished)
	assert.Equal(t, []string{"second", "first"}, done)
}
