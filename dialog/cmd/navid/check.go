package main

import (
	"context"
	"net/url"
	"strings"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
)

// checkOptions are the settings of `navid check`.
type checkOptions struct {
	examination
	devPort string
}

func (o *checkOptions) settings() *settings {
	table := newSettings("check")
	o.examination.addTo(table, "the login host whose scripts the provider's pages should have")
	table.add((*portFlag)(&o.devPort), row{name: "dev-port", argument: "PORT", does: "for development: look for providers on localhost names over http, at this port"})
	return table
}

// examineDomain examines the identity provider of a domain. Of an address nothing but the domain is sent to anybody.
func examineDomain(ctx context.Context, args []string, std streams) error {
	var o checkOptions
	return o.run(ctx, args, std)
}

func (o *checkOptions) run(ctx context.Context, args []string, std streams) error {
	word, err := o.settings().parseAnywhere(args, nil, "DOMAIN|ADDRESS")
	if err != nil {
		return err
	}
	domain, address, err := domainOrAddress(word)
	if err != nil {
		return err
	}
	report := o.checker(discovery.Config{InsecureLocalhostPort: o.devPort}).Domain(ctx, domain)
	if address != "" && report.Authentication != "" {
		report.Authentication += "?email=" + url.QueryEscape(string(address))
	}
	return o.print(report, std)
}

// domainOrAddress reads either; the address is empty where it is a domain. Of a page's URL, which people copy, the host counts.
func domainOrAddress(word string) (browserid.Domain, browserid.Email, error) {
	if page, err := url.Parse(word); err == nil && page.Scheme == "https" {
		word = page.Hostname()
	}
	if !strings.Contains(word, "@") {
		domain, err := discovery.ParseDomain(word)
		if err != nil {
			return "", "", badUsage("%q is neither a mail domain such as idp.test nor an address such as ann@idp.test", word)
		}
		return domain, "", nil
	}
	local, name, _ := strings.Cut(word, "@")
	domain, err := discovery.ParseDomain(name)
	if err != nil {
		return "", "", badUsage("%q is not an address such as ann@idp.test", word)
	}
	address, err := browserid.ParseEmail(local + "@" + string(domain))
	if err != nil {
		return "", "", badUsage("%q is not an address such as ann@idp.test", word)
	}
	return domain, address, nil
}
