// SPDX-License-Identifier: Apache-2.0

//go:build unix

package weirtest

import (
	"os"
	"syscall"
)

// ownSession lets a process run in a session of its own: Ctrl-C in a terminal or a debugger is for
// the test, which then ends the server.
func ownSession() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setsid: true}
}

// isOwn tells whether a file belongs to the user of this process.
func isOwn(info os.FileInfo) bool {
	status, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(status.Uid) == os.Getuid()
}

// canExecute tells whether this process may execute a file, which also depends on its disk.
func canExecute(path string) bool {
	const execute = 1 // X_OK
	return syscall.Access(path, execute) == nil
}
