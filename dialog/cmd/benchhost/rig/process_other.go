//go:build !linux

package rig

import (
	"errors"
	"os"
	"syscall"
	"time"
)

// dieWithParent has no means here.
func dieWithParent(*syscall.SysProcAttr) {}

// peakMemory is not known here.
func peakMemory(*os.ProcessState) int64 { return 0 }

// CPU is not known here.
func (*Host) CPU() (time.Duration, error) {
	return 0, errors.New("the processor time of another process is only known on Linux")
}
