package peer

import (
	"regexp"
	"slices"

	"github.com/navid-login/navid/agent/verify"
)

// class is a kind of difference that is meant. Ours refuses with one of the
// codes what theirs accepts; or theirs refuses for some reason what ours
// accepts; or, with neither, both accept and read something different. What the
// bundle itself says decides, beside the verdicts.
type class struct {
	name   string
	codes  []verify.Code
	theirs *regexp.Regexp
	when   func(*trial) bool
	reason string
}

// side says which of the two is the stricter one.
func (c class) side() string {
	switch {
	case c.codes != nil:
		return "ours stricter"
	case c.theirs != nil:
		return "ours laxer"
	default:
		return "reads otherwise"
	}
}

// explains tells whether a difference is of the class.
func (c class) explains(t *trial) bool {
	switch c.side() {
	case "ours stricter":
		return t.ours == nil && slices.Contains(c.codes, t.code) && c.when(t)
	case "ours laxer":
		return !t.theirs.Accepted && c.theirs.MatchString(t.theirs.Reason) && c.when(t)
	default:
		return t.ours != nil && t.theirs.Accepted && c.when(t)
	}
}

// classOf returns the name of the first class that explains a difference, or "".
func classOf(t *trial) string {
	i := slices.IndexFunc(classes, func(c class) bool { return c.explains(t) })
	if i < 0 {
		return ""
	}
	return classes[i].name
}

// classes are all differences that there are.
var classes = slices.Concat(stricterTimes, stricterTokens, stricterKeys, stricterNames, stricterIssuers, laxer, readings)

func codes(codes ...verify.Code) []verify.Code { return codes }

// either asks the certificate and the assertion.
func either(when func(facts) bool) func(*trial) bool {
	return func(t *trial) bool { return when(t.certificate()) || when(t.assertion) }
}

// lifetimes allow for the leeway on top.
const (
	longestCertificate = (24*60 + 1) * minute
	longestAssertion   = 6 * minute
)

var stricterTimes = []class{
	{
		"no exp", codes(verify.CodeTime), nil,
		either(func(f facts) bool { return f.claims["exp"] == nil }),
		"D5.3: it would be valid for ever",
	},
	{
		"a time that is no number", codes(verify.CodeTime), nil, either(facts.badTime),
		"D3: JavaScript takes what is false for absent, reads digits in strings, and nothing is later than NaN",
	},
	{
		"exp is 0", codes(verify.CodeCertificateExpired, verify.CodeAssertionExpired), nil,
		either(func(f facts) bool { return string(f.claims["exp"]) == "0" }),
		"D5.3: the old verifier takes 0 for absent",
	},
	{
		"iat in seconds lies in the future", codes(verify.CodeCertificateNotYetValid, verify.CodeAssertionNotYetValid), nil,
		either(func(f facts) bool { return f.inSeconds() && f.millis("iat") > now.UnixMilli() }),
		"C5.3: the old verifier reads it as 1970",
	},
	{
		"certificate for more than a day", codes(verify.CodeCertificateLifetime), nil,
		func(t *trial) bool { return t.certificate().lifetime() > longestCertificate },
		"D3: nothing can be revoked, so nothing may live long",
	},
	{
		"assertion for more than five minutes", codes(verify.CodeAssertionLifetime), nil,
		func(t *trial) bool { return t.assertion.lifetime() > longestAssertion },
		"D3: made ahead by whoever held the key for a moment",
	},
}

var stricterTokens = []class{
	{
		"a member named twice", codes(verify.CodeDuplicate), nil, either(facts.repeats),
		"D5.5: two readers could keep different ones",
	},
	{
		"a member of principal is a claim too", codes(verify.CodeDuplicate), nil,
		func(t *trial) bool { return t.certificate().overlaps() },
		"D5.5, C6.3: the same, as they end up in one list",
	},
	{
		"header member that changes the rules", codes(verify.CodeHeader), nil, either(facts.demanding),
		"D5.4: what is demanded there would be ignored",
	},
	{
		"not base64url, or not in its only spelling", codes(verify.CodeToken), nil,
		either(func(f facts) bool { return !f.strict() }),
		"C4.6, D1.2: many texts for one token walk round a cache of those used",
	},
	{
		"too long or too deep", codes(verify.CodeToken), nil,
		either(func(f facts) bool { return len(f.text) > 16<<10 || depth(f.payload) > 16 }),
		"G15: every parse has a limit",
	},
	{
		"not UTF-8", codes(verify.CodeToken), nil, either(func(f facts) bool { return !f.utf8() }),
		"D1.2: JSON is UTF-8",
	},
	{
		"a claim of the wrong type", codes(verify.CodeToken), nil,
		func(t *trial) bool {
			return t.assertion.notText("nonce") || t.assertion.notText("iss") || t.certificate().object("principal") == nil
		},
		"D1.2: nonce and iss are strings, principal is an object",
	},
	{
		"PKCS #1 read loosely", codes(verify.CodeCertificateSignature, verify.CodeAssertionSignature), nil, (*trial).looselySigned,
		"D5.2: other digests, short padding, numbers above the modulus and longer ones pass the old verifier",
	},
}

