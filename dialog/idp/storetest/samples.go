package storetest

import (
	"bytes"
	"crypto/sha256"
	"strings"
	"time"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/dialog/idp"
)

// now is in microseconds, as precise as a store must be.
var now = time.Date(2026, 11, 22, 10, 11, 12, 123_456_000, time.UTC)

func after(minutes int) time.Time { return now.Add(time.Duration(minutes) * time.Minute) }

// hash is a 32-byte key of a record.
func hash(name string) []byte {
	sum := sha256.Sum256([]byte(name))
	return sum[:]
}

const alice browserid.Email = "Alice.O'Neil+x@example.org"

// Samples have no field empty, so that one that a store forgets is noticed.

func sampleAccount() idp.Account {
	return idp.Account{ID: "account", Created: after(-9), Blocked: true, Handle: bytes.Repeat([]byte{0, 255}, 32)}
}

func sampleAddress() idp.Address {
	return idp.Address{Email: alice, Account: "account", Generation: 1 << 60, Proven: now}
}

func sampleProofs() []idp.Proof {
	return []idp.Proof{
		{Email: alice, Generation: 1 << 60, Method: idp.MethodLink, At: after(-1)},
		{Email: "b@example.net", Generation: 2, Method: idp.MethodPasskey, At: after(-2)},
	}
}

func sampleSession() idp.Session {
	return idp.Session{
		TokenHash: hash("session"), ID: "s1", Account: "account", Proofs: sampleProofs(), Browser: "Firefox „auf“ Linux 🦊",
		Elsewhere: true, Created: after(-1), Seen: now, Expires: after(60),
	}
}

func samplePasskey() idp.Passkey {
	return idp.Passkey{
		CredentialID: []byte{0, 1, 2}, ID: "p1", Account: "account", Name: "my key", Proofs: sampleProofs(),
		Credential: []byte(`{"a":1}`), UndoHash: hash("undo"), Session: "s1", Created: after(-1), Used: now,
	}
}

func sampleChallenge() idp.Challenge {
	return idp.Challenge{
		ID: "challenge", Email: alice, BrowserHash: hash("browser"), Words: "brisk otter", Elsewhere: true,
		Created: now, Expires: after(10), Spent: after(1), Session: hash("session"),
		Codes: []idp.Code{
			{MAC: hash("mac 1"), LinkHash: hash("link 1"), MailID: "m1", Expires: after(10), Tries: 4},
			{MAC: hash("mac 2"), LinkHash: hash("link 2"), MailID: "m2", Expires: after(11), Tries: 1},
		},
	}
}

func sampleCeremony() idp.Ceremony {
	return idp.Ceremony{ID: "ceremony", BrowserHash: hash("browser"), Data: []byte(`{"b":2}`), Expires: after(5)}
}

func sampleMail() idp.Mail {
	return idp.Mail{
		ID: "mail", Sealed: bytes.Repeat([]byte{7, 0}, 4000), State: idp.MailQueued, Tries: 3, Due: after(1), Leased: after(2),
		Reason: strings.Repeat("451 later ", 20), Created: now, Expires: after(30),
	}
}

func sampleIssuance() idp.Issuance {
	return idp.Issuance{
		At: now, Expires: after(60), EmailMAC: hash("mac"), Hash: hash("certificate"), Session: "s1",
		Browser: "Firefox", Key: "thumbprint",
	}
}
