// SPDX-License-Identifier: Apache-2.0

//go:build unix

package weirtest

import "syscall"

// ownSession lets a process run in a session of its own: Ctrl-C in a terminal or a debugger is for
// the test, which then ends the server.
func ownSession() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setsid: true}
}
