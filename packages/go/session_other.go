// SPDX-License-Identifier: Apache-2.0

//go:build !unix

package weirtest

import "syscall"

// ownSession does nothing where there are no sessions.
func ownSession() *syscall.SysProcAttr {
	return nil
}
