//go:build unix

package store_test

import (
	"os/signal"
	"strconv"
	"syscall"
)

// limitFiles makes the system refuse to let any file grow beyond a size, as a
// full disk does.
func limitFiles(limit string) error {
	bytes, err := strconv.ParseUint(limit, 10, 63)
	if err != nil {
		return err
	}
	signal.Ignore(syscall.SIGXFSZ)
	return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: bytes, Max: bytes})
}
