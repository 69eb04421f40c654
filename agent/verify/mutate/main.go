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
// do not compile do not count, and neither do those that mean the same as the
// original: the file of excuses names each with a reason, which a person has
// read. An excuse for what did not survive is an error.
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
	file := flag.String("excuses", "agent/verify/mutate/excuses.txt", "file of mutants that mean the same as the original")
	jobs := flag.Int("jobs", runtime.NumCPU(), "how many mutants to test at once")
	every := flag.Int("every", 1, "test only every so manieth mutant, for a first impression")
	want := flag.Float64("want", 95, "percent of the mutants that must be killed")
	verbose := flag.Bool("v", false, "print the killed ones as well")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	excuses, err := readExcuses(*file)
	if err == nil {
		t := trial{laboratory{folder: *folder, jobs: max(1, *jobs)}, excuses, *verbose}
		err = t.run(ctx, max(1, *every), *want)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(1)
	}
}

// trial tests the mutants of a package and prints what became of them.
type trial struct {
	laboratory
	excuses excuses
	verbose bool
}

// run fails if too few were killed, or an excuse was not needed.
func (t trial) run(ctx context.Context, every int, want float64) error {
	all, err := mutantsOf(t.folder)
	if err != nil {
		return err
	}
	if err := t.checkOriginal(ctx); err != nil {
		return err
	}
	counts := t.count(ctx, everyNth(all, every))
	if err := ctx.Err(); err != nil {
		return err // what was stopped looks killed
	}
	percent := 100 * float64(counts[killed]) / float64(max(1, counts[killed]+counts[survived]))
	fmt.Printf("%d mutants: %d killed, %d survived, %d excused, %d do not compile; %.1f %% killed\n",
		len(all), counts[killed], counts[survived], counts[excused], counts[broken], percent)
	if percent < want {
		return fmt.Errorf("less than %g %% were killed", want)
	}
	if every > 1 {
		return nil // the excuses may be those of others
	}
	return t.excuses.check()
}

func everyNth(mutants []mutant, n int) []mutant {
	var some []mutant
	for i := 0; i < len(mutants); i += n {
		some = append(some, mutants[i])
	}
	return some
}

func (t trial) count(ctx context.Context, mutants []mutant) map[fate]int {
	counts := map[fate]int{}
	for tested := range t.test(ctx, mutants) {
		fate, reason := tested.fate, ""
		if fate == survived {
			if why, found := t.excuses.take(tested.mutant); found {
				fate, reason = excused, "\n\t"+why
			}
		}
		counts[fate]++
		if fate != killed && fate != broken || t.verbose {
			fmt.Printf("%s\t%s%s\n", fate, tested.mutant, reason)
		}
	}
	return counts
}
