package main

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestFileIsCurrent: what the program writes is what lies there, byte for byte.
func TestFileIsCurrent(t *testing.T) {
	t.Parallel()
	want, err := generate()
	require.NoError(t, err)
	got, err := os.ReadFile("../testdata/vectors.json")
	require.NoError(t, err)
	assert.Equal(t, string(want), string(got), "go run ./agent/verify/vectors > agent/verify/testdata/vectors.json")
}

// TestCasesDiffer: no case is there twice, under one name or under two.
func TestCasesDiffer(t *testing.T) {
	t.Parallel()
	text, err := generate()
	require.NoError(t, err)
	var made file
	require.NoError(t, json.Unmarshal(text, &made))
	names, contents := map[string]bool{}, map[string]string{}
	for _, vector := range made.Cases {
		name := vector.Rule + " " + vector.Expect + " " + vector.Name
		assert.False(t, names[name], name)
		names[name] = true
		vector.Name, vector.Rule, vector.Expect = "", "", ""
		content, err := json.Marshal(vector)
		require.NoError(t, err)
		assert.Empty(t, contents[string(content)], name)
		contents[string(content)] = name
	}
}
