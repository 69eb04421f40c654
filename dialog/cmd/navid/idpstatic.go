package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
	"github.com/navid-login/navid/agent/issuer/personal"
	"github.com/navid-login/navid/shim"
)

// staticOptions are those of navid idp static.
type staticOptions struct {
	domain, folder, algorithm string
	host                      originFlag
	rights                    personal.Rights
}

func (o *staticOptions) settings() *settings {
	table := newSettings("idp static")
	table.text(&o.domain, row{name: "domain", argument: "DOMAIN", does: "mail domain whose identity provider it will be, and where the folder will be served"})
	table.add(&o.host, row{name: "login-host", argument: "ORIGIN", does: "login host that may ask for certificates, such as https://login.example"})
	table.text(&o.folder, row{name: "out", argument: "DIR", does: "folder to write; other files in it stay as they are, and none is replaced"})
	table.add((*addressList)(&o.rights.Addresses), row{name: "address", argument: "ADDRESS", does: "address that it vouches for; may be given several times"})
	table.add((*patternList)(&o.rights.Patterns), row{
		name: "pattern", argument: "PATTERN", does: "addresses that it vouches for, with one star, as '*@example.com'; may be given several times",
	})
	table.text(&o.algorithm, algorithmRow)
	table.reads = "the passphrase, twice,"
	return table
}

// addressList is a flag that may be given several times, an address each.
type addressList []browserid.Email

// String implements [flag.Value].
func (*addressList) String() string { return "" }

// Set implements [flag.Value].
func (a *addressList) Set(text string) error {
	email, err := browserid.ParseEmail(text)
	if err != nil {
		return errors.New("want an address such as ann@example.com")
	}
	*a = append(*a, email)
	return nil
}

// patternList is a flag that may be given several times, a pattern each.
type patternList []personal.Pattern

// String implements [flag.Value].
func (*patternList) String() string { return "" }

// Set implements [flag.Value].
func (p *patternList) Set(text string) error {
	pattern, err := personal.ParsePattern(text)
	if err != nil {
		return errors.New("want a pattern such as *@example.com or shop+*@example.com, with one star before the @")
	}
	*p = append(*p, pattern)
	return nil
}

// makeStaticProvider writes the folder of an identity provider that needs no program on its server.
func makeStaticProvider(ctx context.Context, args []string, std streams) error {
	var options staticOptions
	if err := options.settings().parseAll(args, nil); err != nil {
		return err
	}
	config, err := options.config()
	if err != nil {
		return err
	}
	if err := personal.CheckFree(options.folder, config); err != nil {
		return taken(err)
	}
	var isSuggested bool
	if config.Passphrase, isSuggested, err = newPassphrase(ctx, std); err != nil {
		return err
	}
	if err := personal.Write(options.folder, config); err != nil {
		return taken(err)
	}
	options.report(std.stdout, isSuggested)
	return nil
}

// taken is err, with what to do where a file is in the way.
func taken(err error) error {
	if errors.Is(err, fs.ErrExist) {
		err = fmt.Errorf("%w. Nothing was written, for a key is never replaced: name another folder, or move these files away first", err)
	}
	return err
}

func (o *staticOptions) config() (personal.Config, error) {
	if o.domain == "" || o.host == "" || o.folder == "" {
		return personal.Config{}, badUsage("-domain, -login-host and -out are needed")
	}
	domain, err := discovery.ParseDomain(o.domain)
	if err != nil {
		return personal.Config{}, badUsage("-domain: want a domain such as example.com: %w", err)
	}
	if len(o.rights.Addresses)+len(o.rights.Patterns) == 0 {
		return personal.Config{}, badUsage("name your addresses with -address, or all of the domain with -pattern '*@%s'", domain)
	}
	o.rights.Domain = domain
	config := personal.Config{
		Domain: domain, Host: browserid.Origin(o.host), Rights: o.rights, Algorithm: browserid.Algorithm(o.algorithm), Scripts: shim.FS(),
	}
	if err := config.Check(); err != nil {
		return personal.Config{}, &usageError{err}
	}
	return config, nil
}

const staticReport = `%[1]s is the identity provider of %[2]s. Put all that is in it, also the
names with a dot, where https://%[2]s/ is, and have the server send
/.well-known/browserid as application/json: %[3]s
says how. Then see whether all is well: navid check %[2]s

The signing key is public, in .well-known/browserid, encrypted. Anybody can try
passphrases on it, on computers of their own: %[4]d a second with one rented
graphics card. %[5]s
If the passphrase is lost, so is the key.
`

const (
	suggestedStrength = "Yours has 80 random bits, and withstands all that there are."
	ownStrength       = `How well yours withstands that depends on how it was chosen, which
nobody can see in it: six words by dice do, and nothing that a person thinks of does.`
)

func (o *staticOptions) report(w io.Writer, isSuggested bool) {
	strength := ownStrength
	if isSuggested {
		strength = suggestedStrength
	}
	readme := filepath.Join(o.folder, "browserid", "README.md")
	fmt.Fprintf(w, staticReport, o.folder, o.rights.Domain, readme, personal.GuessesPerSecond(personal.DefaultRounds), strength)
}
