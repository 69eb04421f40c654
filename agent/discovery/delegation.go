package discovery

import (
	"fmt"
	"slices"
	"strings"

	"github.com/navid-login/navid/agent/browserid"
)

// delegate adds to chain the domain that its last one passes authority on to (C3.5).
func delegate(chain []browserid.Domain, next browserid.Domain) ([]browserid.Domain, *Error) {
	longer := append(slices.Clone(chain), next)
	switch {
	case slices.Contains(chain, next):
		return nil, &Error{State: Invalid, Cause: CauseDelegationCycle, Reason: "The delegation goes round in a circle: " + path(longer) + "."}
	case len(chain) > MaxDelegations:
		return nil, &Error{State: Invalid, Cause: CauseDelegationTooLong, Reason: fmt.Sprintf(
			"Authority is passed on more than %d times: %s.", MaxDelegations, path(longer))}
	case isLocalhost(next) && !isLocalhost(chain[0]):
		return nil, &Error{State: Invalid, Cause: CauseDelegationLocalhost, Reason: "A domain on the Internet cannot delegate to localhost: " + path(longer) + "."}
	default:
		return longer, nil
	}
}

// atAuthority rewrites the failure of a domain that others delegate to. By delegating, the domain asked about said that it has a
// provider: that provider may be away, but it is not absent.
func atAuthority(chain []browserid.Domain, failure *Error) *Error {
	if len(chain) == 1 {
		return failure
	}
	if failure.State == Absent {
		failure.State = Offline
	}
	failure.Reason = "Authority is delegated: " + path(chain) + ". " + failure.Reason
	return failure
}

func path(chain []browserid.Domain) string {
	names := make([]string, len(chain))
	for i, domain := range chain {
		names[i] = string(domain)
	}
	return strings.Join(names, " > ")
}
