package dialog

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/navid-login/navid/agent/browserid"
)

// names are the origins under which a host answers, by what the Host of a
// request may be.
type names map[string]browserid.Origin

// newNames parses the public URLs of a host. They are all of one scheme: what
// one name promises of its transport, the others keep.
func newNames(config Config) (first browserid.Origin, all names, err error) {
	all = names{}
	for _, url := range append([]string{config.PublicURL}, config.OtherURLs...) {
		origin, err := publicOrigin(url, config.Dev)
		if err != nil {
			return "", nil, err
		}
		if first == "" {
			first = origin
		}
		if origin.Scheme() != first.Scheme() {
			return "", nil, fmt.Errorf("dialog: public URLs %q and %q differ in their scheme", first, origin)
		}
		all.add(origin)
	}
	return first, all, nil
}

func (n names) add(origin browserid.Origin) {
	n[origin.Host()+":"+origin.Port()] = origin
	if _, authority, _ := strings.Cut(string(origin), "://"); authority == origin.Host() {
		n[authority] = origin // the scheme's own port may be left out
	}
}

// of returns the origin that a request was made to.
func (n names) of(r *http.Request) (browserid.Origin, bool) {
	origin, ok := n[strings.ToLower(r.Host)]
	return origin, ok
}

// publicOrigin parses a public URL; plain http is for development only, since
// neither WebCrypto nor a person's trust works without TLS.
func publicOrigin(url string, dev bool) (browserid.Origin, error) {
	origin, err := browserid.ParseOrigin(url)
	if err != nil {
		return "", fmt.Errorf("dialog: public URL %q: %w", url, err)
	}
	if origin.Scheme() != "https" && !dev {
		return "", fmt.Errorf("dialog: public URL %q must be https (http is for -dev on localhost names)", url)
	}
	return origin, nil
}
