package main

import "context"

// identityProvider makes and runs identity providers of one's own domain.
func identityProvider(ctx context.Context, args []string, std streams) error {
	return doPart(ctx, "idp", []part{{"totp", totpProvider}, {"static", makeStaticProvider}}, args, std)
}
