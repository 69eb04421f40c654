//go:build !unix

package totp

// lock does nothing where files cannot be locked: change one user at a time there.
func lock(string) (unlock func(), err error) { return func() {}, nil }
