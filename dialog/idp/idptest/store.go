// Package idptest has what tests of the fallback identity provider stand on: a
// store in memory, an outbox that can be read, and a host of all that.
package idptest

import (
	"bytes"
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/dialog/idp"
)

// Store is an [idp.Store] and an [idp.MailQueue] in memory. One transaction runs
// at a time, on a copy that takes the place of the records if it succeeds.
type Store struct {
	mu      sync.Mutex
	records records
}

var (
	_ idp.Store     = (*Store)(nil)
	_ idp.MailQueue = (*Store)(nil)
)

type counter struct {
	count int
	ends  time.Time
}

// NewStore makes an empty Store.
func NewStore() *Store {
	return &Store{records: newRecords()}
}

// Update implements [idp.Store].
func (s *Store) Update(ctx context.Context, change func(idp.Tx) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	tx := s.records.clone()
	if err := change(&tx); err != nil {
		return err
	}
	s.records = tx
	return nil
}

// View implements [idp.Store].
func (s *Store) View(ctx context.Context, read func(idp.Reader) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	return read(&s.records)
}

// Count implements [idp.Store].
func (s *Store) Count(_ context.Context, name string, window time.Duration, now time.Time) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.records.Count(name, window, now)
}

// Count implements [idp.Tx].
func (r *records) Count(name string, window time.Duration, now time.Time) (int, error) {
	c, ok := r.counters[name]
	if !ok || !now.Before(c.ends) {
		c = counter{ends: now.Add(window)}
	}
	c.count++
	r.counters[name] = c
	return c.count, nil
}

// Sweep implements [idp.Store].
func (s *Store) Sweep(context.Context, time.Time) error { return nil }

// Ping implements [idp.Store].
func (s *Store) Ping(context.Context) error { return nil }

// ClaimMail implements [idp.MailQueue].
func (s *Store) ClaimMail(_ context.Context, now, leaseEnds time.Time) (idp.Mail, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, mail := range s.records.mailsByDue() {
		if mail.State == idp.MailQueued && !mail.Due.After(now) && !mail.Leased.After(now) {
			mail.Leased = leaseEnds
			s.records.mails[mail.ID] = mail
			return mail, nil
		}
	}
	return idp.Mail{}, idp.ErrNotFound
}

// SaveMail implements [idp.MailQueue].
func (s *Store) SaveMail(_ context.Context, mail idp.Mail) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.records.mails[mail.ID] = mail
	return nil
}

// records are all records at one time. Slices in them are never written to.
type records struct {
	challenges map[string]idp.Challenge
	addresses  map[string]idp.Address
	sessions   map[string]idp.Session
	passkeys   map[string]idp.Passkey
	accounts   map[string]idp.Account
	ceremonies map[string]idp.Ceremony
	mails      map[string]idp.Mail
	familiar   map[string]time.Time
	counters   map[string]counter
	issuances  []idp.Issuance
}

func newRecords() records {
	return records{
		map[string]idp.Challenge{},
		map[string]idp.Address{},
		map[string]idp.Session{},
		map[string]idp.Passkey{},
		map[string]idp.Account{},
		map[string]idp.Ceremony{},
		map[string]idp.Mail{},
		map[string]time.Time{},
		map[string]counter{},
		nil,
	}
}

func (r *records) clone() records {
	return records{
		maps.Clone(r.challenges), maps.Clone(r.addresses), maps.Clone(r.sessions), maps.Clone(r.passkeys),
		maps.Clone(r.accounts), maps.Clone(r.ceremonies), maps.Clone(r.mails), maps.Clone(r.familiar),
		maps.Clone(r.counters), slices.Clone(r.issuances),
	}
}

// find returns a record by its key.
func find[R any](from map[string]R, key string) (R, error) {
	record, ok := from[key]
	if !ok {
		return record, idp.ErrNotFound
	}
	return record, nil
}

// sorted returns those records that fit, in an order that does not change.
func sorted[R any](from map[string]R, fits func(R) bool) []R {
	var found []R
	for _, key := range slices.Sorted(maps.Keys(from)) {
		if fits(from[key]) {
			found = append(found, from[key])
		}
	}
	return found
}

func (r *records) Challenge(id string) (idp.Challenge, error) {
	challenge, err := find(r.challenges, id)
	challenge.Codes = slices.Clone(challenge.Codes)
	return challenge, err
}

func (r *records) ChallengeOfLink(linkHash []byte) (idp.Challenge, error) {
	for id, challenge := range r.challenges {
		if slices.ContainsFunc(challenge.Codes, func(c idp.Code) bool { return bytes.Equal(c.LinkHash, linkHash) }) {
			return r.Challenge(id)
		}
	}
	return idp.Challenge{}, idp.ErrNotFound
}

