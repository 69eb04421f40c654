package issuer

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/navid-login/navid/agent/browserid"
)

// CacheLifetime is for how long others may keep the support document, and so how long a removed key goes on being believed.
const CacheLifetime = time.Hour

// Path is where the support document is served (C3).
const Path = "/.well-known/browserid"

// SupportDocument returns the document as it is served. It has passed the parser that others read it with.
func (i *Issuer) SupportDocument() ([]byte, error) {
	published := i.Keys
	if i.Keyring != nil {
		published = i.Keyring.Published(i.now())
	}
	keys := make([]browserid.PublicKey, len(published))
	for n, key := range published {
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

// Handler serves the support document at [Path], to scripts of any origin as well. It follows changes of the keys. Who asks for the
// document of a domain that the issuer does not speak for is told that there is none.
func (i *Issuer) Handler() (http.Handler, error) { return Documents(i) }

// Documents is [Issuer.Handler] for several issuers on one host, whose documents differ: the first that speaks for the ?domain= that is
// asked for answers, and the first of all where none is named (C3.6).
func Documents(issuers ...*Issuer) (http.Handler, error) {
	if len(issuers) == 0 {
		return nil, errors.New("serve support documents: there is no issuer")
	}
	for _, i := range issuers {
		if _, err := i.SupportDocument(); err != nil {
			return nil, err
		}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+Path, func(w http.ResponseWriter, r *http.Request) {
		domain := browserid.Domain(strings.ToLower(r.URL.Query().Get("domain")))
		at := slices.IndexFunc(issuers, func(i *Issuer) bool { return domain == "" || i.speaksFor(domain) })
		if at < 0 {
			http.Error(w, "This provider does not speak for the domain that was asked for.", http.StatusNotFound)
			return
		}
		issuers[at].serveDocument(w, r)
	})
	return mux, nil
}

func (i *Issuer) serveDocument(w http.ResponseWriter, r *http.Request) {
	document, err := i.SupportDocument()
	if err != nil { // the keys of a keyring have gone
		http.Error(w, "This provider has no keys at the moment.", http.StatusServiceUnavailable)
		return
	}
	digest := sha256.Sum256(document)
	writeDocument(w, r, document, `"`+hex.EncodeToString(digest[:16])+`"`)
}

// Delegate serves, at [Path], the support document of a domain that has another speak for it (C3.3).
func Delegate(authority browserid.Domain) http.Handler {
	document, err := json.Marshal(map[string]browserid.Domain{"authority": authority})
	if err != nil {
		panic(err) // texts can be marshalled
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+Path, func(w http.ResponseWriter, r *http.Request) { writeDocument(w, r, document, "") })
	return mux
}

func writeDocument(w http.ResponseWriter, r *http.Request, document []byte, tag string) {
	header := w.Header()
	header.Set("Content-Type", "application/json") // C3.1
	header.Set("Cache-Control", "public, max-age="+strconv.Itoa(int(CacheLifetime.Seconds())))
	header.Set("Access-Control-Allow-Origin", "*")
	header.Set("X-Content-Type-Options", "nosniff")
	if tag != "" {
		header.Set("ETag", tag)
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(document))
}
