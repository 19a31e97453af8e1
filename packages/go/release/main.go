// SPDX-License-Identifier: Apache-2.0

// Release writes the files of a release of the module: with the binaries in it, which the source
// does not have. Run it in the module's folder:
//
//	go run ./release --version 0.1.0 --binary amd64=PATH --binary arm64=PATH --out DIR
//
// In DIR, `module` is the content of the module's repository at the tag v0.1.0, and `proxy` is the
// same as a tree that the go command takes for a module proxy (GOPROXY=file://DIR/proxy).
package main

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"go/format"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"time"
)

const (
	modulePath = "github.com/weir-dynamodb/weirtest"
	header     = "// SPDX-License-Identifier: Apache-2.0\n\n"
)

var (
	versionForm = regexp.MustCompile(`^\d+\.\d+\.\d+$`)
	archForm    = regexp.MustCompile(`^[a-z0-9]+$`)
)

// binaries maps an architecture, as Go calls it, to the path of its binary.
type binaries map[string]string

func (b binaries) String() string { return "" }

func (b binaries) Set(text string) error {
	parts := strings.SplitN(text, "=", 2)
	if len(parts) != 2 || !archForm.MatchString(parts[0]) {
		return errors.New("it must be ARCHITECTURE=PATH")
	}
	b[parts[0]] = parts[1]
	return nil
}

func main() {
	paths := binaries{}
	version := flag.String("version", "", "the version, such as 0.1.0")
	out := flag.String("out", "", "the folder to write")
	flag.Var(paths, "binary", "ARCHITECTURE=PATH of a binary for Linux; may be repeated")
	flag.Parse()
	if err := release(*version, paths, *out, flag.NArg()); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

func release(version string, paths binaries, out string, extra int) error {
	if !versionForm.MatchString(version) || len(paths) == 0 || out == "" || extra > 0 {
		return errors.New("usage: --version N.N.N --binary ARCHITECTURE=PATH… --out DIR")
	}
	files, err := sources()
	if err != nil {
		return err
	}
	if err := addBinaries(files, paths); err != nil {
		return err
	}
	for name, content := range files {
		if err := write(filepath.Join(out, "module", name), content); err != nil {
			return err
		}
	}
	return writeProxy(filepath.Join(out, "proxy", modulePath, "@v"), "v"+version, files)
}

// sources returns the files of the module by name: those of this folder, without the one that
// stands for the binaries, and the licence. The tests need a binary that the variable WEIR_BINARY
// names, and `go test all` of who uses the module would run them, too. So they are left out.
func sources() (map[string][]byte, error) {
	files := map[string][]byte{}
	names, err := filepath.Glob("*.go")
	if err != nil {
		return nil, err
	}
	for _, name := range append(names, "go.mod", "README.md", "../../LICENSE") {
		if name == "embedded.go" || strings.HasSuffix(name, "_test.go") {
			continue
		}
		content, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		files[filepath.Base(name)] = content
	}
	return files, nil
}

// addBinaries adds the gzipped binaries and the source that embeds the one for the system.
func addBinaries(files map[string][]byte, paths binaries) error {
	var constraints []string
	for arch, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var packed bytes.Buffer
		writer, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
		if err != nil {
			return err
		}
		if _, err := writer.Write(content); err != nil {
			return err
		}
		if err := writer.Close(); err != nil {
			return err
		}
		files["weir_linux_"+arch+".gz"] = packed.Bytes()
		files["embedded_linux_"+arch+".go"] = []byte(fmt.Sprintf(header+`package weirtest

import _ "embed"

//go:embed weir_linux_%s.gz
var embedded []byte

const embeddedSHA256 = "%x"
`, arch, sha256.Sum256(content)))
		constraints = append(constraints, arch)
	}
	sort.Strings(constraints)
	other, err := format.Source([]byte(fmt.Sprintf(header+`//go:build !(linux && (%s))

package weirtest

var embedded []byte

const embeddedSHA256 = ""
`, strings.Join(constraints, " || "))))
	files["embedded_other.go"] = other
	return err
}

// writeProxy writes the files by which a module proxy serves one version.
func writeProxy(folder, version string, files map[string][]byte) error {
	var archive bytes.Buffer
	writer := zip.NewWriter(&archive)
	var names []string
	for name := range files {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		entry, err := writer.Create(modulePath + "@" + version + "/" + name)
		if err != nil {
			return err
		}
		if _, err := entry.Write(files[name]); err != nil {
			return err
		}
	}
	if err := writer.Close(); err != nil {
		return err
	}
	info, err := versionInfo(version)
	if err != nil {
		return err
	}
	for name, content := range map[string][]byte{
		"list":            []byte(version + "\n"),
		version + ".info": info,
		version + ".mod":  files["go.mod"],
		version + ".zip":  archive.Bytes(),
	} {
		if err := write(filepath.Join(folder, name), content); err != nil {
			return err
		}
	}
	return nil
}

// versionInfo describes the version as a module proxy does, with the time of SOURCE_DATE_EPOCH, the
// seconds since 1970. Without that variable it has no time, so that the files stay the same.
func versionInfo(version string) ([]byte, error) {
	info := struct {
		Version string
		Time    *time.Time `json:",omitempty"`
	}{Version: version}
	if epoch := os.Getenv("SOURCE_DATE_EPOCH"); epoch != "" {
		seconds, err := strconv.ParseInt(epoch, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("SOURCE_DATE_EPOCH: %w", err)
		}
		moment := time.Unix(seconds, 0).UTC()
		info.Time = &moment
	}
	return json.Marshal(info)
}

func write(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o644)
}
