package rig

import (
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// dieWithParent ends the host when the process that has started it is killed.
func dieWithParent(attributes *syscall.SysProcAttr) { attributes.Pdeathsig = syscall.SIGKILL }

func peakMemory(state *os.ProcessState) int64 {
	usage, _ := state.SysUsage().(*syscall.Rusage)
	return usage.Maxrss << 10
}

// CPU is the processor time that the host has used so far.
func (h *Host) CPU() (time.Duration, error) {
	clock := int32(^h.PID()<<3 | 2) // clock_getcpuclockid
	var used unix.Timespec
	err := unix.ClockGettime(clock, &used)
	return time.Duration(used.Nano()), err
}
