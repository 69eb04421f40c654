package main

import "encoding/json"

const description = "Backed assertions, and what a verifier must answer. documents are the support documents of all " +
	"domains that publish one; the domains of offline had one and do not answer; no other domain has any. Each case is " +
	"verified by its own rules, from an empty replay cache, after each bundle of accepted_before was accepted. The rules " +
	"are those of agent/verify, strict where they say nothing; times are in milliseconds, ages in seconds. expect is okay, " +
	"or the one check that must fail."

// file is what the program writes.
type file struct {
	Description string                     `json:"description"`
	Documents   map[string]json.RawMessage `json:"documents"`
	Offline     []string                   `json:"offline"`
	Cases       []vector                   `json:"cases"`
}

// vector is one case.
type vector struct {
	Name   string `json:"name"`
	Rule   string `json:"rule"` // of the protocol, where it says why
	Expect string `json:"expect"`
	rules
	Before []string `json:"accepted_before,omitempty"`
	Bundle string   `json:"bundle"`
	Result *result  `json:"result,omitempty"`
}

// rules are the configuration of the verifier.
type rules struct {
	Audience          string   `json:"audience"`
	Now               int64    `json:"now_ms"`
	Fallbacks         []string `json:"fallbacks,omitempty"`
	TrustedIssuers    []string `json:"trusted_issuers,omitempty"`
	AllowLegacyKeys   bool     `json:"allow_legacy_keys,omitempty"`
	AllowUnverified   bool     `json:"allow_unverified,omitempty"`
	MaxCertificateAge int64    `json:"max_certificate_age_s,omitempty"`
	MaxAssertionAge   int64    `json:"max_assertion_age_s,omitempty"`
	NoLeeway          bool     `json:"no_leeway,omitempty"`
	Nonce             *string  `json:"nonce,omitempty"`        // demanded; null demands none
	ReplayCache       string   `json:"replay_cache,omitempty"` // "memory", or "broken": it fails
}

// result is what an accepted bundle says.
type result struct {
	Email      string                     `json:"email"`
	Unverified bool                       `json:"unverified,omitempty"`
	Issuer     string                     `json:"issuer"`
	Expires    int64                      `json:"expires_ms"`
	IdPClaims  map[string]json.RawMessage `json:"idp_claims,omitempty"`
	UserClaims map[string]json.RawMessage `json:"user_claims,omitempty"`
}
