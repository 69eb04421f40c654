package main

import (
	"context"
	"strings"
)

// command is one of the program's.
type command struct {
	name string
	// usages are what may follow the name, with what it does then.
	usages []usage
	// hasParts: the first word after the name says what to do, as in keys list.
	hasParts bool
	// do returns nil, which exits with 0, a [usageError], which exits with 2, or
	// anything else, which exits with 1. A [helpWanted] is no error.
	do func(ctx context.Context, args []string, std streams) error
}

type usage struct{ arguments, does string }

// commands are in the order of the help.
func commands() []command {
	return []command{
		{"serve", []usage{
			{"-public-url https://login.example -smtp URL -acme", "serve the login host, with TLS certificates of its own"},
			{"-public-url https://login.example -smtp URL -trusted-proxies 127.0.0.1", "serve it behind a proxy that speaks TLS for it"},
			{"-dev -public-url http://login.localhost:8080", "serve it for development, on a localhost name"},
		}, false, serve},
		{"keys", []usage{
			{"list", "list the keys that sign for the fallback provider, or, with -secrets, for navid idp totp, and their states"},
			{"rotate [-algorithm RS256]", "publish a new key, which signs as soon as everybody knows it"},
			{"revoke KEY", "destroy a key that may have leaked, at once"},
		}, true, keys},
		{"account", []usage{
			{"list", "list the accounts of the fallback provider"},
			{"show|sign-out|block|unblock|delete ADDRESS", "look at the account of an address, or change it"},
			{"link ADDRESS ADDRESS", "put the first address into the account of the second"},
		}, true, account},
		{"doctor", []usage{
			{"[-mail ADDRESS]", "look at a host that runs from outside: DNS, TLS, headers, clock, keys; and at the way of its mails"},
		}, false, examine},
		{"backup", []usage{{"FILE", "copy the database to a file, while the host runs (SQLite)"}}, false, backup},
		{"restore", []usage{
			{"FILE", "bring back what a backup holds, and no session, code or removed passkey (SQLite)"},
			{"-database postgres://…", "end what a pg_restore has revived, before the host starts"},
		}, false, restore},
		{"verify-server", []usage{
			{"[-listen 127.0.0.1:8081] [-fallback DOMAIN]... [-seen FILE]", "serve the verifier alone: POST /verify and /v2, for servers"},
		}, false, verifyServer},
		{"verify", []usage{
			{"-audience ORIGIN [-fallback DOMAIN]... < BUNDLE", "verify what a browser sent to the site at ORIGIN, and say so in JSON"},
			{"-audience ORIGIN -support DOMAIN=FILE... [-now TIME] < BUNDLE", "do so offline, with the support documents of the domains"},
		}, false, verifyBundle},
		{"decode", []usage{{"< BUNDLE", "print what is in a bundle, without checking its signatures"}}, false, decode},
		{"idp", []usage{
			{"totp -domain example.com -login-host https://login.example -acme", "be the identity provider of a mail domain, for people with an authenticator app"},
			{"totp add|remove ADDRESS", "let somebody sign in with the codes of an app, or no longer"},
			{"totp list", "list the people who may"},
			{"static -domain DOMAIN -login-host ORIGIN -out DIR -address ADDRESS...", "make the identity provider of your own domain, as files for any web server"},
		}, true, identityProvider},
		{"keygen", []usage{{"[-algorithm RS256] FILE", "make a signing key for an identity provider"}}, false, keygen},
		{"support-document", []usage{
			{"-authentication /PATH -provisioning /PATH FILE...", "print the provider's /.well-known/browserid for its keys"},
		}, false, supportDocument},
		{"check", []usage{
			{"DOMAIN|ADDRESS [-login-host URL] [-json]", "say why the identity provider of a mail domain does not work, and what to do about it"},
		}, false, examineDomain},
		{"check-site", []usage{
			{"URL [-audience ORIGIN] [-bundle FILE] [-json]", "say why people cannot sign in at a site's page, and what to do about it"},
		}, false, examineSite},
		{"version", []usage{{"", "say which build of the program this is"}}, false, version},
		{"help", []usage{{"[COMMAND]", "show this, or explain a command and its flags, as -h after it does"}}, false, help},
	}
}

// commandOf returns the command with a name. The error is a [usageError].
func commandOf(name string) (command, error) {
	var names []string
	for _, c := range commands() {
		if c.name == name {
			return c, nil
		}
		names = append(names, c.name)
	}
	meant := didYouMean(name, "", names)
	if meant == "" {
		meant = "; there are " + strings.Join(names, ", ") + ". `navid help` explains them"
	}
	return command{}, badUsage("there is no command %q%s", name, meant)
}
