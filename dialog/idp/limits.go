package idp

import (
	"cmp"
	"time"
)

// Lifetimes (design 8, B4).
const (
	CodeLife       = 10 * time.Minute
	ResendAfter    = 30 * time.Second
	SessionLife    = 28 * 24 * time.Hour
	ElsewhereLife  = time.Hour // of a session on a device that is not the person's own
	ProofLife      = 90 * 24 * time.Hour
	CeremonyLife   = 5 * time.Minute
	UndoLife       = 30 * 24 * time.Hour
	FamiliarLife   = 180 * 24 * time.Hour
	MaxCertificate = time.Hour
)

// Limits bound what may be asked. They are counted in the store, so that all
// replicas share them.
//
// What concerns one address has three budgets of its own: for strangers, for
// networks that have proven the address before, and for browsers that have. So
// strangers do not use up what the owner needs, nor does a neighbour in the
// owner's network what the owner's browser needs (abuse test 35). Strangers and
// networks have as much of each, since a number would tell where an address was
// proven. What is left is that a neighbour who has used up the strangers' budget
// from elsewhere, at the price of as many mails to the owner, sees that there is
// another one.
type Limits struct {
	CodesPerAddress        int // a day
	CodesPerMailbox        int // a day, for all spellings that are likely to end in one mailbox
	TriesPerAddress        int // a day; each try counts once for each code that it could hit
	OwnTriesPerAddress     int // the same, for browsers that have proven it
	TriesPerCode           int
	CodesPerChallenge      int
	MailsPerNetwork        int // an hour
	MailsPerWideNetwork    int // an hour, for what one customer may hold in many networks
	TriesPerNetwork        int // an hour
	MailsPerHost           int // an hour
	CeremoniesPerNetwork   int // an hour
	CertificatesPerSession int // an hour
}

// DefaultLimits are those of design 8.
var DefaultLimits = Limits{
	CodesPerAddress:        10,
	CodesPerMailbox:        30,
	TriesPerAddress:        15,
	OwnTriesPerAddress:     10,
	TriesPerCode:           5,
	CodesPerChallenge:      5,
	MailsPerNetwork:        20,
	MailsPerWideNetwork:    100,
	TriesPerNetwork:        60,
	MailsPerHost:           1000,
	CeremoniesPerNetwork:   300,
	CertificatesPerSession: 60,
}

// orDefault fills in what was left out.
func (l Limits) orDefault() Limits {
	return Limits{
		CodesPerAddress:        cmp.Or(l.CodesPerAddress, DefaultLimits.CodesPerAddress),
		CodesPerMailbox:        cmp.Or(l.CodesPerMailbox, DefaultLimits.CodesPerMailbox),
		TriesPerAddress:        cmp.Or(l.TriesPerAddress, DefaultLimits.TriesPerAddress),
		OwnTriesPerAddress:     cmp.Or(l.OwnTriesPerAddress, DefaultLimits.OwnTriesPerAddress),
		TriesPerCode:           cmp.Or(l.TriesPerCode, DefaultLimits.TriesPerCode),
		CodesPerChallenge:      cmp.Or(l.CodesPerChallenge, DefaultLimits.CodesPerChallenge),
		MailsPerNetwork:        cmp.Or(l.MailsPerNetwork, DefaultLimits.MailsPerNetwork),
		MailsPerWideNetwork:    cmp.Or(l.MailsPerWideNetwork, DefaultLimits.MailsPerWideNetwork),
		TriesPerNetwork:        cmp.Or(l.TriesPerNetwork, DefaultLimits.TriesPerNetwork),
		MailsPerHost:           cmp.Or(l.MailsPerHost, DefaultLimits.MailsPerHost),
		CeremoniesPerNetwork:   cmp.Or(l.CeremoniesPerNetwork, DefaultLimits.CeremoniesPerNetwork),
		CertificatesPerSession: cmp.Or(l.CertificatesPerSession, DefaultLimits.CertificatesPerSession),
	}
}
