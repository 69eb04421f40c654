// Command bench measures what Navid costs a person and a site, beside a peer in the same run, and prints a Markdown table:
//
//	make bench
//
// It is for a quiet machine, and takes some two minutes there. Run it in the root of the repository, after make build. It asserts nothing:
// the budgets in the table are for the reader.
package main

import (
	"flag"
	"fmt"
	"os"
	"sync"

	"github.com/navid-login/navid/testbrowser"
)

func main() {
	rounds := flag.Int("rounds", 9, "how often each page is loaded")
	clicks := flag.Int("clicks", 15, "how often the returning person signs in")
	only := flag.String("only", "", "measure one `part`: bytes, startup, memory, sign-ins or verification")
	flag.Parse()
	before := load()
	t := &stage{}
	finished := t.play(func() {
		rows := measure(t, *only, *rounds, *clicks)
		fmt.Print(table(rows))
		fmt.Printf("\n%s\n", circumstances(before, *rounds, *clicks))
	})
	if err := testbrowser.CloseShared(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
	}
	if !finished {
		os.Exit(1)
	}
}

// part is a measurement, or some that belong together.
type part struct {
	name    string
	measure func() []row
}

// measure takes all measurements, one after the other, or only those of one part.
func measure(t *stage, only string, rounds, clicks int) (rows []row) {
	pages := sync.OnceValues(func() (*testbrowser.World, *hello) { return build(t) })
	for _, p := range []part{
		{"bytes", func() []row { w, peer := pages(); return append(siteRows(t, w), agentRow(t, w, peer)) }},
		{"startup", func() []row { w, _ := pages(); return startupRows(t, w, rounds) }},
		{"memory", func() []row { w, _ := pages(); return []row{memoryRow(t, w)} }},
		{"sign-ins", func() []row {
			w, _ := pages()
			return append([]row{clickRow(t, w, clicks)}, observerRows(t, w, clicks)...)
		}},
		{"verification", func() []row { return verifyRows(t) }},
	} {
		if only == "" || only == p.name {
			t.say("%s", p.name)
			rows = append(rows, p.measure()...)
		}
	}
	if len(rows) == 0 {
		t.Fatalf("no part is called %q", only)
	}
	return rows
}

// build makes the pages that are measured.
func build(t *stage) (*testbrowser.World, *hello) {
	w := testbrowser.NewWorld(t)
	peer := buildHello(t)
	w.HandleFunc(helloHost, peer.serve)
	w.HandlePage(openerHost, openerPage)
	w.HandlePage(clickHost, clickPage)
	w.HandlePage(observerHost, observerPage)
	return w, peer
}
