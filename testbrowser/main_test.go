package testbrowser_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/navid-login/navid/testbrowser"
)

func TestMain(m *testing.M) {
	code := m.Run()
	if err := testbrowser.CloseShared(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = max(code, 1)
	}
	os.Exit(code)
}
