package personal

import (
	"bytes"
	"encoding/json"

	"github.com/navid-login/navid/agent/browserid"
)

// Paths of the pages, and of the document.
const (
	AuthenticationPath = "/" + pagesFolder + "sign_in.html"
	ProvisioningPath   = "/" + pagesFolder + "provision.html"
	KeyChangePath      = "/" + pagesFolder + "key_change.html"
	LogoutPath         = "/" + pagesFolder + "sign_out.html"

	pagesFolder     = "browserid/"
	documentFile    = ".well-known/browserid"
	encryptedMember = "encrypted-private-key"
)

// userAlgorithms are those of the browsers' keys that the provisioning page certifies.
var userAlgorithms = []browserid.Algorithm{browserid.RS256, browserid.ES256, browserid.EdDSA}

func isAlgorithm(algorithm browserid.Algorithm) bool {
	return algorithm == browserid.RS256 || algorithm == browserid.ES256 || algorithm == browserid.EdDSA
}

// writeDocument writes the support document, which has passed the parser that others read it with.
func writeDocument(public browserid.PublicKey, encrypted *Encrypted) ([]byte, error) {
	plain, err := json.Marshal(browserid.SupportDocument{
		Authentication: AuthenticationPath,
		Provisioning:   ProvisioningPath,
		Logout:         LogoutPath,
		PublicKeys:     []browserid.PublicKey{public},
		Algorithms:     userAlgorithms,
	})
	if err != nil {
		return nil, err
	}
	members, err := browserid.StrictObject(plain)
	if err != nil {
		return nil, err
	}
	if members[encryptedMember], err = json.Marshal(encrypted); err != nil {
		return nil, err
	}
	return indented(members)
}

func indented(members map[string]json.RawMessage) ([]byte, error) {
	data, err := json.Marshal(members)
	if err != nil {
		return nil, err
	}
	if _, err := browserid.ParseSupportDocument(data); err != nil {
		return nil, err
	}
	var text bytes.Buffer
	if err := json.Indent(&text, data, "", "  "); err != nil {
		return nil, err
	}
	text.WriteByte('\n')
	return text.Bytes(), nil
}
