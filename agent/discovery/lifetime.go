package discovery

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Bounds of the time for which an answer is kept (design.md 8).
const (
	// MinLifetime is kept even if the domain forbids caching, so that it is not asked at each sign-in.
	MinLifetime = time.Minute
	// MaxLifetime is the most, so that a key taken out of the document is refused within the hour (G13).
	MaxLifetime = time.Hour
	// DefaultLifetime is for documents that do not say.
	DefaultLifetime = 10 * time.Minute
	// FailureLifetime is how long a failure is kept.
	FailureLifetime = time.Minute
)

// lifetime is the freshness lifetime of a response to a shared cache (RFC 9111, section 4.2.1), within bounds.
func lifetime(header http.Header) time.Duration {
	stated, ok := freshness(header)
	if !ok {
		return DefaultLifetime
	}
	age, err := strconv.ParseUint(header.Get("Age"), 10, 31)
	if err == nil {
		stated -= time.Duration(age) * time.Second
	}
	return min(max(stated, MinLifetime), MaxLifetime)
}

func freshness(header http.Header) (time.Duration, bool) {
	directives := cacheControl(header)
	for _, forbidden := range []string{"no-store", "no-cache", "private"} {
		if _, ok := directives[forbidden]; ok {
			return 0, true
		}
	}
	for _, name := range []string{"s-maxage", "max-age"} {
		if seconds, ok := directives[name]; ok {
			return seconds, true
		}
	}
	return untilExpires(header)
}

// cacheControl reads the directives; those with a number carry it as seconds. What is not a number counts as zero: stale.
func cacheControl(header http.Header) map[string]time.Duration {
	directives := make(map[string]time.Duration)
	for part := range strings.SplitSeq(strings.Join(header.Values("Cache-Control"), ","), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		seconds, err := strconv.ParseUint(strings.Trim(value, `" `), 10, 31)
		if err != nil {
			seconds = 0
		}
		directives[strings.ToLower(strings.TrimSpace(name))] = time.Duration(seconds) * time.Second
	}
	return directives
}

// untilExpires measures Expires by the sender's own clock. An Expires that is no date means stale.
func untilExpires(header http.Header) (time.Duration, bool) {
	if header.Get("Expires") == "" {
		return 0, false
	}
	expires, err := http.ParseTime(header.Get("Expires"))
	if err != nil {
		return 0, true
	}
	date, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		return 0, false
	}
	return expires.Sub(date), true
}
