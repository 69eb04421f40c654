package idp_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/navid-login/navid/dialog/idp"
)

func TestParseCode(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		"123456": "123456", " 123456\n": "123456", "123 456": "123456", "123-456": "123456", "123.456": "123456",
		"1 2 3 4 5 6": "123456", "12 34 56": "123456", "123\u00a0456": "123456", "123–456": "123456", "１２３４５６": "123456",
		"١٢٣٤٥٦":                                        "123456",
		"Your code is 123 456.":                         "123456",
		"Code: 123456 (at 10:15 UTC on 2026-11-22)":     "123456",
		"123456 is your code\r\nfor login.test, 123456": "123456",
		"000000":                            "000000",
		"":                                  "",
		"12345":                             "",
		"1234567":                           "",
		"123456 or 654321":                  "",
		"call +49 30 1234567":               "",
		"code":                              "",
		strings.Repeat("x", 2e3):            "",
		strings.Repeat(" ", 2e3) + "123456": "",
	}
	for text, want := range cases {
		got, ok := idp.ParseCode(text)
		assert.Equal(t, want != "", ok, "%q", text)
		if want != "" {
			assert.Equal(t, want, got, "%q", text)
		}
	}
}

func FuzzParseCode(f *testing.F) {
	f.Add("Your code is 123 456.")
	f.Fuzz(func(t *testing.T, text string) {
		code, ok := idp.ParseCode(text)
		if ok && (len(code) != 6 || strings.Trim(code, "0123456789") != "") {
			t.Fatalf("%q gave %q", text, code)
		}
		again, _ := idp.ParseCode(code)
		if ok && again != code {
			t.Fatalf("%q is not read as itself", code)
		}
	})
}
