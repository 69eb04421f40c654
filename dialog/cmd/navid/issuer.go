package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/issuer"
)

// keygen makes a signing key. It replaces no file.
func keygen(_ context.Context, args []string, std streams) error {
	flags := newFlags("keygen")
	algorithm := flags.String("algorithm", "RS256", "RS256, which every verifier knows, ES256 or EdDSA")
	files, err := parseFlags(flags, args)
	if err != nil {
		return err
	}
	if len(files) != 1 {
		return badUsage("name one file for the key")
	}
	key, err := issuer.GenerateKey(browserid.Algorithm(*algorithm))
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
	fmt.Fprintf(std.stdout, "%s holds a new %s key. Keep it secret.\n", files[0], *algorithm)
	return nil
}

// supportDocument prints what an identity provider publishes, for a web
// server that serves files (C3).
func supportDocument(_ context.Context, args []string, std streams) error {
	var provider issuer.Issuer
	flags := newFlags("support-document")
	flags.StringVar(&provider.Authentication, "authentication", "", "`path` of the page where people sign in")
	flags.StringVar(&provider.Provisioning, "provisioning", "", "`path` of the page that asks for certificates")
	flags.StringVar(&provider.Logout, "logout", "", "`path` of the page where people sign out")
	files, err := parseFlags(flags, args)
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
