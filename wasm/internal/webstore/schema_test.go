//go:build js && wasm

package webstore

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/browserid"
)

const (
	anIdentity = `{"email":"alice@idp.test","certificate":"a.b.c","thumbprint":"t","authority":"idp.test","used":7}`
	aSite      = `"https://rp.test":{"email":"alice@idp.test","used":9,"loggedIn":true}`
)

func text(identities, sites string) string {
	return `{"version":1,"identities":[` + identities + `],"sites":{` + sites + `}}`
}

// The dialog's first screen reads this text too: it is part of the contract.
func TestFormat(t *testing.T) {
	t.Parallel()
	state := &agent.State{
		Identities: []agent.Identity{{Email: "alice@idp.test", Certificate: "a.b.c", Thumbprint: "t", Authority: "idp.test", Used: 7}},
		Sites:      map[browserid.Origin]agent.Site{"https://rp.test": {Email: "alice@idp.test", Used: 9, LoggedIn: true}},
	}
	got, err := format(state)
	require.NoError(t, err)
	assert.Equal(t, text(anIdentity, aSite), got)
	back, err := parse(got)
	require.NoError(t, err)
	assert.Equal(t, state, back)
	got, err = format(new(agent.State))
	require.NoError(t, err)
	assert.Equal(t, text("", ""), got)
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	replaced := func(old, with string) string { return text(strings.Replace(anIdentity, old, with, 1), "") }
	for name, corrupt := range map[string]string{
		"nothing":                  ``,
		"no JSON":                  `{"version":1`,
		"an array":                 `[]`,
		"null":                     `null`,
		"another version":          `{"version":2,"identities":[],"sites":{}}`,
		"no version":               `{"identities":[],"sites":{}}`,
		"something behind":         text("", "") + `{}`,
		"an unknown member":        `{"version":1,"identities":[],"sites":{},"more":1}`,
		"an unknown member inside": replaced(`"used":7`, `"used":7,"more":1`),
		"no address":               replaced(`alice@idp.test`, `alice`),
		"no authority":             replaced(`"idp.test"`, `"https://idp.test"`),
		"no certificate":           replaced(`a.b.c`, ``),
		"no thumbprint":            replaced(`"t"`, `""`),
		"a time that is text":      replaced(`7`, `"7"`),
		"an address twice":         text(anIdentity+","+anIdentity, ""),
		"no origin":                text("", strings.Replace(aSite, "https://rp.test", "rp.test", 1)),
		"a site without address":   text("", strings.Replace(aSite, "alice@idp.test", "", 1)),
		"too much":                 text("", "") + strings.Repeat(" ", maxText),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parse(corrupt)
			assert.Error(t, err)
		})
	}
}

func TestTrim(t *testing.T) {
	t.Parallel()
	state := &agent.State{Sites: map[browserid.Origin]agent.Site{}}
	for i := range MaxIdentities + 2 {
		email := browserid.Email(fmt.Sprintf("u%d@idp.test", i))
		state.Put(agent.Identity{Email: email, Used: browserid.Millis(i)})
		state.Sites[browserid.Origin(fmt.Sprintf("https://of-u%d.test", i))] = agent.Site{Email: email, Used: 1_000_000}
	}
	for i := range MaxSites {
		origin := browserid.Origin(fmt.Sprintf("https://rp%d.test", i))
		state.Sites[origin] = agent.Site{Email: "u9@idp.test", Used: browserid.Millis(i)}
	}
	assert.ElementsMatch(t, []browserid.Email{"u0@idp.test", "u1@idp.test"}, trim(state))
	assert.Len(t, state.Identities, MaxIdentities)
	assert.Len(t, state.Sites, MaxSites)
	assert.NotContains(t, state.Sites, browserid.Origin("https://of-u0.test"), "its address is gone")
	assert.NotContains(t, state.Sites, browserid.Origin("https://rp0.test"), "used longest ago")
	assert.Contains(t, state.Sites, browserid.Origin("https://rp499.test"))
	assert.Contains(t, state.Sites, browserid.Origin("https://of-u51.test"))
	assert.Empty(t, trim(state))
}

// The limits must leave room for the text to be read again, and for both in a
// storage of 5 MiB of UTF-16.
func TestLimitsFitTheText(t *testing.T) {
	t.Parallel()
	state := &agent.State{Sites: map[browserid.Origin]agent.Site{}}
	for i := range MaxIdentities {
		email := browserid.Email(fmt.Sprintf("%064d@%s", i, strings.Repeat("d.", 90)+"test"))
		state.Put(agent.Identity{Email: email, Certificate: strings.Repeat("c", 4<<10), Thumbprint: "t", Authority: email.Domain()})
	}
	for i := range MaxSites {
		origin := browserid.Origin(fmt.Sprintf("https://%srp%d.test", strings.Repeat("d.", 90), i))
		state.Sites[origin] = agent.Site{Email: state.Identities[0].Email}
	}
	got, err := format(state)
	require.NoError(t, err)
	assert.Less(t, len(got), maxText)
	_, err = parse(got)
	assert.NoError(t, err)
}
