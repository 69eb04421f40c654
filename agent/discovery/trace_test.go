package discovery_test

import (
	"context"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/discovery"
)

// A trace has each hop as it went, and ends as a lookup does.
func TestTrace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.publish("mail.test", `{"authority":"idp.test"}`, "Cache-Control", "max-age=120")
	w.publish("idp.test", document)
	client := discovery.New(w.config())
	trace := client.Trace(t.Context(), "mail.test")
	require.Nil(t, trace.Failure)
	assert.Equal(t, requireProvider(t, client, "mail.test"), trace.Provider)
	assert.Equal(t, 2*time.Minute, trace.Lifetime)
	require.Len(t, trace.Hops, 2)
	for i, host := range []string{"mail.test", "idp.test"} {
		hop := trace.Hops[i]
		assert.Equal(t, "https://"+host+"/.well-known/browserid?domain=mail.test", hop.URL)
		assert.Equal(t, host, hop.Certificates[0].DNSNames[0])
		assert.Equal(t, http.StatusOK, hop.Status)
		assert.Equal(t, w.clock.Now(), hop.Asked)
		assert.Positive(t, hop.Took)
		assert.NotNil(t, hop.Document)
	}
	assert.Equal(t, []string{"mail.test?domain=mail.test", "idp.test?domain=mail.test"}, w.asked())
}

// A trace asks although an answer is kept, and what it finds is kept from then on.
func TestTraceAsksAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.publish("idp.test", `{"disabled":true}`)
	client := discovery.New(w.config())
	requireState(t, client, "idp.test", discovery.Disabled)
	w.publish("idp.test", document)
	requireState(t, client, "idp.test", discovery.Disabled)
	require.NotNil(t, client.Trace(t.Context(), "idp.test").Provider)
	requireProvider(t, client, "idp.test")
}

// What one lookup finds, and what is gone by, may differ: a provider that was there a moment ago is only away.
func TestTraceTellsBothAnswers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.publish("idp.test", document, "Cache-Control", "max-age=3600")
	client := discovery.New(w.config())
	requireProvider(t, client, "idp.test")
	w.clock.advance(30 * time.Minute)
	w.site("idp.test", http.NotFoundHandler())
	trace := client.Trace(t.Context(), "idp.test")
	assert.Equal(t, discovery.CauseMissing, trace.Failure.Cause)
	assert.NotNil(t, trace.Provider, "is kept for its hour")
	trace = discovery.New(w.config()).Trace(t.Context(), "idp.test")
	assert.Nil(t, trace.Provider)
	assert.Equal(t, discovery.Absent, trace.Err.State)
}

// A caller that goes away does not make a provider look offline to all others.
func TestTraceOutlivesItsCaller(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.publish("idp.test", document)
	client := discovery.New(w.config())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.NotNil(t, client.Trace(ctx, "idp.test").Provider)
	requireProvider(t, client, "idp.test")
}

// The addresses of a name are seen, also those that are not dialled.
func TestTraceOfPrivateAddress(t *testing.T) {
	t.Parallel()
	zone := zone{addresses: map[string][4]byte{"private.test.": {10, 0, 0, 1}}}
	trace := discovery.New(discovery.Config{Resolver: zone.resolver()}).Trace(t.Context(), "private.test")
	assert.Equal(t, discovery.CauseNoAddress, trace.Failure.Cause)
	assert.Equal(t, []netip.Addr{netip.MustParseAddr("10.0.0.1")}, trace.Hops[0].Addresses)
	assert.False(t, discovery.Public(trace.Hops[0].Addresses[0]))
}

// The certificates that a server shows are there, also where they are refused.
func TestTraceOfUnbelievedCertificate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.publish("idp.test", document)
	config := w.config()
	config.RootCAs = nil
	hop := discovery.New(config).Trace(t.Context(), "idp.test").Hops[0]
	assert.Equal(t, discovery.CauseTLSAuthority, hop.Failure.Cause)
	require.NotEmpty(t, hop.Certificates)
	assert.Equal(t, []string{"idp.test"}, hop.Certificates[0].DNSNames)
}

// Pages are got by the same rules as documents: no redirect is followed, and no private address asked.
func TestVisit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.site("idp.test", answer(http.StatusFound, "", "Location", "https://other.test/"))
	client := discovery.New(w.config())
	page := &url.URL{Scheme: "https", Host: "idp.test", Path: "/provision"}
	hop := client.Visit(t.Context(), page)
	assert.Nil(t, hop.Failure)
	assert.Equal(t, http.StatusFound, hop.Status)
	assert.Equal(t, "https://other.test/", hop.Header.Get("Location"))

	w.site("idp.test", answer(http.StatusOK, strings.Repeat("x", 2*discovery.MaxPageBytes)))
	hop = client.Visit(t.Context(), page)
	assert.Len(t, hop.Body, discovery.MaxPageBytes+1)

	w.site("idp.test", nil)
	hop = client.Visit(t.Context(), page)
	assert.Equal(t, discovery.CauseNoAddress, hop.Failure.Cause)
	zone := zone{addresses: map[string][4]byte{"private.test.": {10, 0, 0, 1}, "public.test.": {8, 8, 8, 8}}}
	client = discovery.New(discovery.Config{Resolver: zone.resolver()})
	for _, barred := range []string{"https://private.test/", "http://public.test/", "https://public.test:8443/"} {
		page, err := url.Parse(barred)
		require.NoError(t, err)
		hop = client.Visit(t.Context(), page)
		require.NotNil(t, hop.Failure, barred)
		assert.ErrorIs(t, hop.Failure, discovery.ErrAddressBarred, barred)
	}
}
