package idp

import (
	"slices"
	"time"
)

// Misbehaviour is a way in which a provider breaks the rules, or makes life hard within them.
type Misbehaviour string

// Wrong certificates, which nobody may accept (design.md 5.5, abuse test 9).
const (
	// SomeoneElse certifies another address of the same domain.
	SomeoneElse Misbehaviour = "someone-else"
	// AnotherKey certifies a key that is not the user's.
	AnotherKey Misbehaviour = "another-key"
	// WrongIssuer signs as [WrongIssuerDomain].
	WrongIssuer Misbehaviour = "wrong-issuer"
	// TooLong gives a certificate 25 hours.
	TooLong Misbehaviour = "too-long"
	// Expired gives a certificate that ended an hour ago.
	Expired Misbehaviour = "expired"
	// Garbage gives something that is no certificate.
	Garbage Misbehaviour = "garbage"
	// BadSignature changes a byte of the signature.
	BadSignature Misbehaviour = "bad-signature"
)

// Pages that do not do their part.
const (
	// Silent has a provisioning page that never says a word.
	Silent Misbehaviour = "silent"
	// Slow has a provisioning page that takes [SlowBy] to load.
	Slow Misbehaviour = "slow"
	// NeverSignedIn says that the user is not signed in, whatever they do.
	NeverSignedIn Misbehaviour = "never-signed-in"
	// FramesRefused forbids all framing of the provisioning page, as a server does that sends X-Frame-Options everywhere.
	FramesRefused Misbehaviour = "frames-refused"
	// AuthenticationCOOP cuts the authentication page off from its opener (webplatform.md 4): Cross-Origin-Opener-Policy: same-origin.
	AuthenticationCOOP Misbehaviour = "authentication-coop"
	// ProvisioningCOOP does so for the provisioning page.
	ProvisioningCOOP Misbehaviour = "provisioning-coop"
	// Hostile has pages that attack whoever opened or framed them, see [Provider.Reports]. They do their part besides.
	Hostile Misbehaviour = "hostile"
)

// Pages that whoever set them up got wrong.
const (
	// ProvisioningMissing answers 404 for the provisioning page, and AuthenticationMissing for the other one.
	ProvisioningMissing   Misbehaviour = "provisioning-missing"
	AuthenticationMissing Misbehaviour = "authentication-missing"
	// ProvisioningElsewhere redirects the provisioning page to [AnotherHost].
	ProvisioningElsewhere Misbehaviour = "provisioning-elsewhere"
	// ProvisioningAsText serves it as plain text.
	ProvisioningAsText Misbehaviour = "provisioning-as-text"
	// ScriptForbidden has a Content-Security-Policy that forbids the login host's scripts.
	ScriptForbidden Misbehaviour = "script-forbidden"
	// ScriptInsecure includes them by http.
	ScriptInsecure Misbehaviour = "script-insecure"
	// ScriptOfAnotherHost includes those of [AnotherHost].
	ScriptOfAnotherHost Misbehaviour = "script-of-another-host"
	// AuthenticationFramed lets everybody frame the authentication page.
	AuthenticationFramed Misbehaviour = "authentication-framed"
)

// AnotherHost is not the login host.
const AnotherHost = "https://another-host.test"

// Support documents (protocol.md C3). Discovery remembers what it saw: set these before the domain is first asked for.
const (
	// DocumentMissing answers 404.
	DocumentMissing Misbehaviour = "document-missing"
	// DocumentBroken answers with half a JSON object.
	DocumentBroken Misbehaviour = "document-broken"
	// DocumentRedirected answers with a redirect to a path where the document is.
	DocumentRedirected Misbehaviour = "document-redirected"
	// DocumentDisabled says that there is no provider any more.
	DocumentDisabled Misbehaviour = "document-disabled"
	// DocumentFailing answers 503.
	DocumentFailing Misbehaviour = "document-failing"
)

// SlowBy is longer than what the hidden frame is given (design.md 5.4), and shorter than what a window is.
const SlowBy = 4 * time.Second

// WrongIssuerDomain is the issuer that certificates of [WrongIssuer] name.
const WrongIssuerDomain = "wrong-issuer.test"

// CertificateMisbehaviours are the wrong certificates, for tests that go through all of them.
func CertificateMisbehaviours() []Misbehaviour {
	return []Misbehaviour{SomeoneElse, AnotherKey, WrongIssuer, TooLong, Expired, Garbage, BadSignature}
}

// Misbehave makes the provider misbehave in these ways from now on, and in no others. Without any it is honest again.
func (p *Provider) Misbehave(ways ...Misbehaviour) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.misbehaviour = slices.Clone(ways)
}

func (p *Provider) does(way Misbehaviour) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Contains(p.misbehaviour, way)
}