var stricterKeys = []class{
	{
		"weak key", codes(verify.CodeLegacyKey), nil,
		func(t *trial) bool {
			return !t.setting.legacy && (t.userKey().weak() || slices.ContainsFunc(t.issuerKeys(), keyFacts.weak))
		},
		"C4.7: DSA, SHA-1 and RSA of 1024 bits are for AllowLegacyKeys",
	},
	{
		"key of which anybody has the other half", codes(verify.CodeUserKey), nil,
		func(t *trial) bool { return t.userKey().degenerate() },
		"G15: exponents below 3 and groups of one element sign by themselves",
	},
	{
		"private key published", codes(verify.CodeUserKey), nil,
		func(t *trial) bool { return t.userKey().private() },
		"C4: it must not go on being used",
	},
	{
		"key in neither form, or in two", codes(verify.CodeUserKey), nil,
		func(t *trial) bool { return t.userKey().loose() || t.certificate().has("pubkey") },
		"C4: two readers could see two keys",
	},
}

var stricterNames = []class{
	{
		"audience that is no origin", codes(verify.CodeAudience), nil,
		func(t *trial) bool { return !plainOrigin.MatchString(t.assertion.string("aud")) },
		"D2: the old verifier compares parts of a URL, and never looks at path, query and user of the assertion's",
	},
	{
		"unverified address", codes(verify.CodeUnverified), nil,
		func(t *trial) bool { return t.certificate().object("principal")["unverified-email"] != nil },
		"C6.2: the old verifier overlooks it beside a verified one, and lets trusted issuers say it",
	},
	{
		"no address", codes(verify.CodeAddress), nil,
		func(t *trial) bool { return t.certificate().address() == "" },
		"D1.4: a sign-in of nobody, which the old verifier takes from trusted issuers",
	},
	{
		"two addresses", codes(verify.CodeAddress), nil, func(t *trial) bool { return t.certificate().addresses() > 1 },
		"D1.4: two readers could see two people",
	},
	{
		"address outside the grammar", codes(verify.CodeAddress), nil,
		func(t *trial) bool {
			return !plainAddress.MatchString(t.certificate().address()) || len(t.certificate().address()) > 254
		},
		"B6.1, D5.6: the old verifier lets trusted issuers say anything, and others long names and odd hosts",
	},
}

var stricterIssuers = []class{
	{
		"fallback for a domain that is not without a provider", codes(verify.CodeDiscovery), nil,
		func(t *trial) bool { return t.byFallback() && !t.absent(t.domain()) },
		"D1.12, G12: the old verifier falls back on every error, so that who stops a provider speaks for it",
	},
	{
		"fallback for a provider that the old verifier cannot read", codes(verify.CodeFallback), nil,
		func(t *trial) bool {
			return t.byFallback() && (t.publishes(t.domain()).modern() || t.capitals(t.domain()))
		},
		"D1.12: it falls back on newer keys and on capitals too",
	},
	{
		"fallback in a trusted issuer's name", codes(verify.CodeDiscovery), nil,
		func(t *trial) bool { return t.byTrusted() && !t.byFallback() },
		"D1.6: while an issuer cannot be asked, the old verifier takes the fallback's keys for its own",
	},
	{
		"fallback that delegates", codes(verify.CodeUntrustedIssuer, verify.CodeDiscovery), nil,
		func(t *trial) bool { return t.delegates(t.setting.fallback) },
		"D1.11: the site has named the fallback, not whom it points at",
	},
	{
		"trusted issuer that delegates", codes(verify.CodeUntrustedIssuer), nil,
		func(t *trial) bool { return t.byTrusted() && t.delegates(t.issuer()) },
		"D4.1: the same",
	},
	{
		"support document read loosely", codes(verify.CodeDiscovery), nil,
		func(t *trial) bool { return t.publishes(t.domain()).loose() },
		"C3.2 to C3.4, C3.11: limits, members named twice, paths that lead elsewhere, weak or private keys",
	},
}

