package main

import (
	"syscall"
	"time"

	"github.com/navid-login/navid/dialog/cmd/benchhost/rig"
)

// cost is the processor time of this process for doing something.
func (b *bench) cost(do func() took) (took, time.Duration) {
	before := b.ownCPU()
	result := do()
	return result, b.ownCPU() - before
}

func (b *bench) ownCPU() time.Duration {
	var usage syscall.Rusage
	b.must(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// hostCost is the processor time of hosts for doing something.
func (b *bench) hostCost(hosts []*rig.Host, do func() took) (took, time.Duration) {
	before := b.cpuOf(hosts)
	result := do()
	return result, b.cpuOf(hosts) - before
}

func (b *bench) cpuOf(hosts []*rig.Host) (used time.Duration) {
	for _, host := range hosts {
		cpu, err := host.CPU()
		b.must(err)
		used += cpu
	}
	return used
}
