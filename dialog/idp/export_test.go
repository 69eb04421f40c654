package idp

import "github.com/navid-login/navid/agent/browserid"

// AddressMAC is how the log of certificates names an address.
func AddressMAC(s *Secrets, email browserid.Email) []byte { return s.addressMAC(email) }
