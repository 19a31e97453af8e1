// SPDX-License-Identifier: Apache-2.0

//go:build !unix

package weirtest

import (
	"os"
	"syscall"
)

// ownSession does nothing where there are no sessions.
func ownSession() *syscall.SysProcAttr {
	return nil
}

func isOwn(os.FileInfo) bool { return true }

func canExecute(string) bool { return true }
