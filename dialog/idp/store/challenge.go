package store

import (
	"strings"

	"github.com/navid-login/navid/dialog/idp"
)

var challenges = table[idp.Challenge]{
	"challenges",
	[]string{"id", "email", "browser_hash", "words", "elsewhere", "created", "expires", "codes", "spent", "session"},
	func(c *idp.Challenge) []any {
		return []any{
			&c.ID, (*string)(&c.Email),
			blob{&c.BrowserHash},
			&c.Words, &c.Elsewhere,
			instant{&c.Created},
			instant{&c.Expires},
			document{&c.Codes},
			instant{&c.Spent},
			blob{&c.Session},
		}
	},
}

// Challenge implements idp.Reader.
func (r *reader) Challenge(id string) (idp.Challenge, error) {
	return challenges.one(r, "WHERE id = ?", id)
}

// ChallengeOfLink implements idp.Reader.
func (r *reader) ChallengeOfLink(linkHash []byte) (idp.Challenge, error) {
	return challenges.one(r, "WHERE id = (SELECT challenge FROM challenge_links WHERE link_hash = ?)", linkHash)
}

// PutChallenge implements idp.Tx.
func (t *transaction) PutChallenge(challenge idp.Challenge) error {
	codes := append([]idp.Code(nil), challenge.Codes...)
	links := make([]any, 0, 2*len(codes))
	for i := range codes {
		codes[i].Expires = kept(codes[i].Expires)
		links = append(links, codes[i].LinkHash, challenge.ID)
	}
	challenge.Codes = codes
	if err := challenges.put(&t.reader, challenge); err != nil || len(links) == 0 {
		return err
	}
	return t.do("INSERT INTO challenge_links (link_hash, challenge) VALUES "+pairs(len(codes))+" ON CONFLICT DO NOTHING", links...)
}

// pairs are n times two parameters.
func pairs(n int) string {
	return strings.TrimSuffix(strings.Repeat("(?, ?), ", n), ", ")
}
