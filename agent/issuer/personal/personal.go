// Package personal makes the identity provider of one person, or of a family: a folder for any web server that serves files. There is
// no program on the server. The support document carries the signing key, encrypted; the owner opens it in the browser with a
// passphrase, and the pages in the folder sign the certificates there (protocol.md F2).
//
// # What is where
//
//	.well-known/browserid     the support document, with the member "encrypted-private-key" (see [Encrypted])
//	browserid/sign_in.html    the authentication page: opens the key for twelve hours
//	browserid/provision.html  the provisioning page: certifies the browser's keys while the key is open
//	browserid/key_change.html makes the next support document: another passphrase, another key, passkeys
//	browserid/sign_out.html   locks the key again
//	browserid/README.md       for the owner, with what each kind of web server has to be told
//
// The opened key is a CryptoKey that WebCrypto lets sign and nobody read. It goes from the ciphertext into that form inside
// WebCrypto (unwrapKey), so that no script has its bytes at any time, and is kept in the IndexedDB of the provider's own origin. The
// addresses that it may certify lie beside it, encrypted too.
//
// # What an attacker can do
//
// The encrypted key is public, so anybody can try passphrases on it, on computers of their own, for as long as they like. PBKDF2 makes
// each try cost [DefaultRounds] rounds; a graphics card of 2022 does about [CardRounds] of them a second. So it is the passphrase that
// has to withstand that, and none that a person would think of does: [SuggestPassphrase] makes one of 80 random bits. Argon2 would make
// tries dearer, but browsers do not have it, and a copy of it in WebAssembly would be one more thing to trust, and to be eval'd under
// the pages' strict policy.
//
// Whoever can change the files on the server has the passphrase as soon as it is typed in there, and the login host that the owner has
// chosen can ask for certificates while the key is open.
//
// # Changing the key
//
// The key-change page makes a document in which the new key signs and the old one is still published ("keys"), for the certificates
// that exist. Browsers that hold the old key open notice at the next certificate, and ask for the passphrase. After the day that a
// certificate can live, and the hour that others keep a document ("old-keys-until", for the page itself), it makes the document without
// the old key. A key that has leaked goes at once.
package personal

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/navid-login/navid/agent/browserid"
)

// Config says whose provider to make.
type Config struct {
	// Domain is the mail domain, at which the folder will be served.
	Domain browserid.Domain
	// Host is the login host whose agent may ask for certificates.
	Host browserid.Origin
	// Rights are the addresses that the key speaks for.
	Rights Rights
	// Algorithm is that of the signing key. Empty means RS256, which every verifier knows.
	Algorithm browserid.Algorithm
	// Passphrase opens the key. It must pass [CheckPassphrase].
	Passphrase string
	// Rounds are those of PBKDF2. 0 means DefaultRounds.
	Rounds int
	// Scripts has provisioning_api.js and authentication_api.js, as package shim's FS.
	Scripts fs.FS
}

// Write makes the provider, with a new key, and writes its folder. It never replaces a file: where one of them exists, the error wraps
// [fs.ErrExist], and nothing has been written.
func Write(folder string, config Config) error {
	if err := config.Check(); err != nil {
		return err
	}
	if err := CheckPassphrase(config.Passphrase); err != nil {
		return err
	}
	files, err := config.freeFiles(folder)
	if err != nil {
		return err
	}
	if files[documentFile], err = config.document(); err != nil {
		return err
	}
	return writeFiles(folder, files)
}

// CheckFree makes sure that no file is in the way of [Write], before a passphrase is chosen.
func CheckFree(folder string, config Config) error {
	_, err := config.freeFiles(folder)
	return err
}

// Check says what is wrong with the configuration, but for its passphrase, and fills in what it leaves open.
func (c *Config) Check() error {
	if c.Algorithm == "" {
		c.Algorithm = browserid.RS256
	}
	if c.Rounds == 0 {
		c.Rounds = DefaultRounds
	}
	if host, err := browserid.ParseOrigin(string(c.Host)); err != nil || host != c.Host { // it goes into policies and configurations
		return fmt.Errorf("make provider: login host %q is not an origin such as https://login.example", c.Host)
	}
	if c.Scripts == nil {
		return errors.New("make provider: the scripts of a login host are missing")
	}
	if c.Rounds < MinRounds || c.Rounds > MaxRounds {
		return fmt.Errorf("make provider: %d rounds are not between %d and %d", c.Rounds, MinRounds, MaxRounds)
	}
	if !isAlgorithm(c.Algorithm) {
		return fmt.Errorf("make provider: algorithm %q is not for signing certificates", c.Algorithm)
	}
	c.Rights.Domain = c.Domain
	if err := c.Rights.check(); err != nil {
		return fmt.Errorf("make provider: %w", err)
	}
	return nil
}

// document makes a key and the support document around it. The document has been opened again before anybody relies on it.
func (c *Config) document() ([]byte, error) {
	key, err := generate(c.Algorithm)
	if err != nil {
		return nil, fmt.Errorf("make provider: %w", err)
	}
	encrypted, err := seal(key, c.Rights, c.Passphrase, c.Rounds)
	if err != nil {
		return nil, fmt.Errorf("make provider: %w", err)
	}
	public, err := key.publicKey()
	if err != nil {
		return nil, fmt.Errorf("make provider: %w", err)
	}
	document, err := writeDocument(public, encrypted)
	if err != nil {
		return nil, fmt.Errorf("make provider: %w", err)
	}
	if _, err := Open(document, c.Passphrase); err != nil {
		return nil, fmt.Errorf("make provider: open it again: %w", err)
	}
	return document, nil
}
