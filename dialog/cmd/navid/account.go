package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/navid-login/navid/dialog/idp"
)

// account looks at the accounts of the fallback provider and changes them, for
// the operator, while the host runs.
func account(ctx context.Context, args []string, std streams) error {
	return doPart(ctx, "account", []part{
		{"list", listAccounts},
		{"show", showAccount},
		changeAccount("sign-out", "All sessions of %s have ended.\n", (*idp.Provider).OperatorSignOut),
		changeAccount("block", "The account of %s is blocked: nothing is certified.\n", func(p *idp.Provider, ctx context.Context, email string) error {
			return p.OperatorBlock(ctx, email, true)
		}),
		changeAccount("unblock", "The account of %s is blocked no more.\n", func(p *idp.Provider, ctx context.Context, email string) error {
			return p.OperatorBlock(ctx, email, false)
		}),
		changeAccount("delete", "The account of %s is deleted, with all its addresses, passkeys and sessions.\n", (*idp.Provider).OperatorDelete),
		{"link", linkAccount},
	}, args, std)
}

// withAccounts opens the database for an operator's work.
func withAccounts(ctx context.Context, data *dataOptions, work func(*idp.Provider) error) error {
	database, err := data.openThere(ctx)
	if err != nil {
		return err
	}
	provider, err := operatorsProvider(database)
	if err == nil {
		err = work(provider)
	}
	if errors.Is(err, idp.ErrNotFound) {
		err = errors.New("nobody here has proven this address")
	}
	return errors.Join(err, database.Close())
}

func listAccounts(ctx context.Context, args []string, std streams) error {
	var data dataOptions
	var after string
	limit := 1000
	table := keysSettings("account list", &data)
	table.text(&after, row{name: "after", argument: "ID", flagOnly: true, does: "go on after this account"})
	table.add((*countFlag)(&limit), row{name: "limit", argument: "NUMBER", standard: "1000", flagOnly: true, does: "of accounts to list"})
	if err := table.parseAll(args, std.environ); err != nil {
		return err
	}
	return withAccounts(ctx, &data, func(p *idp.Provider) error {
		accounts, err := p.OperatorList(ctx, after, limit)
		if err != nil {
			return err
		}
		if len(accounts) == 0 {
			fmt.Fprintln(std.stdout, noAccounts(after))
			return nil
		}
		list := tabwriter.NewWriter(std.stdout, 0, 0, 2, ' ', 0)
		fmt.Fprint(list, "ID\tCREATED\tADDRESSES\tPASSKEYS\tSESSIONS\t\n")
		for _, a := range accounts {
			fmt.Fprintf(list, "%s\t%s\t%s\t%d\t%d\t%s\n", a.Account.ID, a.Account.Created.UTC().Format(time.DateOnly),
				strings.Join(emailsOf(a), " "), len(a.Passkeys), len(a.Sessions), blockedWord(a.Account))
		}
		return list.Flush()
	})
}

func noAccounts(after string) string {
	if after == "" {
		return "No accounts yet."
	}
	return "No accounts after this one."
}

func emailsOf(view idp.OperatorView) []string {
	emails := make([]string, len(view.Addresses))
	for i, address := range view.Addresses {
		emails[i] = string(printable(string(address.Email)))
	}
	return emails
}

func blockedWord(account idp.Account) string {
	if account.Blocked {
		return "blocked"
	}
	return ""
}

func showAccount(ctx context.Context, args []string, std streams) error {
	var data dataOptions
	words, err := keysSettings("account show", &data).parseAddresses(args, std.environ, 1)
	if err != nil {
		return err
	}
	return withAccounts(ctx, &data, func(p *idp.Provider) error {
		view, err := p.OperatorShow(ctx, words[0])
		if err != nil {
			return err
		}
		var text strings.Builder
		fmt.Fprintf(&text, "account %s, of %s %s\n", view.Account.ID, minute(view.Account.Created), blockedWord(view.Account))
		for _, address := range view.Addresses {
			fmt.Fprintf(&text, "  address %s, proven %s\n", address.Email, minute(address.Proven))
		}
		for _, passkey := range view.Passkeys {
			fmt.Fprintf(&text, "  passkey %q, of %s, used %s\n", passkey.Name, minute(passkey.Created), minuteOrNever(passkey.Used))
		}
		for _, session := range view.Sessions {
			fmt.Fprintf(&text, "  session of %s, since %s, seen %s\n", session.Browser, minute(session.Created), minute(session.Seen))
		}
		_, err = std.stdout.Write(printable(text.String()))
		return err
	})
}

func minuteOrNever(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return minute(t)
}

// changeAccount is a part that changes the account of an address.
func changeAccount(name, done string, change func(*idp.Provider, context.Context, string) error) part {
	return part{name, func(ctx context.Context, args []string, std streams) error {
		var data dataOptions
		words, err := keysSettings("account "+name, &data).parseAddresses(args, std.environ, 1)
		if err != nil {
			return err
		}
		return withAccounts(ctx, &data, func(p *idp.Provider) error {
			if err := change(p, ctx, words[0]); err != nil {
				return err
			}
			fmt.Fprintf(std.stdout, done, words[0])
			return nil
		})
	}}
}

func linkAccount(ctx context.Context, args []string, std streams) error {
	var data dataOptions
	words, err := keysSettings("account link", &data).parseAddresses(args, std.environ, 2)
	if err != nil {
		return err
	}
	return withAccounts(ctx, &data, func(p *idp.Provider) error {
		if err := p.OperatorLink(ctx, words[0], words[1]); err != nil {
			return err
		}
		fmt.Fprintf(std.stdout, "%s belongs to the account of %s now.\n", words[0], words[1])
		return nil
	})
}
