//go:build !linux

package postgrestest

import "syscall"

// dieWithParent has no means here.
func dieWithParent(*syscall.SysProcAttr) {}
