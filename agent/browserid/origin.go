package browserid

import (
	"strconv"
	"strings"
)

// Origin is a web origin as browsers serialize it: "https://host" or
// "https://host:port", the default port left out, the host in lower case.
type Origin string

// ParseOrigin checks and normalises an origin (D2). The scheme is https, or
// http for localhost and the names below it. A path (even "/"), a user, a
// query, an IP address, "null" and the origins of browser extensions are
// refused. The error is CodeOrigin.
func ParseOrigin(s string) (Origin, error) {
	scheme, rest, found := strings.Cut(s, "://")
	if !found || scheme != "https" && scheme != "http" {
		return "", broken(CodeOrigin, "scheme is neither https nor http")
	}
	name, port, hasPort := strings.Cut(rest, ":")
	host, err := ParseDomain(name)
	if err != nil {
		return "", because(CodeOrigin, "host", err)
	}
	if scheme == "http" && !isLocalhost(host) {
		return "", broken(CodeOrigin, "http is for localhost only")
	}
	origin := Origin(scheme + "://" + string(host))
	if !hasPort || port == defaultPort(scheme) {
		return origin, nil
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || strconv.FormatUint(n, 10) != port || n == 0 {
		return "", broken(CodeOrigin, "port")
	}
	return origin + Origin(":"+port), nil
}

func isLocalhost(host Domain) bool {
	return host == "localhost" || strings.HasSuffix(string(host), ".localhost")
}

func defaultPort(scheme string) string {
	if scheme == "http" {
		return "80"
	}
	return "443"
}

// Scheme returns "https" or "http".
func (o Origin) Scheme() string {
	scheme, _, _ := strings.Cut(string(o), "://")
	return scheme
}

// Host returns the host without the port.
func (o Origin) Host() string {
	host, _ := o.hostPort()
	return host
}

// Port returns the port, "443" or "80" where the origin names none.
func (o Origin) Port() string {
	if _, port := o.hostPort(); port != "" {
		return port
	}
	return defaultPort(o.Scheme())
}

func (o Origin) hostPort() (host, port string) {
	_, rest, _ := strings.Cut(string(o), "://")
	host, port, _ = strings.Cut(rest, ":")
	return host, port
}
