package discovery

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
)

// FuzzParseDomain: what is read is a domain, stays the same when it is read again, in both spellings, and is shown in its own
// script only if that leads back to it.
func FuzzParseDomain(f *testing.F) {
	for _, seed := range []string{
		"idp.test", "Bücher.example", "xn--bcher-kva.example", "παράδειγμα.δοκιμή", "例え。テスト", "ｉｄｐ.test", "аррӏе.com", "דוגמה.טעסט",
		"xn--a.ö", "１２７.０.０.１", "ö\u200d.test", "xn--xn---epa.test",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		domain, err := ParseDomain(text)
		if err != nil {
			require.ErrorIs(t, err, browserid.CodeDomain)
			return
		}
		again, err := browserid.ParseDomain(string(domain))
		require.NoError(t, err)
		require.Equal(t, domain, again)
		shown := Display(domain)
		back, err := ParseDomain(shown)
		require.NoError(t, err)
		require.Equal(t, domain, back)
		require.Equal(t, shown, Display(back))
	})
}

// FuzzLifetime: whatever the headers say, an answer is kept for a time within the bounds.
func FuzzLifetime(f *testing.F) {
	f.Add("max-age=600", "", "", "")
	f.Add(`s-maxage="60", MAX-AGE=1`, "30", "", "")
	f.Add("no-store, private", "", "0", "Sat, 21 Nov 2026 12:00:00 GMT")
	f.Add("max-age=99999999999999999999", "-1", "Sat, 21 Nov 2026 13:00:00 GMT", "Sat, 21 Nov 2026 12:00:00 GMT")
	f.Fuzz(func(t *testing.T, cacheControl, age, expires, date string) {
		header := http.Header{"Cache-Control": {cacheControl}, "Age": {age}, "Expires": {expires}, "Date": {date}}
		kept := lifetime(header)
		require.GreaterOrEqual(t, kept, MinLifetime)
		require.LessOrEqual(t, kept, MaxLifetime)
	})
}

// FuzzGuard: what may be dialled is port 443 of an address that is not special, and the text of an address decides nothing: another
// spelling of it is judged alike.
func FuzzGuard(f *testing.F) {
	for _, seed := range []string{
		"8.8.8.8:443", "[2606:4700:4700::1111]:443", "127.0.0.1:443", "[::ffff:8.8.8.8]:443", "[fe80::1%eth0]:443", "8.8.8.8:80", "idp.test:443",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		err := guard("tcp", address, nil)
		target, parseErr := netip.ParseAddrPort(address)
		if parseErr != nil {
			require.ErrorIs(t, err, ErrAddressBarred)
			return
		}
		require.Equal(t, err == nil, guard("tcp", target.String(), nil) == nil)
		ip := target.Addr()
		special := ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() || ip.IsMulticast() || ip.IsUnspecified() || ip.Is4In6() || ip.Zone() != ""
		if err == nil {
			require.False(t, special, address)
			require.EqualValues(t, publicPort, target.Port())
		}
	})
}

// TestNoNameIsSlow is scorecard 3 of security.md for the names that browserid does not read: within 50 ms, of several runs the fastest.
func TestNoNameIsSlow(t *testing.T) { //nolint:paralleltest // it measures
	for _, unit := range []string{"ö", "ö.", "xn--", "xn--a.", "\u0308", "ß", "\u200d", "\xff", "。", "א", "\ufdfa", "a\u0323\u0301"} {
		for _, name := range []string{strings.Repeat(unit, (64<<10)/len(unit)), strings.Repeat(unit, maxNameBytes/len(unit)-1) + "ö"} {
			fastest := time.Hour
			for run := 0; run < 10 && fastest >= 50*time.Millisecond; run++ {
				start := time.Now()
				_, _ = ParseDomain(name)
				_ = Display(browserid.Domain(name))
				fastest = min(fastest, time.Since(start))
			}
			require.Less(t, fastest, 50*time.Millisecond, "%q", unit)
		}
	}
}
