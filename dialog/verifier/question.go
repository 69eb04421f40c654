package verifier

import (
	"context"
	"slices"
	"strings"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/verify"
)

// question is what a relying party asks.
type question struct {
	assertion       string
	audience        string             // as the relying party spells its origin
	trusted         []browserid.Domain // issuers that it trusts for any address
	forced          browserid.Domain   // the only issuer that it wants, or empty
	allowUnverified bool
}

// verify answers a question by the rules of the one who runs the verifier.
func (s *service) verify(ctx context.Context, asked question) (*verify.Result, error) {
	// Old sites may end their origin with a slash, which the old verifier took (D2).
	audience, err := browserid.ParseOrigin(strings.TrimSuffix(asked.audience, "/"))
	if err != nil {
		return nil, &verify.Error{Code: verify.CodeAudience, Detail: "the audience asked for is not an origin such as https://site.example", Err: err}
	}
	rules, err := s.rulesFor(asked, audience)
	if err != nil {
		return nil, err
	}
	verifier, err := verify.New(rules)
	if err != nil {
		return nil, err
	}
	result, err := verifier.Verify(ctx, asked.assertion)
	if err == nil && asked.forced != "" && result.Issuer != asked.forced {
		return nil, &verify.Error{Code: verify.CodeUntrustedIssuer, Detail: "expected " + string(asked.forced) + ", got " + string(result.Issuer)}
	}
	return result, err
}

// rulesFor holds what is asked for against what is configured.
func (s *service) rulesFor(asked question, audience browserid.Origin) (verify.Config, error) {
	trusted := asked.trusted
	if asked.forced != "" {
		trusted = append(slices.Clone(trusted), asked.forced)
	}
	for _, issuer := range trusted {
		if !slices.Contains(s.TrustedIssuers, issuer) {
			return verify.Config{}, notAllowed("this verifier is not configured to trust " + string(issuer) + " for any address")
		}
	}
	if asked.allowUnverified && !s.AllowUnverified {
		return verify.Config{}, notAllowed("this verifier is not configured to allow addresses that are not verified")
	}
	rules := s.rules(audience, trusted)
	rules.AllowUnverified = asked.allowUnverified
	return rules, nil
}

// rules are those for one audience.
func (s *service) rules(audience browserid.Origin, trusted []browserid.Domain) verify.Config {
	return verify.Config{
		Audience:        audience,
		Discovery:       s.Discovery,
		Fallbacks:       s.Fallbacks,
		TrustedIssuers:  trusted,
		AllowLegacyKeys: s.AllowLegacyKeys,
		Now:             s.Now,
	}
}
