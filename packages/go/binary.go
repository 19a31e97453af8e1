// SPDX-License-Identifier: Apache-2.0

package weirtest

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// binary is a file to start. release is called when it has been started.
type binary struct {
	path    string
	release func()
}

// findBinary returns the file that `named` or WEIR_BINARY names, else the embedded one, else the
// one on the PATH. A file that is named and is not there is an error.
func findBinary(named string) (binary, error) {
	keep := func() {}
	origin := "the option Binary"
	if named == "" {
		named, origin = os.Getenv("WEIR_BINARY"), "WEIR_BINARY"
	}
	if named != "" {
		if _, err := os.Stat(named); err != nil {
			return binary{}, fmt.Errorf("%s names no weir binary: %w", origin, err)
		}
		// A name without a folder would be looked for on the PATH.
		path, err := filepath.Abs(named)
		return binary{path, keep}, err
	}
	if len(embedded) > 0 {
		return unpackEmbedded()
	}
	path, err := exec.LookPath("weir")
	if err != nil {
		return binary{}, errors.New("there is no weir binary: this version of the module has " +
			"none for this system, and none is on the PATH. Build one (scripts/build release in " +
			"Weir's source) and name it in the variable WEIR_BINARY, or use a released version")
	}
	return binary{path, keep}, nil
}

// unpacking lets one goroutine unpack; the others of this process then find its file.
var unpacking sync.Mutex

// unpackEmbedded returns the embedded binary in the first of the folders that can be written to and
// executed from: the user's cache folder, one of the user's own in the folder for temporary files,
// and a new one there, which release removes.
func unpackEmbedded() (binary, error) {
	unpacking.Lock()
	defer unpacking.Unlock()
	var failures []error
	for _, find := range []func() (string, error){os.UserCacheDir, ownTemporaryFolder} {
		folder, err := find()
		if err == nil {
			var path string
			if path, err = unpack(filepath.Join(folder, "weir", embeddedSHA256)); err == nil {
				return binary{path, func() {}}, nil
			}
		}
		failures = append(failures, err)
	}
	folder, err := os.MkdirTemp("", "weir-")
	if err != nil {
		return binary{}, err
	}
	// The system keeps the file of a process that runs, so it can be removed after the start.
	remove := func() { os.RemoveAll(folder) }
	path, err := unpack(folder)
	if err != nil {
		remove()
		return binary{}, fmt.Errorf("there is no folder to run the weir binary from (%v; %v; %w); "+
			"name a binary in the variable WEIR_BINARY", failures[0], failures[1], err)
	}
	return binary{path, remove}, nil
}

// ownTemporaryFolder returns a folder that nobody else can write to, the same for each process.
func ownTemporaryFolder() (string, error) {
	folder := filepath.Join(os.TempDir(), fmt.Sprintf("weir-%d", os.Getuid()))
	if err := os.Mkdir(folder, 0o700); err != nil && !os.IsExist(err) {
		return "", err
	}
	info, err := os.Lstat(folder)
	if err == nil && !(info.Mode() == os.ModeDir|0o700 && isOwn(info)) {
		err = fmt.Errorf("%s is another user's", folder)
	}
	return folder, err
}

// unpack makes sure that `folder` has the embedded binary, and that it can be executed there.
// Returns its path. Processes may do this at the same time: each writes a file of its own and
// renames it.
func unpack(folder string) (string, error) {
	path := filepath.Join(folder, "weir")
	if content, err := os.ReadFile(path); err == nil && hasEmbeddedHash(content) {
		// Somebody may have copied it without its mode.
		if os.Chmod(path, 0o755); canExecute(path) {
			return path, nil
		}
	}
	reader, err := gzip.NewReader(bytes.NewReader(embedded))
	if err != nil {
		return "", err
	}
	content, err := io.ReadAll(reader)
	if err != nil {
		return "", err
	}
	if !hasEmbeddedHash(content) {
		return "", errors.New("the embedded weir binary is damaged")
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	removeLeftovers(folder)
	if err := writeExecutable(path, content); err != nil {
		return "", err
	}
	if !canExecute(path) {
		return "", fmt.Errorf("%s is on a disk from which nothing may be run (noexec)", path)
	}
	return path, nil
}

// removeLeftovers removes what processes that were killed while they unpacked have left.
func removeLeftovers(folder string) {
	files, _ := filepath.Glob(filepath.Join(folder, "unpacking-*"))
	for _, file := range files {
		if info, err := os.Stat(file); err == nil && time.Since(info.ModTime()) > time.Hour {
			os.Remove(file)
		}
	}
}

func hasEmbeddedHash(content []byte) bool {
	hash := sha256.Sum256(content)
	return hex.EncodeToString(hash[:]) == embeddedSHA256
}

// writeExecutable replaces the file at `path` in one step.
func writeExecutable(path string, content []byte) error {
	// A file that is open for writing cannot be executed, and a process that is forked while this
	// one is open has it open, too, until it executes. So nothing is forked meanwhile.
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	file, err := os.CreateTemp(filepath.Dir(path), "unpacking-")
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	if err == nil {
		err = file.Chmod(0o755)
	}
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		os.Remove(file.Name())
	}
	return err
}
