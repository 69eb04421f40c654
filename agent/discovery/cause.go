package discovery

// Cause names what a lookup has met, more exactly than [State]. It is a stable word that may be shown or sent; package
// dialog/check says what to do about each.
type Cause string

// What keeps a host from being asked.
const (
	CauseBusy       Cause = "busy"            // we have too many lookups under way
	CauseLocalhost  Cause = "localhost"       // this machine, which has a provider in development only
	CauseNoAddress  Cause = "no_address"      // no such name, or none with a public address
	CauseDNS        Cause = "dns_failing"     // the name could not be looked up
	CauseRefused    Cause = "refused"         // nothing accepts connections
	CauseNoAnswer   Cause = "no_answer"       // no answer in time
	CauseConnection Cause = "connection_lost" // the connection failed
)

// What is wrong with the TLS of a host.
const (
	CauseTLSName      Cause = "tls_wrong_name"        // a certificate for another name
	CauseTLSAuthority Cause = "tls_unknown_authority" // one that nobody vouches for
	CauseTLSTime      Cause = "tls_expired"           // one that is over, or not valid yet
	CauseTLS          Cause = "tls_broken"            // anything else
)

// What is wrong with the answer.
const (
	CauseMissing    Cause = "document_missing"    // 404, 410
	CauseRedirected Cause = "document_redirected" // 3xx
	CauseFailing    Cause = "document_failing"    // 408, 425, 429, 5xx
	CauseStatus     Cause = "document_status"     // another one that is not 200
	CauseType       Cause = "document_type"       // not application/json
	CauseCompressed Cause = "document_compressed" // a coding that was not asked for
	CauseUnfinished Cause = "document_unfinished" // it broke off, or took too long
	CauseTooLarge   Cause = "document_too_large"  // above MaxDocumentBytes
	CauseMalformed  Cause = "document_malformed"  // the parser refuses it
)

// What the documents say that cannot be obeyed.
const (
	CauseDisabled            Cause = "disabled"
	CauseDelegationCycle     Cause = "delegation_cycle"
	CauseDelegationTooLong   Cause = "delegation_too_long"
	CauseDelegationLocalhost Cause = "delegation_localhost"
)
