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

	"github.com/navid-login/navid/testbrowser"
)

func main() {
	rounds := flag.Int("rounds", 9, "how often each page is loaded")
	clicks := flag.Int("clicks", 15, "how often the returning person signs in")
	flag.Parse()
	before := load()
	t := &stage{}
	finished := t.play(func() {
		rows := measure(t, *rounds, *clicks)
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

// measure takes all measurements, one after the other.
func measure(t *stage, rounds, clicks int) []row {
	w := testbrowser.NewWorld(t)
	peer := buildHello(t)
	w.HandleFunc(helloHost, peer.serve)
	w.HandlePage(openerHost, openerPage)
	w.HandlePage(clickHost, clickPage)

	t.say("bytes")
	rows := append(siteRows(t, w), agentRow(t, w, peer))
	t.say("startup, %d rounds", rounds)
	rows = append(rows, startupRows(t, w, rounds)...)
	t.say("memory, %d rounds", memoryRounds)
	rows = append(rows, memoryRow(t, w))
	t.say("sign-ins, %d clicks", clicks)
	rows = append(rows, clickRow(t, w, clicks))
	t.say("verification")
	return append(rows, verifyRow(t))
}
