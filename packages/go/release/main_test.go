// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const consumerTest = `package consumer

import (
	"testing"

	"github.com/weir-dynamodb/weirtest"
)

func TestConsumer(t *testing.T) {
	for _, name := range []string{"one", "two", "three", "four"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			weirtest.Start(t).Reset(t)
		})
	}
}
`

// consumer is a module that uses the released one, and nothing but it: no other proxy, no binary in
// the environment, and caches of its own.
type consumer struct {
	folder      string
	environment []string
}

func newConsumer(t *testing.T, proxy string) consumer {
	t.Helper()
	folder := t.TempDir()
	for name, content := range map[string]string{
		"go.mod":           "module consumer\n\ngo 1.19\n",
		"consumer_test.go": consumerTest,
	} {
		if err := write(filepath.Join(folder, "source", name), []byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	build, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	return consumer{filepath.Join(folder, "source"), append(os.Environ(),
		"GOPROXY=file://"+proxy, "GONOSUMDB=*", "GOFLAGS=-mod=mod -modcacherw", "GOWORK=off",
		"GOMODCACHE="+filepath.Join(folder, "modules"),
		"GOCACHE="+strings.TrimSpace(string(build)),
		"XDG_CACHE_HOME="+filepath.Join(folder, "cache"),
		"TMPDIR="+folder,
		"WEIR_BINARY=",
	)}
}

// run runs the go command with these arguments and returns what it wrote.
func (c consumer) run(t *testing.T, environment []string, arguments ...string) string {
	t.Helper()
	command := exec.Command("go", arguments...)
	command.Dir = c.folder
	command.Env = append(append([]string{}, c.environment...), environment...)
	output, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(arguments, " "), err, output)
	}
	return string(output)
}

// unpacked returns the files that match the pattern in the consumer's folder.
func (c consumer) unpacked(t *testing.T, pattern string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(c.folder, "..", pattern))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestReleasedModule(t *testing.T) {
	weir := os.Getenv("WEIR_BINARY")
	if weir == "" {
		t.Fatal("WEIR_BINARY must name the binary to release")
	}
	if err := os.Chdir(".."); err != nil {
		t.Fatal(err)
	}
	out := t.TempDir()
	t.Setenv("SOURCE_DATE_EPOCH", "1767323045")
	// Only the one for this machine is run.
	if err := release("0.1.0", binaries{"amd64": weir, "arm64": weir}, out, 0); err != nil {
		t.Fatal(err)
	}
	c := newConsumer(t, filepath.Join(out, "proxy"))
	c.run(t, nil, "get", modulePath+"@v0.1.0")

	t.Run("has its time", func(t *testing.T) {
		got := c.run(t, nil, "list", "-m", "-f", "{{.Time}}", modulePath)
		if want := "2026-01-02 03:04:05 +0000 UTC\n"; got != want {
			t.Errorf("%q, not %q", got, want)
		}
	})
	t.Run("has no tests that need a binary", func(t *testing.T) {
		c.run(t, nil, "test", "-count=1", modulePath)
		if tests := c.unpacked(t, "modules/"+modulePath+"@v0.1.0/*_test.go"); len(tests) != 0 {
			t.Errorf("there are %q", tests)
		}
	})

	t.Run("has the binary", func(t *testing.T) {
		c.run(t, nil, "test", "-count=1", ".")
		files := c.unpacked(t, "cache/weir/*/*")
		if len(files) != 1 || filepath.Base(files[0]) != "weir" {
			t.Fatalf("in the cache: %q", files)
		}
		// A damaged file is replaced.
		if err := os.WriteFile(files[0], []byte("damaged"), 0o755); err != nil {
			t.Fatal(err)
		}
		c.run(t, nil, "test", "-count=1", ".")
		// One without its mode is given it.
		if err := os.Chmod(files[0], 0o644); err != nil {
			t.Fatal(err)
		}
		c.run(t, nil, "test", "-count=1", ".")
		// What a process that was killed has left is removed with the next unpacking.
		left := filepath.Join(filepath.Dir(files[0]), "unpacking-1")
		if err := os.WriteFile(left, nil, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(left, time.Unix(0, 0), time.Unix(0, 0)); err != nil {
			t.Fatal(err)
		}
		os.Remove(files[0])
		c.run(t, nil, "test", "-count=1", ".")
		if files := c.unpacked(t, "cache/weir/*/*"); len(files) != 1 {
			t.Errorf("in the cache: %q", files)
		}
	})
	t.Run("needs no cache folder", func(t *testing.T) {
		for range [2]int{} {
			c.run(t, []string{"XDG_CACHE_HOME=/dev/null"}, "test", "-count=1", ".")
		}
		if left := c.unpacked(t, "weir-*/weir/*/*"); len(left) != 1 {
			t.Errorf("in the folder for temporary files: %q", left)
		}
	})
	t.Run("has one binary for each system", func(t *testing.T) {
		format := "{{range .GoFiles}}{{println .}}{{end}}{{range .EmbedFiles}}{{println .}}{{end}}"
		for _, system := range []struct{ os, arch, want string }{
			{"linux", "amd64", "embedded_linux_amd64.go weir_linux_amd64.gz"},
			{"linux", "arm64", "embedded_linux_arm64.go weir_linux_arm64.gz"},
			{"linux", "riscv64", "embedded_other.go"},
			{"darwin", "arm64", "embedded_other.go"},
		} {
			environment := []string{"GOOS=" + system.os, "GOARCH=" + system.arch}
			var got []string
			for _, file := range strings.Fields(c.run(t, environment, "list", "-f", format, modulePath)) {
				if strings.HasPrefix(file, "embedded") || strings.HasSuffix(file, ".gz") {
					got = append(got, file)
				}
			}
			if strings.Join(got, " ") != system.want {
				t.Errorf("%s/%s: %q, not %s", system.os, system.arch, got, system.want)
			}
		}
	})
}

func TestUsage(t *testing.T) {
	given := binaries{"amd64": "weir"}
	for name, err := range map[string]error{
		"version":    release("v1", given, "out", 0),
		"no binary":  release("1.0.0", binaries{}, "out", 0),
		"no folder":  release("1.0.0", given, "", 0),
		"more words": release("1.0.0", given, "out", 1),
		"arch":       given.Set("weir"),
	} {
		if err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
