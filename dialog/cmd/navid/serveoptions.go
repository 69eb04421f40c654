package main

import (
	"net"
	"net/netip"
	"time"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/dialog/verifier"
)

// The sections of the table.
const (
	sectionPlace       = "Where it answers"
	sectionTLS         = "TLS, where no proxy speaks it"
	sectionData        = "What it keeps"
	sectionMail        = "Mail"
	sectionVerifier    = "What its verifier accepts"
	sectionDevelopment = "Development"
)

// serveOptions are the settings of `navid serve`.
type serveOptions struct {
	publicURL  browserid.Origin
	otherURLs  []browserid.Origin
	listen     string
	listenHTTP string
	proxies    []netip.Prefix
	drain      time.Duration

	metricsAddress string

	tlsOptions

	data       dataOptions
	seenFile   string
	noFallback bool

	smtp      string
	mailFrom  string
	mailLimit int
	outbox    string

	verifier verifier.Config
	dev      bool
}

// settings is the table of `navid serve`.
func (o *serveOptions) settings() *settings {
	table := newSettings("serve")
	table.inEnvironment = true
	o.addPlace(table)
	o.addEnd(table)
	o.tlsOptions.add(table, "of -public-url", "in the database, for all replicas")
	o.addData(table)
	o.addMail(table)
	addVerifier(table, &o.verifier)
	table.toggle(&o.dev, row{
		section: sectionDevelopment, name: "dev",
		does: "serve localhost names over http, look for identity providers there, and put mails into the log; never for real use, and refused for other names",
	})
	return table
}

func (o *serveOptions) addPlace(table *settings) {
	table.add(&publicURLs{&o.publicURL, &o.otherURLs}, row{
		section: sectionPlace, name: "public-url", argument: "ORIGIN",
		does: "what browsers see, such as https://login.example; may be repeated, for a host with several names",
	})
	table.text(&o.listen, row{
		section: sectionPlace, name: "listen", argument: "ADDRESS",
		does: "where to listen: with a TLS certificate the port of -public-url, else 127.0.0.1:8080 for a proxy; with -dev 127.0.0.1 and the port of -public-url",
	})
	table.text(&o.listenHTTP, row{
		section: sectionPlace, name: "listen-http", argument: "ADDRESS",
		does: "where to send browsers on to https from, and to answer for -acme; :80 with -acme, else nowhere; off for nowhere",
	})
	table.add((*networkList)(&o.proxies), row{
		section: sectionPlace, name: "trusted-proxies", argument: "NETWORKS",
		does: "of the proxies in front, such as 10.0.0.0/8,127.0.0.1; their word is taken for where a request comes from, by X-Forwarded-For, so that each client has limits of its own",
	})
	table.text(&o.metricsAddress, row{
		section: sectionPlace, name: "metrics", argument: "ADDRESS",
		does: "where to serve /metrics, /healthz and /readyz for your own machines, such as 127.0.0.1:9090; nowhere if empty",
	})
}

func (o *serveOptions) addEnd(table *settings) {
	table.add((*durationFlag)(&o.drain), row{
		section: sectionPlace, name: "drain", argument: "DURATION", standard: "0s",
		does: "when told to end, go on for this long while /readyz says no, so that a balancer may notice; 10s, for example",
	})
}

// tlsOptions say where TLS certificates come from.
type tlsOptions struct {
	certificate, key string
	acme             bool
	acmeEmail        string
	acmeDirectory    string
}

// add adds the settings: certificates by ACME are for some names, and kept in
// some place.
func (o *tlsOptions) add(table *settings, names, place string) {
	table.text(&o.certificate, row{
		section: sectionTLS, name: "tls-cert", argument: "FILE",
		does: "with the certificate chain in PEM; read again when it changes",
	})
	table.text(&o.key, row{section: sectionTLS, name: "tls-key", argument: "FILE", does: "with its private key"})
	table.toggle(&o.acme, row{
		section: sectionTLS, name: "acme",
		does: "get certificates for the names " + names + " by ACME, and keep them " + place + "; by this you accept the terms of the authority",
	})
	table.text(&o.acmeEmail, row{section: sectionTLS, name: "acme-email", argument: "ADDRESS", does: "whom the authority may warn"})
	table.text(&o.acmeDirectory, row{section: sectionTLS, name: "acme-directory", argument: "URL", does: "of another authority than Let's Encrypt"})
}

func (o *serveOptions) addData(table *settings) {
	o.data.add(table)
	table.text(&o.seenFile, seenRow)
	table.toggle(&o.noFallback, row{
		section: sectionData, name: "no-fallback",
		does: "vouch for nobody: people whose mail domain has no identity provider cannot sign in, and no mail, database or secrets are needed",
	})
}

func (o *serveOptions) addMail(table *settings) {
	table.text(&o.smtp, row{
		section: sectionMail, name: "smtp", argument: "URL",
		does: "of the mail server: smtp://user:password@mail.example:587 (STARTTLS) or smtps://…:465; better in the environment, since everybody on the machine can read flags",
	})
	table.text(&o.mailFrom, row{
		section: sectionMail, name: "mail-from", argument: "ADDRESS",
		does: "who the mails are from; login@ and the host of -public-url if nothing is said",
	})
	table.add((*countFlag)(&o.mailLimit), row{
		section: sectionMail, name: "mail-limit", argument: "NUMBER",
		does: "of mails an hour that the host sends at most; 1000 if nothing is said",
	})
	table.text(&o.outbox, row{
		section: sectionMail, name: "outbox", argument: "FOLDER",
		does: "put mails there as files instead of sending them, for trying things out",
	})
}

// parseServe reads the settings and completes them.
func parseServe(args, environ []string) (serveOptions, error) {
	var o serveOptions
	if err := o.settings().parseAll(args, environ); err != nil {
		return o, err
	}
	if err := o.check(); err != nil {
		return o, err
	}
	if o.listen == "" {
		o.listen = o.defaultListen()
	}
	if o.listenHTTP == "" && o.acme {
		o.listenHTTP = ":80"
	}
	if o.mailFrom == "" {
		o.mailFrom = "login@" + o.publicURL.Host()
	}
	return o, o.checkMailWords()
}

// defaultListen is where to listen when nothing is said: browsers come to the
// public URL themselves in development, and where the host speaks TLS; otherwise
// a proxy does.
func (o *serveOptions) defaultListen() string {
	switch {
	case o.dev:
		return net.JoinHostPort("127.0.0.1", o.publicURL.Port())
	case o.speaksTLS():
		return ":" + o.publicURL.Port()
	default:
		return "127.0.0.1:8080"
	}
}

func (o *tlsOptions) speaksTLS() bool { return o.acme || o.certificate != "" }
