package browserid_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
)

func TestStrictObject(t *testing.T) {
	t.Parallel()
	got, err := browserid.StrictObject([]byte(" {\"a\" : [1 , {\"b\":null}],\n\"A\":\"x\\\"}\" , \"\\u0063\":-1.5e+3,\"\":{}, \"d\":true\t} "))
	require.NoError(t, err)
	assert.Equal(t, map[string]json.RawMessage{
		"a": json.RawMessage(`[1 , {"b":null}]`), "A": json.RawMessage(`"x\"}"`), "c": json.RawMessage(`-1.5e+3`),
		"": json.RawMessage(`{}`), "d": json.RawMessage(`true`),
	}, got)
}

func TestStrictObjectRefuses(t *testing.T) {
	t.Parallel()
	nested := func(n int) string { return `{"a":` + strings.Repeat("[", n) + strings.Repeat("]", n) + `}` }
	cases := map[string]struct {
		text string
		want browserid.Code // empty = accepted
	}{
		"empty object":            {`{}`, ""},
		"depth of 16":             {nested(15), ""},
		"depth of 17":             {nested(16), browserid.CodeJSON},
		"depth of 17, objects":    {strings.Repeat(`{"a":`, 17) + "1" + strings.Repeat("}", 17), browserid.CodeJSON},
		"depth of thousands":      {nested(30000), browserid.CodeJSON},
		"64 KiB":                  {`{"a":"` + strings.Repeat("x", 64<<10-8) + `"}`, ""},
		"more than 64 KiB":        {`{"a":"` + strings.Repeat("x", 64<<10-7) + `"}`, browserid.CodeJSON},
		"duplicate":               {`{"a":1,"b":2,"a":1}`, browserid.CodeDuplicate},
		"duplicate by escape":     {`{"a":1,"\u0061":1}`, browserid.CodeDuplicate},
		"duplicate in an object":  {`{"a":{"b":1,"b":2}}`, browserid.CodeDuplicate},
		"duplicate in an array":   {`{"a":[0,{"b":1,"b":2}]}`, browserid.CodeDuplicate},
		"two lone surrogates":     {`{"\ud800":1,"\ud801":1}`, browserid.CodeDuplicate},
		"same name in two places": {`{"a":{"a":1},"b":{"a":1}}`, ""},
		"not UTF-8":               {"{\"a\":\"\xff\"}", browserid.CodeJSON},
		"array":                   {`[]`, browserid.CodeJSON},
		"null":                    {`null`, browserid.CodeJSON},
		"string":                  {`"{}"`, browserid.CodeJSON},
		"two objects":             {`{}{}`, browserid.CodeJSON},
		"rubbish behind":          {`{}x`, browserid.CodeJSON},
		"comma behind":            {`{"a":1,}`, browserid.CodeJSON},
		"comment":                 {`{/**/}`, browserid.CodeJSON},
		"byte order mark":         {"\ufeff{}", browserid.CodeJSON},
		"nothing":                 {``, browserid.CodeJSON},
		"white space":             {` `, browserid.CodeJSON},
		"not closed":              {`{`, browserid.CodeJSON},
		"value missing":           {`{"a":}`, browserid.CodeJSON},
		"colon missing":           {`{"a" 1}`, browserid.CodeJSON},
		"comma missing":           {`{"a":1 "b":2}`, browserid.CodeJSON},
		"comma first":             {`{,"a":1}`, browserid.CodeJSON},
		"two commas":              {`{"a":[1,,2]}`, browserid.CodeJSON},
		"name is a number":        {`{1:1}`, browserid.CodeJSON},
		"wrong bracket":           {`{"a":[1}}`, browserid.CodeJSON},
		"number with zero":        {`{"a":01}`, browserid.CodeJSON},
		"half a word":             {`{"a":tru}`, browserid.CodeJSON},
		"string not closed":       {`{"a":"b}`, browserid.CodeJSON},
		"escaped end":             {`{"a":"\`, browserid.CodeJSON},
		"unknown escape":          {`{"a":"\x"}`, browserid.CodeJSON},
		"line end in a string":    {"{\"a\":\"\n\"}", browserid.CodeJSON},
		"NUL behind":              {"{}\x00", browserid.CodeJSON},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := browserid.StrictObject([]byte(test.text))
			if test.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, test.want)
		})
	}
}
