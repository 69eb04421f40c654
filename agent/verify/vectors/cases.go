package main

import (
	"fmt"
	"strings"
	"time"
)

// groups are all cases, in the order of the checks.
func groups() []group {
	return []group{
		{"D1.13", accepted()},
		{"D1.1", bundles()},
		{"C6.1", chains()},
		{"D1.2", tokens()},
		{"D5.4", headers()},
		{"D5.5", duplicates()},
		{"D3", malformedTimes()},
		{"C4", userKeys()},
		{"D1.4", addresses()},
		{"C6.2", unverified()},
		{"C4.7", legacyKeys()},
		{"D1.7", labels()},
		{"D1.8", certificateTimes()},
		{"D1.9", assertionTimes()},
		{"D1.10", audiences()},
		{"D5.11", nonces()},
		{"D1.5", issuers()},
		{"D1.12", fallbacks()},
		{"D1.11", trust()},
		{"D1.6", certificateSignatures()},
		{"D1.9", assertionSignatures()},
		{"D5.11", replays()},
	}
}

// The changes that cases are made of.

func same(*scene) {}

// all makes several changes.
func all(changes ...func(*scene)) func(*scene) {
	return func(s *scene) {
		for _, change := range changes {
			change(s)
		}
	}
}

// certify sets a claim of the certificate, and asserting one of the assertion.
func certify(name, value string) func(*scene) {
	return func(s *scene) { s.certificate.claims.set(name, value) }
}

func asserting(name, value string) func(*scene) {
	return func(s *scene) { s.assertion.claims.set(name, value) }
}

// withoutCertified and withoutAsserted take a claim away.
func withoutCertified(name string) func(*scene) {
	return func(s *scene) { s.certificate.claims.drop(name) }
}

func withoutAsserted(name string) func(*scene) {
	return func(s *scene) { s.assertion.claims.drop(name) }
}

// spoilCertified and spoilAsserted change the text of the claims before it is
// signed.
func spoilCertified(spoil func(claims string) string) func(*scene) {
	return func(s *scene) { s.certificate.spoil = spoil }
}

func spoilAsserted(spoil func(claims string) string) func(*scene) {
	return func(s *scene) { s.assertion.spoil = spoil }
}

// certificateHeader and assertionHeader replace a header before it is signed.
func certificateHeader(header string) func(*scene) {
	return func(s *scene) { s.certificate.header = header }
}

func assertionHeader(header string) func(*scene) {
	return func(s *scene) { s.assertion.header = header }
}

// join puts the tokens together in another way.
func join(how func(certificate, assertion string) string) func(*scene) {
	return func(s *scene) { s.join = how }
}

func user(key func() signer) func(*scene) { return func(s *scene) { s.signWith(key()) } }

func issuer(name string, key func() signer) func(*scene) {
	return func(s *scene) { s.issueWith(name, key()) }
}

// certifiedBy and assertedBy sign with a key that is not the one to expect.
func certifiedBy(key func() signer) func(*scene) { return func(s *scene) { s.certificate.by = key() } }

func assertedBy(key func() signer) func(*scene) { return func(s *scene) { s.assertion.by = key() } }

func speak(issuer, address string) func(*scene) {
	return func(s *scene) { s.speak(issuer, address) }
}

func millis(offset time.Duration) string { return fmt.Sprint(at(offset)) }

// certified and asserted set times.
func certified(issued, expires time.Duration) func(*scene) {
	return all(certify("iat", millis(issued)), certify("exp", millis(expires)))
}

func assertedUntil(expires time.Duration) func(*scene) {
	return func(s *scene) {
		s.Expires = at(expires)
		s.assertion.claims.set("exp", fmt.Sprint(s.Expires))
	}
}

// legacy accepts the keys of 2011 to 2016.
func legacy(s *scene) { s.AllowLegacyKeys = true }

// each makes a case of each value, named after it.
func each(expect string, values []string, change func(value string) func(*scene)) []draft {
	drafts := make([]draft, len(values))
	for i, value := range values {
		name := value
		if len(name) > 60 {
			name = fmt.Sprintf("%s… of %d bytes", name[:30], len(value))
		}
		drafts[i] = draft{strings.TrimSpace(fmt.Sprintf("%q", name)), expect, change(value)}
	}
	return drafts
}
