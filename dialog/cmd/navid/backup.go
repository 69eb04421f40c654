package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/navid-login/navid/dialog/idp/store"
)

// backup copies the database while the host runs.
func backup(ctx context.Context, args []string, std streams) error {
	var data dataOptions
	words, err := keysSettings("backup", &data).parseWords(args, std.environ, "FILE")
	if err != nil {
		return err
	}
	database, err := data.openThere(ctx)
	if err != nil {
		return err
	}
	if err := errors.Join(database.Backup(ctx, words[0]), database.Close()); err != nil {
		return err
	}
	fmt.Fprintf(std.stdout, "%s holds the addresses, passkeys and settings of %s. It holds no keys: keep %s apart from it.\n",
		words[0], data.database, data.secretsFolder())
	return nil
}

// restore brings back what a backup holds. Postgres has been restored by other
// means then, and is freed of what that has revived.
func restore(ctx context.Context, args []string, std streams) error {
	var data dataOptions
	words, err := keysSettings("restore", &data).parse(args, std.environ)
	if err != nil {
		return err
	}
	if data.isPostgres() {
		return afterDump(ctx, &data, words, std)
	}
	if len(words) != 1 {
		return badUsage("want navid restore FILE")
	}
	if err := store.Restore(ctx, words[0], data.database, time.Now()); err != nil {
		return data.explain(err)
	}
	fmt.Fprintf(std.stdout, "%s has what %s held. Nobody is signed in; addresses that came back are proven anew when they are next used.\n",
		data.database, words[0])
	return nil
}

func afterDump(ctx context.Context, data *dataOptions, words []string, std streams) error {
	if len(words) > 0 {
		return badUsage("%q is one word too many: restore a Postgres by pg_restore, and then say navid restore without a file", words[0])
	}
	database, err := data.openThere(ctx)
	if err != nil {
		return err
	}
	if err := errors.Join(database.EndAllRights(ctx, time.Now()), database.Close()); err != nil {
		return err
	}
	fmt.Fprintln(std.stdout, "Nobody is signed in; addresses are proven anew when they are next used.")
	return nil
}

// openThere opens a database that is there: a command that looks into one must
// not make an empty one elsewhere.
func (o *dataOptions) openThere(ctx context.Context) (*store.Store, error) {
	if !o.isPostgres() {
		_, err := os.Stat(strings.TrimPrefix(o.database, "sqlite:"))
		if errors.Is(err, fs.ErrNotExist) {
			return nil, badUsage("there is no database %s: say with -database, or NAVID_DATABASE, which one serve uses", o.database)
		}
	}
	return o.open(ctx)
}
