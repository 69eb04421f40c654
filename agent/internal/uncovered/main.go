// Command uncovered prints how much of the code that decides who someone is the
// tests cover, block by block, and each block that they do not:
//
//	go test -coverprofile=c.out -coverpkg=... ./agent/...
//	go run ./agent/internal/uncovered -reasons agent/coverage.txt c.out agent/verify agent/signin.go
//
// An uncovered block needs a reason, which a person has read: a line of the file
// of reasons with the function it is in, how many blocks of it may be uncovered,
// and why. Lines of code may move; a block more, a function without a reason and
// a reason without its function are errors.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	reasons := flag.String("reasons", "", "`file` of reasons")
	flag.Parse()
	if err := run(os.Stdout, *reasons, flag.Arg(0), flag.Args()[min(1, flag.NArg()):]); err != nil {
		fmt.Fprintln(os.Stderr, "uncovered:", err)
		os.Exit(1)
	}
}

// run prints the blocks of the folders and files, and judges them.
func run(w io.Writer, reasonsFile, profileFile string, places []string) error {
	excuses, err := readReasons(reasonsFile)
	if err != nil {
		return err
	}
	blocks, err := readProfile(profileFile)
	if err != nil {
		return err
	}
	found := map[string][]block{} // uncovered ones, by function
	covered, all := 0, 0
	for _, b := range blocks {
		if !b.in(places) {
			continue
		}
		all++
		if b.count > 0 {
			covered++
			continue
		}
		name, err := b.function()
		if err != nil {
			return err
		}
		found[name] = append(found[name], b)
	}
	fmt.Fprintf(w, "%d of %d blocks are covered (%.1f %%).\n", covered, all, 100*float64(covered)/float64(max(all, 1)))
	if all == 0 {
		return errors.New("the profile has no block of these places")
	}
	return judge(w, found, excuses)
}
