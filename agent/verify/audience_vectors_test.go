package verify_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/verify"
)

type audienceFile struct {
	Cases    []audienceVector `json:"cases"`
	Patterns struct {
		Cases []struct {
			Patterns []string `json:"patterns"`
		} `json:"cases"`
	} `json:"pybrowserid_patterns"`
}

type audienceVector struct {
	Assertion string `json:"assertion_audience"`
	Site      string `json:"rp_audience"`
	Expect    string `json:"expect"`
}

// strictAudiences are the cases that the old verifier called a match.
var strictAudiences = map[audienceVector]string{
	{"http://fakesite.com", "http://fakesite.com:80", "match"}: "plain http is for localhost only (design.md section 5)",
	{"http://example.com:8080", "example.com:8080", "match"}:   "a bare host is no origin, and plain http is for localhost only (D2, new)",
}

func TestAudienceVectors(t *testing.T) {
	t.Parallel()
	for _, file := range readVectors[audienceFile](t, "audience_cases.json") {
		require.NotEmpty(t, file.Cases)
		for _, vector := range file.Cases {
			t.Run(vector.Assertion+" at "+vector.Site, func(t *testing.T) {
				t.Parallel()
				vector.check(t)
			})
		}
		// Differs: a pattern is no origin (D2, new).
		for _, test := range file.Patterns.Cases {
			for _, pattern := range test.Patterns {
				config := newAttempt().config
				config.Audience = browserid.Origin(pattern)
				_, err := verify.New(config)
				require.Error(t, err, pattern)
			}
		}
	}
}

func (v audienceVector) check(t *testing.T) {
	t.Helper()
	site, err := browserid.ParseOrigin(v.Site)
	match := err == nil
	if match {
		a := newAttempt()
		a.config.Audience, a.assertion.Audience = site, v.Assertion
		_, err := a.verify(t)
		if match = err == nil; !match {
			require.ErrorIs(t, err, verify.CodeAudience)
		}
	}
	reason, strict := strictAudiences[v]
	require.Equal(t, v.Expect == "match" && !strict, match, reason)
}
