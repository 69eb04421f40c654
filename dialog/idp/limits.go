package idp

import "time"

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
type Limits struct {
	CodesPerAddress        int // a day
	TriesPerAddress        int // a day; each try counts once for each code that it could hit
	TriesPerCode           int
	CodesPerChallenge      int
	MailsPerNetwork        int // an hour
	TriesPerNetwork        int // an hour
	MailsPerHost           int // an hour
	CeremoniesPerNetwork   int // an hour
	CertificatesPerSession int // an hour
}

// DefaultLimits are those of design 8.
var DefaultLimits = Limits{
	CodesPerAddress:        10,
	TriesPerAddress:        20,
	TriesPerCode:           5,
	CodesPerChallenge:      5,
	MailsPerNetwork:        20,
	TriesPerNetwork:        60,
	MailsPerHost:           1000,
	CeremoniesPerNetwork:   300,
	CertificatesPerSession: 60,
}
