package agent

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/navid-login/navid/agent/browserid"
)

// Request is what a relying party asks for. Its origin comes from the browser,
// never from the page's own words (A4.16).
type Request struct {
	Origin     browserid.Origin
	Algorithms []browserid.Algorithm // of user keys that the site's verifier knows
	Nonce      string                // to be put into the assertion; may be empty
	Email      string                // a hint: the address to offer; may be empty
	Observer   bool                  // the site observes who is logged in (A2.4), else it is stateless

	// ForceAuthentication has the person sign in at the provider anew: neither
	// what is kept here nor the provider's session will do.
	ForceAuthentication bool
	// ForceIssuer is a domain to vouch for the address in place of its own;
	// empty for none. The person is told, and what it certifies is not kept.
	ForceIssuer browserid.Domain
	// AllowUnverified takes a certificate that says of the address that nobody
	// has verified it. It is not kept either.
	AllowUnverified bool
}

// issuerFor returns the domain that is to vouch for an address.
func (r Request) issuerFor(email browserid.Email) browserid.Domain {
	return cmp.Or(r.ForceIssuer, email.Domain())
}

// isForeign reports whether a site wants an address vouched for by another
// domain than its own.
func (r Request) isForeign(email browserid.Email) bool {
	return r.issuerFor(email) != email.Domain()
}

// Limits of a relying party's options, in bytes.
const (
	maxParams = 256 << 10 // a siteLogo alone may have 128 KiB (A4)
	maxNonce  = 256
	maxHint   = 254
)

// ParseRequest reads the options of a request, which a page wrote and nobody
// has checked. Options that the agent has no use for are ignored.
func ParseRequest(origin string, params []byte) (Request, error) {
	from, err := browserid.ParseOrigin(origin)
	if err != nil {
		return Request{}, fail(CodeInvalidOrigin, "%w", err)
	}
	var options struct {
		algorithms      []browserid.Algorithm
		nonce, email    string
		api             string // A1.4
		authentication  bool
		issuer          *string
		allowUnverified bool
	}
	if err := readMembers(params, map[string]any{
		"algorithms":                       &options.algorithms,
		"nonce":                            &options.nonce,
		"email":                            &options.email,
		"rp_api":                           &options.api,
		"experimental_forceAuthentication": &options.authentication,
		"experimental_forceIssuer":         &options.issuer,
		"experimental_allowUnverified":     &options.allowUnverified,
	}); err != nil {
		return Request{}, fail(CodeInvalidOptions, "%w", err)
	}
	if len(options.nonce) > maxNonce {
		return Request{}, fail(CodeInvalidOptions, "nonce of more than %d bytes", maxNonce)
	}
	if len(options.email) > maxHint {
		return Request{}, fail(CodeInvalidOptions, "invalid email for email")
	}
	if len(options.algorithms) == 0 { // old sites, whose verifiers know nothing newer (design 7)
		options.algorithms = []browserid.Algorithm{browserid.RS256}
	}
	var issuer browserid.Domain
	if options.issuer != nil {
		if issuer, err = browserid.ParseDomain(*options.issuer); err != nil {
			return Request{}, fail(CodeInvalidOptions, "issuer: %w", err)
		}
	}
	return Request{
		Origin:              from,
		Algorithms:          options.algorithms,
		Nonce:               options.nonce,
		Email:               options.email,
		Observer:            strings.HasPrefix(options.api, "watch_"),
		ForceAuthentication: options.authentication,
		ForceIssuer:         issuer,
		AllowUnverified:     options.allowUnverified,
	}, nil
}

// readMembers reads members of a JSON object by their exact names, where
// encoding/json alone would take them in any case.
func readMembers(object []byte, into map[string]any) error {
	members, err := browserid.StrictObjectOf(object, maxParams)
	for name, value := range into {
		if raw, found := members[name]; found && err == nil {
			err = json.Unmarshal(raw, value)
		}
	}
	return err
}

// preference is the order in which algorithms are chosen: EdDSA signatures
// have one form only, ES256 ones are small, RS256 is what everything reads.
var preference = []browserid.Algorithm{browserid.EdDSA, browserid.ES256, browserid.RS256}

// chooseAlgorithm returns the best algorithm that the site, the provider and
// this browser share.
func (s *session) chooseAlgorithm(provider []browserid.Algorithm) (browserid.Algorithm, error) {
	for _, alg := range preference {
		if slices.Contains(s.req.Algorithms, alg) && slices.Contains(provider, alg) && s.keys.Supports(alg) {
			return alg, nil
		}
	}
	return "", fail(CodeAlgorithmUnsupported, "site %v, provider %v", s.req.Algorithms, provider)
}
