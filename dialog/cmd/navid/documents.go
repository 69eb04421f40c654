package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
)

// documents is a world of support documents in files: the Discovery of somebody
// without a network. It is also the flag that fills it.
type documents map[browserid.Domain]*browserid.SupportDocument

// String implements [flag.Value].
func (documents) String() string { return "" }

// Set implements [flag.Value]: it reads the file of DOMAIN=FILE.
func (d documents) Set(text string) error {
	name, file, found := strings.Cut(text, "=")
	if !found {
		return errors.New("want DOMAIN=FILE")
	}
	domain, err := discovery.ParseDomain(name)
	if err != nil {
		return err
	}
	if _, given := d[domain]; given {
		return fmt.Errorf("%s is given twice", domain)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	d[domain], err = browserid.ParseSupportDocument(data)
	return err
}

// Discover implements [verify.Discovery] and follows delegations among the
// documents (C3.5).
func (d documents) Discover(_ context.Context, domain browserid.Domain) (*discovery.Provider, error) {
	host := domain
	for range discovery.MaxDelegations + 1 {
		document, given := d[host]
		switch {
		case !given:
			return nil, notGiven(domain, host)
		case document.Disabled:
			return nil, &discovery.Error{State: discovery.Disabled, Domain: domain, Reason: string(host) + " says that it takes no part in BrowserID."}
		case document.Authority == "":
			return &discovery.Provider{Domain: domain, Authority: host, Keys: document.PublicKeys, Algorithms: document.Algorithms}, nil
		}
		host = browserid.Domain(document.Authority)
	}
	return nil, &discovery.Error{State: discovery.Invalid, Domain: domain, Reason: string(domain) + " delegates in a circle, or too often."}
}

// notGiven is the failure for a domain without a document. An authority that
// another domain names is not absent, for that one said that it has a provider.
func notGiven(domain, host browserid.Domain) error {
	state := discovery.Absent
	if host != domain {
		state = discovery.Offline
	}
	return &discovery.Error{State: state, Domain: domain, Reason: "No support document of " + string(host) + " was given with -support."}
}
