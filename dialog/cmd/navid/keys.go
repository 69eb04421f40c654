package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/issuer"
	"github.com/navid-login/navid/agent/issuer/keyring"
)

// keys lists and changes the keys of the fallback provider (G13).
func keys(ctx context.Context, args []string, std streams) error {
	return doPart(ctx, "keys", []part{{"list", listKeys}, {"rotate", rotateKeys}, {"revoke", revokeKey}}, args, std)
}

func keysSettings(name string, data *dataOptions) *settings {
	table := newSettings(name)
	table.inEnvironment = true
	data.add(table)
	return table
}

func listKeys(_ context.Context, args []string, std streams) error {
	var data dataOptions
	if err := keysSettings("keys list", &data).parseAll(args, std.environ); err != nil {
		return err
	}
	return printKeys(&data, std)
}

func printKeys(data *dataOptions, std streams) error {
	listed, err := keyring.List(data.keysFolder(), time.Now())
	if len(listed) == 0 {
		return data.noKeys(err)
	}
	table := tabwriter.NewWriter(std.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprint(table, "KEY\tALGORITHM\tSTATE\t\tTHUMBPRINT\n")
	for _, key := range listed {
		fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%s\n", key.Number, key.Algorithm, key.State, sinceOrUntil(key), key.Thumbprint)
	}
	return errors.Join(err, table.Flush())
}

// noKeys is err, or what to say where it means that there are none.
func (o *dataOptions) noKeys(err error) error {
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return badUsage("there are no keys in %s: say with -secrets or -database where they are, or start the server once, which makes the first", o.keysFolder())
}

func sinceOrUntil(key keyring.Listed) string {
	switch key.State {
	case keyring.Waiting:
		return "signs from " + minute(key.SignsFrom)
	case keyring.Signing:
		return "since " + minute(key.Since)
	case keyring.Leaving:
		return "published until " + minute(key.Until)
	case keyring.Revoked:
		return "on " + minute(key.Revoked)
	default:
		return ""
	}
}

func minute(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

func rotateKeys(_ context.Context, args []string, std streams) error {
	var data dataOptions
	var algorithm string
	table := keysSettings("keys rotate", &data)
	table.text(&algorithm, algorithmRow)
	if err := table.parseAll(args, std.environ); err != nil {
		return err
	}
	key, err := keyring.Rotate(data.keysFolder(), browserid.Algorithm(algorithm), time.Now())
	if errors.Is(err, keyring.ErrRotating) {
		return fmt.Errorf("key %d is waiting already and signs from %s", key.Number, minute(key.SignsFrom))
	}
	if err != nil {
		return data.noKeys(err)
	}
	fmt.Fprintf(std.stdout, "Key %d is published within %s, and signs from %s, when nobody's copy of the document lacks it.\n",
		key.Number, keyring.ReloadInterval, minute(key.SignsFrom))
	return nil
}

func revokeKey(_ context.Context, args []string, std streams) error {
	var data dataOptions
	words, err := keysSettings("keys revoke", &data).parseWords(args, std.environ, "KEY")
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(words[0])
	if err != nil {
		return badUsage("%q is not a number of `navid keys list`", words[0])
	}
	if err := keyring.Revoke(data.keysFolder(), number, time.Now()); err != nil {
		return data.noKeys(err)
	}
	fmt.Fprintf(std.stdout, "Key %d is destroyed here, and out of the document within %s. Verifiers believe it for %.0f minutes more at most.\n\n",
		number, keyring.ReloadInterval, issuer.CacheLifetime.Minutes())
	return printKeys(&data, std)
}
