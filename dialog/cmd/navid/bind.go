package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
)

// bind listens at the address of a setting.
func bind(setting, address string) (net.Listener, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, explainBind(setting, address, err)
	}
	return listener, nil
}

// explainBind says what to do about an address that could not be had.
func explainBind(setting, address string, err error) error {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("another program listens at %s, and `ss -ltnp` tells which: end it, or choose another address with -%s", address, setting)
	case errors.Is(err, syscall.EACCES):
		return fmt.Errorf("this user may not listen at %s, for low ports are root's: start navid by the systemd unit, which has AmbientCapabilities=CAP_NET_BIND_SERVICE, "+
			"or run `setcap cap_net_bind_service=+ep %s` as root once, or choose a port from 1024 on with -%s", address, programFile(), setting)
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return fmt.Errorf("this machine has no such address as %s: leave out what is before the colon to listen at all that it has, or choose another with -%s", address, setting)
	default:
		return err
	}
}

// programFile is where this program is, for a command that people copy.
func programFile() string {
	path, err := os.Executable()
	if err != nil {
		return "navid"
	}
	return path
}
