package postgrestest

import "syscall"

// dieWithParent ends the server when the test is killed.
func dieWithParent(attributes *syscall.SysProcAttr) { attributes.Pdeathsig = syscall.SIGQUIT }
