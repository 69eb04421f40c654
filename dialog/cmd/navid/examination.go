package main

import (
	"cmp"
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/navid-login/navid/agent/discovery"
	"github.com/navid-login/navid/dialog/check"
)

// examination is what check and check-site have in common.
type examination struct {
	hosts  originList
	asJSON bool

	testOnlyDial  func(ctx context.Context, network, address string) (net.Conn, error)
	testOnlyRoots *x509.CertPool
	testOnlyNow   func() time.Time
}

func (e *examination) addTo(table *settings, host string) {
	table.add(&e.hosts, row{
		name: "login-host", argument: "URL",
		does: host + "; may be repeated, and where none is given, any will do",
	})
	table.toggle(&e.asJSON, row{name: "json", does: "print the report as JSON"})
}

// checker asks in the name of a person at their own machine, who may know what its network has.
func (e *examination) checker(config discovery.Config) check.Checker {
	if e.testOnlyDial != nil {
		config.InsecureDial = e.testOnlyDial
	}
	config.RootCAs, config.Now = e.testOnlyRoots, e.testOnlyNow
	return check.Checker{Discovery: discovery.New(config), Hosts: e.hosts, RevealPrivate: true, Now: e.testOnlyNow}
}

// print fails where the report has an error.
func (e *examination) print(report *check.Report, std streams) error {
	var err error
	if e.asJSON {
		err = printJSON(std.stdout, report, "  ")
	} else {
		var text strings.Builder
		writeReport(&text, report)
		_, err = std.stdout.Write(printable(text.String()))
	}
	return cmp.Or(err, failedUnless(report.Works))
}

func failedUnless(works bool) error {
	if works {
		return nil
	}
	return errAnswered
}

// writeReport writes a report for people to read: what was asked, what was seen, the worst first, and what was not seen.
func writeReport(w io.Writer, report *check.Report) {
	fmt.Fprintf(w, "%s\n\nAsked:\n\n", report.Subject)
	for i, step := range report.Steps {
		fmt.Fprintf(w, "%3d  %s\n     %s\n     %s\n", i+1, step.What, step.URL, outcomeOf(step))
	}
	fmt.Fprint(w, "\nSeen:\n\n")
	for i, finding := range report.Findings {
		if i > 0 && report.Findings[i-1].Severity != check.OK {
			fmt.Fprintln(w)
		}
		writeFinding(w, finding)
	}
	if report.Authentication != "" {
		fmt.Fprintf(w, "\nPeople sign in at    %s\nKeys are certified at %s\n", report.Authentication, report.Provisioning)
	}
	fmt.Fprint(w, "\nNot seen:\n\n")
	for _, unseen := range report.Unseen {
		fmt.Fprintf(w, "  -%s", strings.TrimPrefix(wrap(unseen, 4), "   "))
	}
	fmt.Fprintf(w, "\n%s", wrap(report.Verdict, 0))
}

// outcomeOf tells what came of a step, on one line.
func outcomeOf(step check.Step) string {
	var parts []string
	add := func(isThere bool, format string, args ...any) {
		if isThere {
			parts = append(parts, fmt.Sprintf(format, args...))
		}
	}
	add(step.Status == 0, "no answer")
	add(step.Status != 0, "%d", step.Status)
	add(step.ContentType != "", "%s", step.ContentType)
	add(step.Bytes > 0, "%d bytes", step.Bytes)
	add(true, "%d ms", step.Milliseconds)
	add(len(step.Addresses) > 0, "at %s", strings.Join(step.Addresses, ", "))
	add(step.TLSUntil != "", "TLS until %s", step.TLSUntil)
	add(step.LeadsTo != "", "leads to %s", step.LeadsTo)
	return strings.Join(parts, ", ")
}

// findingIndent leaves room for the severity.
const findingIndent = 9

func writeFinding(w io.Writer, finding check.Finding) {
	says := finding.Says
	if finding.Severity != check.OK {
		says += " [" + finding.Code + "]"
	}
	fmt.Fprintf(w, "%-*s%s", findingIndent, finding.Severity, strings.TrimLeft(wrap(says, findingIndent), " "))
	if finding.Fix != "" {
		fmt.Fprint(w, wrap(finding.Fix, findingIndent+2))
	}
	if finding.Severity == check.Error || finding.Severity == check.Warning {
		fmt.Fprintf(w, "%*s%s\n", findingIndent+2, "", finding.URL)
	}
}
