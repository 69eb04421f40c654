package main

import (
	"context"
	"io"
	"net/url"
	"os"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
	"github.com/navid-login/navid/dialog/check"
)

// checkSiteOptions are the settings of `navid check-site`.
type checkSiteOptions struct {
	examination
	audience browserid.Origin
	bundle   string
}

func (o *checkSiteOptions) settings() *settings {
	table := newSettings("check-site")
	o.examination.addTo(table, "the login host whose script the page should have")
	table.add((*originFlag)(&o.audience), row{name: "audience", argument: "ORIGIN", does: "that the site's server verifies for, to be compared with the page's own"})
	table.text(&o.bundle, row{name: "bundle", argument: "FILE", does: "what a browser sent to the site, whose audience is to be compared; - reads it from standard input"})
	return table
}

// examineSite examines the page of a site that people sign in to. It may be on this machine: nothing guards the requests, which go
// where the person says.
func examineSite(ctx context.Context, args []string, std streams) error {
	var o checkSiteOptions
	return o.run(ctx, args, std)
}

func (o *checkSiteOptions) run(ctx context.Context, args []string, std streams) error {
	word, err := o.settings().parseAnywhere(args, nil, "URL")
	if err != nil {
		return err
	}
	page, err := url.Parse(word)
	if err != nil || page.Host == "" || page.Scheme != "https" && page.Scheme != "http" {
		return badUsage("%q is not a URL such as https://shop.example/", word)
	}
	if page.User != nil {
		return badUsage("leave the name and the password out of the URL: they would stand in the report")
	}
	if page.Path == "" {
		page.Path = "/"
	}
	bundle, err := o.readBundle(std)
	if err != nil {
		return err
	}
	report := o.checker(discovery.Config{InsecureDial: dialAsBrowsers}).Site(ctx, check.Site{Page: page, Audience: o.audience, Bundle: bundle})
	return o.print(report, std)
}

// readBundle reads what is to be compared, empty where nothing is.
func (o *checkSiteOptions) readBundle(std streams) (string, error) {
	switch o.bundle {
	case "":
		return "", nil
	case "-":
		return readBundle("check-site", std)
	}
	file, err := os.Open(o.bundle)
	if err != nil {
		return "", err
	}
	defer func() { _ = file.Close() }()
	data, err := io.ReadAll(io.LimitReader(file, browserid.MaxBackedBytes+1))
	return string(data), err
}
