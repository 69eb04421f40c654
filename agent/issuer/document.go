package issuer

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/navid-login/navid/agent/browserid"
)

// CacheLifetime is for how long others may keep the support document, and so how long a removed key goes on being believed.
const CacheLifetime = time.Hour

// Path is where the support document is served (C3).
const Path = "/.well-known/browserid"

// SupportDocument returns the document as it is served. It has passed the parser that others read it with.
func (i *Issuer) SupportDocument() ([]byte, error) {
	keys := make([]browserid.PublicKey, len(i.Keys))
	for n, key := range i.Keys {
		keys[n] = key.PublicKey()
	}
	data, err := json.Marshal(browserid.SupportDocument{
		Authentication: i.Authentication,
		Provisioning:   i.Provisioning,
		Logout:         i.Logout,
		PublicKeys:     keys,
		Algorithms:     i.algorithms(),
	})
	if err != nil {
		return nil, fmt.Errorf("write support document: %w", err)
	}
	if _, err := browserid.ParseSupportDocument(data); err != nil {
		return nil, fmt.Errorf("write support document: %w", err)
	}
	return data, nil
}

// Handler serves the support document at [Path], to scripts of any origin as well. It is made once: after a change of keys, make
// another.
func (i *Issuer) Handler() (http.Handler, error) {
	document, err := i.SupportDocument()
	if err != nil {
		return nil, err
	}
	digest := sha256.Sum256(document)
	tag := `"` + hex.EncodeToString(digest[:16]) + `"`
	maxAge := strconv.Itoa(int(CacheLifetime.Seconds()))
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+Path, func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Type", "application/json") // C3.1
		header.Set("Cache-Control", "public, max-age="+maxAge)
		header.Set("ETag", tag)
		header.Set("Access-Control-Allow-Origin", "*")
		header.Set("X-Content-Type-Options", "nosniff")
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(document))
	})
	return mux, nil
}
