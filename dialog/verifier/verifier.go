// Package verifier verifies assertions over HTTP, for relying parties that are
// not written in Go. It decides nothing itself: agent/verify does (D5.10). Its
// requests and replies are those of Mozilla's verifier (D6).
//
//	POST /verify or /   v1: a form or JSON with assertion, audience, and
//	                    experimental_forceIssuer and
//	                    experimental_allowUnverified where configured
//	POST /v2            v2: JSON with assertion, audience and, where
//	                    configured, trustedIssuers
//
// The answer is a [Reply]. Its status says whether the assertion is good, and
// nothing else does: a failed assertion is answered with 200, as it always was.
// Other statuses say that there was nothing to verify (400, 405, 408, 413, 415)
// or that the verifier could not (503, with Retry-After where it is busy).
//
// # Limits
//
// A body has at most [MaxBodyBytes] and a few seconds to arrive. A certificate
// and assertion with RSA keys of 2048 bits make a body of 1.9 kB, with RSA keys
// of 4096 bits, the largest that are read, 3.4 kB, and with Ed25519 keys 0.6 kB:
// the rest is for claims. A bounded number of verifications run at once, and
// half of them at most wait for a domain to answer, so that strangers who name
// slow domains cannot keep out who brings a certificate of a known one.
//
// # Differs
//
// Parameters in the query string, which the old verifier read too, are not:
// URLs, and assertions in them, end up in the logs of proxies. An audience is
// an origin; a bare host name is none (D2). There is no CORS header, on
// purpose: this is for servers. A page that asks whether its own visitor is
// signed in has the answer in the hands of the visitor.
//
// What is logged of a verification is its outcome and the time it took, never
// the assertion, the address, its domain or the audience.
package verifier

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/verify"
)

const (
	// MaxBodyBytes is the longest body that is read (D6).
	MaxBodyBytes = 10 << 10
	// DefaultMaxVerifications is how many assertions are verified at once.
	DefaultMaxVerifications = 256
	// bodyTimeout bounds how long a body may take to arrive.
	bodyTimeout = 5 * time.Second
	// verifyTimeout bounds a verification with all its discovery (G15).
	verifyTimeout = 20 * time.Second
)

// Config says how to verify. Only Discovery is needed; every other field's zero
// value is the strictest choice.
type Config struct {
	// Discovery finds issuers and their keys. It must answer what it knows
	// without waiting even when the context has ended, as *discovery.Client does.
	Discovery verify.Discovery
	// Fallbacks may vouch for the addresses of domains without an identity
	// provider, for all callers.
	Fallbacks []browserid.Domain
	// TrustedIssuers may vouch for any address where the caller asks for it, by
	// trustedIssuers or experimental_forceIssuer. Others are refused (D4.1, D4.2).
	TrustedIssuers []browserid.Domain
	// AllowUnverified lets callers ask for addresses that the issuer has not
	// proven, by experimental_allowUnverified (C6.2).
	AllowUnverified bool
	// AllowLegacyKeys accepts DSA and RSA below 2047 bits, for all callers (C4.7).
	AllowLegacyKeys bool
	// MaxVerifications is how many assertions are verified at once; 0 means
	// DefaultMaxVerifications.
	MaxVerifications int
	// Log gets one line a request, without a word that the request held. Nil
	// discards.
	Log *slog.Logger
	// Now is the clock; nil means [time.Now].
	Now func() time.Time
}

// service is a verifier: the values that its handlers share.
type service struct {
	Config
	running gate
}

// New returns the handler of the URLs above and of the health checks /status,
// /__heartbeat__, /__lbheartbeat__ and /__version__. A server that has those of
// its own mounts /verify and /v2 alone. Headers that the server has set before
// are kept.
func New(config Config) (http.Handler, error) {
	config = config.withDefaults()
	if config.Discovery == nil {
		return nil, errors.New("verifier: Config.Discovery is missing")
	}
	if config.MaxVerifications < 0 {
		return nil, errors.New("verifier: Config.MaxVerifications is negative")
	}
	config.Discovery = newPatient(config.Discovery, (config.MaxVerifications+1)/2)
	s := &service{Config: config, running: make(gate, config.MaxVerifications)}
	if _, err := verify.New(s.rules("https://audience.invalid", config.TrustedIssuers)); err != nil {
		return nil, fmt.Errorf("verifier: %w", err)
	}
	return setHeaders(s.routes()), nil
}

func (c Config) withDefaults() Config {
	if c.MaxVerifications == 0 {
		c.MaxVerifications = DefaultMaxVerifications
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c
}

// routes leaves it to the mux to answer other methods with 405 and Allow.
func (s *service) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("POST /{$}", s.endpoint(version1))
	mux.Handle("POST /verify", s.endpoint(version1))
	mux.Handle("POST /v2", s.endpoint(version2))
	registerHealth(mux)
	return mux
}

// endpoint answers the requests of one version.
func (s *service) endpoint(v version) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		reply, err := s.answer(w, r, v)
		status := http.StatusOK
		if err != nil {
			status, reply = failure(err)
		}
		writeReply(w, status, reply)
		s.Log.LogAttrs(r.Context(), slog.LevelInfo, "verification",
			slog.Int("status", status),
			slog.String("outcome", reply.outcome()),
			slog.Duration("took", time.Since(start)))
	})
}

// answer reads a request and verifies its assertion. The body is read before a
// place is taken, so that slow senders take none.
func (s *service) answer(w http.ResponseWriter, r *http.Request, v version) (Reply, error) {
	asked, err := v.read(w, r)
	if err != nil {
		return Reply{}, err
	}
	leave, ok := s.running.enter()
	if !ok {
		return Reply{}, errBusy
	}
	defer leave()
	ctx, cancel := context.WithTimeout(r.Context(), verifyTimeout)
	defer cancel()
	result, err := s.verify(ctx, asked)
	if err != nil {
		return Reply{}, err
	}
	return Okay(result, asked.audience), nil
}