func (r *records) Address(email browserid.Email) (idp.Address, error) {
	return find(r.addresses, idp.AddressKey(email))
}

func (r *records) AddressesOf(account string) ([]idp.Address, error) {
	return sorted(r.addresses, func(a idp.Address) bool { return a.Account == account }), nil
}

func (r *records) Session(tokenHash []byte) (idp.Session, error) {
	return find(r.sessions, string(tokenHash))
}

func (r *records) SessionsOf(account string) ([]idp.Session, error) {
	return sorted(r.sessions, func(s idp.Session) bool {
		return s.Account == account || slices.ContainsFunc(s.Proofs, func(p idp.Proof) bool {
			return r.addresses[idp.AddressKey(p.Email)].Account == account
		})
	}), nil
}

func (r *records) Passkey(credentialID []byte) (idp.Passkey, error) {
	return find(r.passkeys, string(credentialID))
}

func (r *records) PasskeyOfUndo(undoHash []byte) (idp.Passkey, error) {
	for _, passkey := range r.passkeys {
		if bytes.Equal(passkey.UndoHash, undoHash) {
			return passkey, nil
		}
	}
	return idp.Passkey{}, idp.ErrNotFound
}

func (r *records) PasskeysOf(account string) ([]idp.Passkey, error) {
	return sorted(r.passkeys, func(p idp.Passkey) bool { return p.Account == account }), nil
}

func (r *records) Account(id string) (idp.Account, error) { return find(r.accounts, id) }

func (r *records) Accounts(after string, limit int) ([]idp.Account, error) {
	later := sorted(r.accounts, func(a idp.Account) bool { return a.ID > after })
	return later[:min(limit, len(later))], nil
}

func (r *records) Mail(id string) (idp.Mail, error) { return find(r.mails, id) }

func (r *records) Familiar(key []byte) (time.Time, error) { return find(r.familiar, string(key)) }

func (r *records) IssuancesOf(emailMAC []byte, limit int) ([]idp.Issuance, error) {
	var found []idp.Issuance
	for _, issuance := range slices.Backward(r.issuances) {
		if bytes.Equal(issuance.EmailMAC, emailMAC) && len(found) < limit {
			found = append(found, issuance)
		}
	}
	return found, nil
}

func (r *records) PutChallenge(c idp.Challenge) error {
	c.Codes = slices.Clone(c.Codes)
	r.challenges[c.ID] = c
	return nil
}

func (r *records) PutAddress(a idp.Address) error {
	r.addresses[idp.AddressKey(a.Email)] = a
	return nil
}

func (r *records) DeleteAddress(email browserid.Email) error {
	delete(r.addresses, idp.AddressKey(email))
	return nil
}

func (r *records) PutSession(s idp.Session) error {
	r.sessions[string(s.TokenHash)] = s
	return nil
}

func (r *records) DeleteSession(tokenHash []byte) error {
	delete(r.sessions, string(tokenHash))
	return nil
}

func (r *records) PutPasskey(p idp.Passkey) error {
	r.passkeys[string(p.CredentialID)] = p
	return nil
}

func (r *records) DeletePasskey(credentialID []byte) error {
	delete(r.passkeys, string(credentialID))
	return nil
}

func (r *records) PutAccount(a idp.Account) error {
	r.accounts[a.ID] = a
	return nil
}

func (r *records) DeleteAccount(id string) error {
	delete(r.accounts, id)
	maps.DeleteFunc(r.addresses, func(_ string, a idp.Address) bool { return a.Account == id })
	maps.DeleteFunc(r.passkeys, func(_ string, p idp.Passkey) bool { return p.Account == id })
	maps.DeleteFunc(r.sessions, func(_ string, s idp.Session) bool { return s.Account == id })
	return nil
}

func (r *records) PutCeremony(c idp.Ceremony) error {
	r.ceremonies[c.ID] = c
	return nil
}

func (r *records) TakeCeremony(id string) (idp.Ceremony, error) {
	ceremony, err := find(r.ceremonies, id)
	delete(r.ceremonies, id)
	return ceremony, err
}

func (r *records) PutMail(m idp.Mail) error {
	r.mails[m.ID] = m
	return nil
}

func (r *records) AppendIssuance(i idp.Issuance) error {
	r.issuances = append(r.issuances, i)
	return nil
}

func (r *records) PutFamiliar(key []byte, until time.Time) error {
	r.familiar[string(key)] = until
	return nil
}

func (r *records) mailsByDue() []idp.Mail {
	return slices.SortedFunc(maps.Values(r.mails), func(a, b idp.Mail) int {
		return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.ID, b.ID))
	})
}