var laxer = []class{
	{
		"keys of today", nil, regexp.MustCompile(`no such algorithm|bad key size|algorithms do not match|invalid signature|is not a browserid primary`),
		func(t *trial) bool {
			return t.userKey().modern() || slices.ContainsFunc(t.issuerKeys(), keyFacts.modern)
		},
		"C4.7: ES256, EdDSA and RSA above 2048 bits did not exist there",
	},
	{
		"a key of an unknown kind is published beside", nil, regexp.MustCompile(`untrusted issuer|invalid signature`),
		func(t *trial) bool { return t.publishes(t.domain()).modern() },
		"C3.4: a provider can publish newer keys without locking old verifiers' users out of ours",
	},
	{
		"clocks that differ", nil, regexp.MustCompile(`expired|issued later`), either(facts.withinLeeway),
		"D3: iat up to 60 s ahead and exp up to 30 s ago; the specification allows five minutes",
	},
	{
		"times in seconds", nil, regexp.MustCompile(`expired`), either(facts.inSeconds),
		"C5.3: the old verifier reads them as 1970",
	},
	{
		"unverified address, allowed", nil, regexp.MustCompile(`doesn't contain an email`),
		func(t *trial) bool {
			return t.setting.unverified && t.certificate().object("principal")["unverified-email"] != nil
		},
		"C6.2: the site has asked for it",
	},
	{
		"fallback for a domain that is disabled", nil, regexp.MustCompile(`untrusted issuer`),
		func(t *trial) bool { return t.byFallback() && t.publishes(t.domain()).disabled() },
		"D4.4: the domain says that it takes no part; the old verifier expects it to issue",
	},
	{
		"bundle in the form of 2011", nil, regexp.MustCompile(`no certificates provided`),
		func(t *trial) bool { return len(t.certificates) == 1 && !slices.Contains([]byte(t.bundle), '~') },
		"C6: the older verifiers read it",
	},
	{
		"domain in capitals", nil, regexp.MustCompile(`doesn't contain an email`),
		func(t *trial) bool { return t.domain() != t.certificate().spelledDomain() },
		"B6.2, D5.9: domains have no case",
	},
	{
		"authority in capitals", nil, regexp.MustCompile(`untrusted issuer|invalid signature`),
		func(t *trial) bool { return t.capitals(t.domain()) },
		"C3.3: domains have no case",
	},
	{
		"key named pubkey", nil, regexp.MustCompile(`thrown at the process`),
		func(t *trial) bool { return t.certificate().has("pubkey") && !t.certificate().has("public-key") },
		"C5: the draft had it; the old verifier reserves the name, and dies",
	},
	{
		"alg DS160", nil, regexp.MustCompile(`algorithms do not match`),
		either(func(f facts) bool { return string(f.header["alg"]) == `"DS160"` }),
		"C4.2: another name of DS128; under AllowLegacyKeys only",
	},
}

var readings = []class{
	{
		"nonce", nil, nil, func(t *trial) bool { return t.assertion.has("nonce") },
		"D5.11: it is no claim of the user but what the site asked for",
	},
	{
		"claim that is called like an address", nil, nil,
		either(func(f facts) bool {
			return f.has("email") || f.has("unverified-email") || f.object("principal")["unverified-email"] != nil
		}),
		"C6.3: a reader could take it for the address that was verified",
	},
	{
		"domain in capitals, by a trusted issuer", nil, nil,
		func(t *trial) bool { return t.domain() != t.certificate().spelledDomain() },
		"B6.2: ours hands it out in lower case",
	},
	{
		"number beyond what JavaScript has", nil, nil,
		either(func(f facts) bool { return string(f.claims["number"]) == "1e400" }),
		"ours hands out the text of a claim",
	},
	{
		"claim called __proto__", nil, nil, either(func(f facts) bool { return f.has("__proto__") }),
		"in the old verifier it becomes the prototype of the claims",
	},
}
