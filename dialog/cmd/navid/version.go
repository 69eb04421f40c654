package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
)

// version prints what a report of a bug should name.
func version(_ context.Context, args []string, std streams) error {
	if err := newSettings("version").parseAll(args, nil); err != nil {
		return err
	}
	build, ok := debug.ReadBuildInfo()
	if !ok {
		return errors.New("this program was built without saying of what")
	}
	_, err := fmt.Fprintf(std.stdout, "navid %s, %s %s/%s\n", build.Main.Version, build.GoVersion, runtime.GOOS, runtime.GOARCH)
	return err
}
