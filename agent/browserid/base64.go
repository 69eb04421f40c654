package browserid

import (
	"encoding/base64"
	"strings"
)

// base64url is the encoding of JOSE: no padding, and no two spellings of the
// same bytes.
var base64url = base64.RawURLEncoding.Strict()

// decodeBase64 decodes unpadded base64url. Differs from encoding/base64, which
// skips line ends.
func decodeBase64(s string) ([]byte, bool) {
	if strings.IndexByte(s, '\r') >= 0 || strings.IndexByte(s, '\n') >= 0 {
		return nil, false
	}
	decoded, err := base64url.DecodeString(s)
	return decoded, err == nil
}
