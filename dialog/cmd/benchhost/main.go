// Command benchhost measures a login host that proves addresses itself: sign-ins
// and certificates per second on each database, and what a sign-in costs when
// there are many accounts. It prints Markdown for README.md:
//
//	make bench-host
//
// It is for a quiet Linux machine with Postgres' programs, and takes some three
// minutes there. The hosts are processes of bin/navid, reached over HTTP; mails go
// over TLS to an SMTP server in this process, which shares the processors with
// them, as the load and Postgres do. It asserts nothing: the budgets in the table
// are for the reader.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/navid-login/navid/dialog/cmd/benchhost/rig"
)

// bench is what the command line says.
type bench struct {
	*stage
	program rig.Program
	each    time.Duration
	people  int
	only    string
}

func main() {
	b := &bench{stage: newStage()}
	flag.StringVar(&b.program.Path, "navid", "bin/navid", "the `program` that serves")
	flag.DurationVar(&b.each, "each", 6*time.Second, "how long to measure each thing")
	flag.IntVar(&b.people, "people", 8, "how many sign in at a time")
	flag.StringVar(&b.only, "only", "", "measure one `part`: sqlite, postgres, replicas or accounts")
	flag.Parse()
	before := load()
	if !b.play(func() { b.print(before) }) {
		os.Exit(1)
	}
}

func (b *bench) print(before float64) {
	if tables := b.throughputTable() + b.accountsTable(); tables != "" {
		fmt.Print(tables, b.circumstances(before))
		return
	}
	b.fatal(fmt.Errorf("no part is called %q", b.only))
}

// wants tells whether to measure a part.
func (b *bench) wants(part string) bool {
	wanted := b.only == "" || b.only == part
	if wanted {
		b.say("%s", part)
	}
	return wanted
}

// newRig makes a rig in a folder of its own.
func (b *bench) newRig() (*rig.Rig, string) {
	folder := b.TempDir()
	r, err := rig.New(folder)
	b.must(err)
	b.Cleanup(func() { b.must(r.Close()) })
	return r, filepath.Join(folder, "navid.db")
}

// start starts a host, which ends with the play at the latest.
func (b *bench) start(r *rig.Rig, database string) *rig.Host {
	host, err := r.Start(b.program, database)
	b.must(err)
	b.Cleanup(host.Kill)
	return host
}
