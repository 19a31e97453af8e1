// SPDX-License-Identifier: Apache-2.0

package weirtest

// The binary for this system, gzipped, and the SHA-256 of its content in hex. The source has none;
// the program in the folder release puts them into a release.
var (
	embedded       []byte
	embeddedSHA256 string
)
