package verify_test

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/verify"
)

// FuzzVerify changes the bundles of the vectors. Whatever comes of it, only what
// their keys have signed is accepted.
func FuzzVerify(f *testing.F) {
	data, err := os.ReadFile("testdata/vectors.json")
	require.NoError(f, err)
	var world ownFile
	require.NoError(f, json.Unmarshal(data, &world))
	signed := map[string]bool{}
	for i, vector := range world.Cases {
		if !strings.HasSuffix(vector.Expect, "_signature") {
			for _, input := range signingInputs(vector.Bundle) {
				signed[input] = true
			}
		}
		if i%4 == 0 && len(vector.Bundle) < 4<<10 || vector.Expect == "okay" {
			f.Add(vector.Bundle)
		}
	}
	rules := world.Cases[0]
	rules.AllowLegacyKeys, rules.AllowUnverified = true, true
	rules.MaxAssertionAge = int64(time.Hour / time.Second)
	verifier, err := verify.New(rules.config(world))
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, bundle string) {
		result, err := verifier.Verify(t.Context(), bundle)
		if err != nil {
			_, ok := errors.AsType[*verify.Error](err)
			require.True(t, ok, "error of another type: %v", err)
			require.Nil(t, result)
			return
		}
		for _, input := range signingInputs(bundle) {
			require.True(t, signed[input], "nobody signed %s", input)
		}
	})
}

// signingInputs are what the signatures of a bundle are of.
func signingInputs(bundle string) []string {
	backed, err := browserid.ParseBacked(bundle)
	if err != nil {
		return nil
	}
	var inputs []string
	for _, token := range append(backed.Certificates, backed.Assertion) {
		inputs = append(inputs, token[:strings.LastIndexByte(token, '.')+1])
	}
	return inputs
}
