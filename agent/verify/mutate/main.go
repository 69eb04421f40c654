// Command mutate asks what the tests of a package would notice. It breaks the
// package in one small place at a time (a condition turned round, a refusal left
// out, a limit moved by one) and runs the tests: a mutant that they let pass has
// survived, and shows what no test looks at. The sources are not touched; each
// mutant is laid over them with go test -overlay.
//
//	go run ./agent/verify/mutate
//
// It prints survivors with their positions and the part that was killed, and
// fails if that is less than -want percent (security.md 6, figure 4). Mutants that
// do not compile do not count. Some survivors mean the same as the original;
// that is for the reader to see.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"
)

func main() {
	folder := flag.String("package", "agent/verify", "folder of the package, from the repository's folder")
	jobs := flag.Int("jobs", runtime.NumCPU(), "how many mutants to test at once")
	every := flag.Int("every", 1, "test only every so manieth mutant, for a first impression")
	want := flag.Float64("want", 95, "percent of the mutants that must be killed")
	verbose := flag.Bool("v", false, "print the killed ones as well")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	percent, err := run(ctx, laboratory{folder: *folder, jobs: max(1, *jobs)}, max(1, *every), *verbose)
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(2)
	}
	if percent < *want {
		os.Exit(1)
	}
}

// run tests all mutants of a package and returns how many percent were killed.
func run(ctx context.Context, laboratory laboratory, every int, verbose bool) (float64, error) {
	all, err := mutantsOf(laboratory.folder)
	if err != nil {
		return 0, err
	}
	var mutants []mutant
	for i := 0; i < len(all); i += every {
		mutants = append(mutants, all[i])
	}
	if err := laboratory.checkOriginal(ctx); err != nil {
		return 0, err
	}
	counts := map[fate]int{}
	for tested := range laboratory.test(ctx, mutants) {
		if err := ctx.Err(); err != nil {
			return 0, err // what was stopped looks killed
		}
		counts[tested.fate]++
		if tested.fate == survived || verbose {
			fmt.Printf("%s\t%s\n", tested.fate, tested.mutant)
		}
	}
	percent := 100 * float64(counts[killed]) / float64(max(1, counts[killed]+counts[survived]))
	fmt.Printf("%d of %d mutants tested: %d killed, %d survived, %d do not compile; %.1f %% killed\n",
		len(mutants), len(all), counts[killed], counts[survived], counts[broken], percent)
	return percent, nil
}
