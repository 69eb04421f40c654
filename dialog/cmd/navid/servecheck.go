package main

import (
	"strings"

	"github.com/navid-login/navid/agent/browserid"
)

// check refuses settings that do not go together, before anything is opened.
func (o *serveOptions) check() error {
	for _, refuse := range []func() string{o.checkPublicURLs, o.checkTLS, o.checkMail} {
		if reason := refuse(); reason != "" {
			return badUsage("%s", reason)
		}
	}
	return nil
}

func (o *serveOptions) checkPublicURLs() string {
	if o.publicURL == "" {
		return "-public-url is missing: what browsers see, such as https://login.example"
	}
	for _, origin := range append([]browserid.Origin{o.publicURL}, o.otherURLs...) {
		local := isLocal(origin)
		switch {
		case o.dev && !local:
			return "-dev is for localhost names only, and " + string(origin) + " is none: it lets anybody sign in as anybody"
		case !o.dev && origin.Scheme() != "https":
			return "-public-url " + string(origin) + " must be https; http is for -dev"
		}
	}
	return ""
}

func isLocal(origin browserid.Origin) bool {
	return origin.Host() == "localhost" || strings.HasSuffix(origin.Host(), ".localhost")
}

func (o *serveOptions) checkTLS() string {
	if reason := o.tlsOptions.check(); reason != "" {
		return reason
	}
	switch {
	case o.dev && o.speaksTLS():
		return "-dev serves http: leave out -acme and -tls-cert"
	case !o.speaksTLS() && o.listenHTTP != "" && o.listenHTTP != "off":
		return "-listen-http is beside -acme or -tls-cert; without them, -listen is for http"
	default:
		return ""
	}
}

func (o *tlsOptions) check() string {
	switch {
	case (o.certificate == "") != (o.key == ""):
		return "-tls-cert and -tls-key are needed together"
	case o.acme && o.certificate != "":
		return "either -acme or -tls-cert: one certificate is enough"
	case !o.acme && (o.acmeEmail != "" || o.acmeDirectory != ""):
		return "-acme-email and -acme-directory mean something with -acme only"
	default:
		return ""
	}
}

func (o *serveOptions) checkMail() string {
	switch {
	case o.noFallback && (o.smtp != "" || o.outbox != ""):
		return "-no-fallback sends no mail: leave out -smtp and -outbox"
	case o.smtp != "" && o.outbox != "":
		return "either -smtp or -outbox: mails are sent, or put into a folder"
	case !o.noFallback && !o.dev && o.smtp == "" && o.outbox == "":
		return "-smtp is missing: the mail server that proves people's addresses, such as smtp://user:password@mail.example:587. " +
			"To try without one, -outbox FOLDER puts mails into files; -no-fallback vouches for nobody and needs none"
	default:
		return ""
	}
}
