package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"slices"
	"strings"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/dialog/doctor"
	"github.com/navid-login/navid/dialog/idp/mail"
)

// doctorOptions are those of the host to look at, and what to look at beside.
type doctorOptions struct {
	serveOptions
	mailTo    string
	selector  string
	reference string
	resolver  mail.Resolver // nil: the system's
}

func (o *doctorOptions) settings() *settings {
	table := o.serveOptions.settings()
	table.flags.Init("doctor", flag.ContinueOnError)
	const section = "What to look at"
	looks := []row{
		{section: section, name: "mail", argument: "ADDRESS", flagOnly: true, does: "send a test mail to this address, print what is said with the mail server, and look up SPF, DKIM and DMARC"},
		{section: section, name: "dkim-selector", argument: "NAME", flagOnly: true, does: "that the mail server signs with; the mails' headers have it as s="},
		{section: section, name: "clock", argument: "URL", flagOnly: true, standard: "https://acme-v02.api.letsencrypt.org/directory", does: "whose Date to compare the clock with; empty for nobody's"},
	}
	for i, target := range []*string{&o.mailTo, &o.selector, &o.reference} {
		table.text(target, looks[i])
	}
	n := len(table.rows) - len(looks)
	table.rows = slices.Concat(table.rows[n:], table.rows[:n])
	return table
}

// examine looks at a host that runs, with the settings that it runs with.
func examine(ctx context.Context, args []string, std streams) error {
	var o doctorOptions
	if err := o.settings().parseAll(args, std.environ); err != nil {
		return err
	}
	if reason := o.checkPublicURLs(); reason != "" {
		return badUsage("%s", reason)
	}
	findings := doctor.Doctor{Origin: o.publicURL, Fallback: !o.noFallback, Reference: o.reference}.Examine(ctx)
	if o.mailTo != "" {
		found, err := o.examineMail(ctx, std)
		if err != nil {
			return err
		}
		findings = append(findings, found...)
	}
	return printFindings(findings, std)
}

// printFindings fails where there is a problem.
func printFindings(findings []doctor.Finding, std streams) error {
	ill := false
	for _, finding := range findings {
		line := fmt.Sprintf("%-8s %-8s %s\n", finding.Level, finding.About, finding.Says)
		if _, err := std.stdout.Write(printable(line)); err != nil {
			return err
		}
		ill = ill || finding.Level == doctor.Problem
	}
	if ill {
		return errAnswered
	}
	return nil
}

// examineMail sends a mail, says what was said, and looks at the sender's domain.
func (o *doctorOptions) examineMail(ctx context.Context, std streams) ([]doctor.Finding, error) {
	to, err := browserid.ParseEmail(o.mailTo)
	if err != nil {
		return nil, badUsage("-mail: %q is not an address", o.mailTo)
	}
	if o.smtp == "" {
		return nil, badUsage("-mail needs the -smtp, or NAVID_SMTP, that serve uses")
	}
	server, err := mail.ParseSMTP(o.smtp)
	if err != nil {
		return nil, badUsage("-smtp: %w", err)
	}
	server.Hello = o.publicURL.Host()
	if o.mailFrom == "" {
		o.mailFrom = "login@" + o.publicURL.Host()
	}
	from, err := o.sendsFrom()
	if err != nil {
		return nil, &usageError{err}
	}
	said, err := mail.Probe(ctx, server, mail.Letters{From: from, Origin: o.publicURL}, to)
	if _, failed := std.stdout.Write(printable(strings.Join(said, "\n") + "\n\n")); failed != nil {
		return nil, failed
	}
	return append([]doctor.Finding{probeFinding(err)}, o.examineSender(ctx, from.Address)...), nil
}

func probeFinding(err error) doctor.Finding {
	if err != nil {
		return doctor.Finding{Level: doctor.Problem, About: "mail", Says: "The mail server has not taken the mail: " + err.Error() + "."}
	}
	return doctor.Finding{Level: doctor.Good, About: "mail", Says: "The mail server has taken the mail. See whether it arrives, and where."}
}

// examineSender looks at what the DNS says of mail from a domain.
func (o *doctorOptions) examineSender(ctx context.Context, from string) (findings []doctor.Finding) {
	resolver := o.resolver
	if resolver == nil {
		resolver = net.DefaultResolver
	}
	for _, found := range mail.CheckDomain(ctx, resolver, browserid.Email(from).Domain(), o.selector) {
		finding := doctor.Finding{Level: doctor.Good, About: found.About, Says: found.Says}
		if !found.OK {
			finding.Level = doctor.Warning
		}
		if found.About == "DKIM" && o.selector == "" {
			finding.Says += " -dkim-selector takes it."
		}
		if found.Record != "" {
			finding.Says = found.Name + ": " + found.Record + "\n                  " + found.Says
		}
		findings = append(findings, finding)
	}
	return findings
}
