package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/issuer"
)

// algorithmRow is the setting of commands that make a signing key.
var algorithmRow = row{
	name: "algorithm", argument: "NAME", standard: "RS256",
	does: "RS256, which every verifier knows, ES256 or EdDSA",
}

// keygen makes a signing key. It replaces no file.
func keygen(_ context.Context, args []string, std streams) error {
	table := newSettings("keygen")
	var algorithm string
	table.text(&algorithm, algorithmRow)
	files, err := table.parse(args, nil)
	if err != nil {
		return err
	}
	if len(files) != 1 {
		return badUsage("name one file for the key")
	}
	key, err := issuer.GenerateKey(browserid.Algorithm(algorithm))
	if err != nil {
		return &usageError{err}
	}
	err = key.WriteFile(files[0])
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s exists, and a key is never replaced: name another file, or move this one away first", files[0])
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(std.stdout, "%s holds a new %s key. Keep it secret.\n", files[0], algorithm)
	return nil
}

// supportDocument prints what an identity provider publishes, for a web
// server that serves files (C3).
func supportDocument(_ context.Context, args []string, std streams) error {
	var provider issuer.Issuer
	table := newSettings("support-document")
	table.text(&provider.Authentication, row{name: "authentication", argument: "PATH", does: "page where people sign in"})
	table.text(&provider.Provisioning, row{name: "provisioning", argument: "PATH", does: "page that asks for certificates"})
	table.text(&provider.Logout, row{name: "logout", argument: "PATH", does: "page where people sign out, if there is one"})
	files, err := table.parse(args, nil)
	if err != nil {
		return err
	}
	if provider.Authentication == "" || provider.Provisioning == "" {
		return badUsage("-authentication and -provisioning are needed: the paths of the provider's two pages, such as /sign_in and /provision")
	}
	if len(files) == 0 {
		return badUsage("name the key files, the one that signs first")
	}
	for _, file := range files {
		key, err := issuer.LoadKey(file)
		if err != nil {
			return err
		}
		provider.Keys = append(provider.Keys, key)
	}
	document, err := provider.SupportDocument()
	if err != nil {
		return &usageError{err}
	}
	fmt.Fprintf(std.stdout, "%s\n", document)
	return nil
}
