// SPDX-License-Identifier: Apache-2.0

// Tests of tests that fail or are killed. Each runs this test binary once more, as a child that
// runs one function of this file.

package weirtest_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/weir-dynamodb/weirtest"
)

const childVariable = "WEIRTEST_CHILD"

// child is a command that runs the test `name` of this binary alone, with `environment` added.
func child(name string, environment ...string) *exec.Cmd {
	command := exec.Command(os.Args[0], "-test.run=^"+name+"$", "-test.v")
	command.Env = append(append(os.Environ(), childVariable+"=1"), environment...)
	return command
}

// onlyInChild skips the calling test, which is to fail, in the process that runs all tests.
func onlyInChild(t *testing.T) {
	t.Helper()
	if os.Getenv(childVariable) == "" {
		t.Skip("runs in a child of another test")
	}
}

// runChild returns what the child wrote. The child must fail.
func runChild(t *testing.T, name string, environment ...string) string {
	t.Helper()
	output, err := child(name, environment...).CombinedOutput()
	if err == nil {
		t.Errorf("%s did not fail:\n%s", name, output)
	}
	return string(output)
}

func TestChildFails(t *testing.T) {
	onlyInChild(t)
	flags := weirtest.Flags("--log-level", "trace")
	t.Run("earlier", func(t *testing.T) {
		w := weirtest.Shared(t, flags)
		createTable(t, w, "Earlier")
		awaitAnswer(t, w, "Earlier")
	})
	t.Run("failing", func(t *testing.T) {
		w := weirtest.Shared(t, flags)
		createTable(t, w, "Later")
		awaitAnswer(t, w, "Later")
		// The log of a server that ends with its test is complete.
		own := weirtest.Start(t, flags)
		createTable(t, own, "Own")
		t.Fail()
	})
}

// awaitAnswer returns when the log has the answer to the CreateTable of this table, since the
// server answers a request before it logs it.
func awaitAnswer(t *testing.T, w *weirtest.Server, table string) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		if strings.Contains(w.Log(), `000000000000:table/`+table+`"`) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the answer is not in\n%s", w.Log())
		}
	}
}

func TestLogIsShownWhenATestFails(t *testing.T) {
	output := runChild(t, "TestChildFails")
	for _, table := range []string{"Later", "Own"} {
		if !strings.Contains(output, fmt.Sprintf(`"TableName": %q`, table)) {
			t.Errorf("the request that created %s is not in\n%s", table, output)
		}
	}
	if strings.Contains(output, `"Earlier"`) {
		t.Errorf("the log of an earlier test is in\n%s", output)
	}
}

func TestChildStarts(t *testing.T) {
	onlyInChild(t)
	weirtest.Start(t, weirtest.Flags(strings.Fields(os.Getenv("CHILD_FLAGS"))...))
}

func TestServersThatDoNotStart(t *testing.T) {
	folder := t.TempDir()
	silent := script(t, folder, "silent", "echo what happened >&2; exit 3")
	other := script(t, folder, "other", "echo hello; exec cat")
	for _, c := range []struct {
		name, binary, flags, want string
	}{
		{"no file", filepath.Join(folder, "absent"), "", "WEIR_BINARY names no weir binary"},
		{"ends", silent, "", "it ended before it was ready (exit status 3)"},
		{"its log", silent, "", "what happened"},
		{"another program", other, "", `not a ready line: "hello"`},
		{"unknown flag", os.Getenv("WEIR_BINARY"), "--no-such-flag", "--no-such-flag"},
	} {
		t.Run(c.name, func(t *testing.T) {
			output := runChild(t, "TestChildStarts",
				"WEIR_BINARY="+c.binary, "CHILD_FLAGS="+c.flags)
			if !strings.Contains(output, c.want) {
				t.Errorf("not %q:\n%s", c.want, output)
			}
		})
	}
	t.Run("no binary at all", func(t *testing.T) {
		output := runChild(t, "TestChildStarts", "WEIR_BINARY=", "PATH="+folder)
		if !strings.Contains(output, "name it in the variable WEIR_BINARY") {
			t.Error(output)
		}
	})
}

func TestChildUsesAnEndedServer(t *testing.T) {
	onlyInChild(t)
	w := weirtest.Start(t, weirtest.Flags("--log-level", "trace"))
	createTable(t, w, "Orders")
	awaitAnswer(t, w, "Orders")
	process, err := os.FindProcess(w.PID)
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Kill(); err != nil {
		t.Fatal(err)
	}
	w.Reset(t)
}

func TestErrorsSayHowTheServerHasEnded(t *testing.T) {
	output := runChild(t, "TestChildUsesAnEndedServer")
	want := regexp.MustCompile(
		`the server has ended \(signal: killed\); the end of its log:\n(?s:.*)"Orders"`)
	if !want.MatchString(output) {
		t.Error(output)
	}
}

// A name without a folder is a file of the working directory, not a command of the PATH.
func TestBinaryOfTheWorkingDirectory(t *testing.T) {
	weir, err := filepath.Abs(os.Getenv("WEIR_BINARY"))
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	script(t, folder, "weir", "exec '"+weir+"' \"$@\"")
	other := t.TempDir()
	script(t, other, "weir", "exit 3")
	for _, name := range []string{"weir", "./weir"} {
		command := child("TestChildStarts", "WEIR_BINARY="+name, "PATH="+other+":"+os.Getenv("PATH"))
		command.Dir = folder
		if output, err := command.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", name, err, output)
		}
	}
}

func script(t *testing.T, folder, name, commands string) string {
	t.Helper()
	path := filepath.Join(folder, name)
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+commands+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestChildWaits(t *testing.T) {
	onlyInChild(t)
	w := weirtest.Start(t)
	fmt.Printf("serving on %s\n", w.URL)
	_, _ = io.Copy(io.Discard, os.Stdin)
}

func TestServerEndsWhenItsTestIsKilled(t *testing.T) {
	command := child("TestChildWaits")
	stdin, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer stdin.Close()
	stdout, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	serving := regexp.MustCompile(`serving on (http://(\S+))`)
	var match []string
	for lines := bufio.NewScanner(stdout); match == nil && lines.Scan(); {
		match = serving.FindStringSubmatch(lines.Text())
	}
	if match == nil {
		t.Fatal("the child did not start a server")
	}
	reply, err := http.Get(match[1] + "/_weir/health")
	if err != nil {
		t.Fatal(err)
	}
	reply.Body.Close()
	if err := command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = command.Wait()
	awaitRefusal(t, match[2])
}

// awaitRefusal returns when nothing listens at `address` any more.
func awaitRefusal(t *testing.T, address string) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		connection, err := net.Dial("tcp", address)
		if err != nil {
			return
		}
		connection.Close()
		if time.Now().After(deadline) {
			t.Fatalf("%s still accepts connections", address)
		}
	}
}
