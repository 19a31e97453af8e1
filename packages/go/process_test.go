// SPDX-License-Identifier: Apache-2.0

//go:build unix

// Tests with scripts in the place of the binary, and with shorter limits.

package weirtest

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// ready is the line of a server that is there, though nothing listens.
const ready = "echo 'weir 1 ready on http://127.0.0.1:1'\n"

// patience is far more than what should be at once takes, and less than what the scripts take.
const patience = 10 * time.Second

// runScript starts a script as if it were the binary.
func runScript(t *testing.T, commands string, l limits) (*process, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "weir")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+commands+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return startProcess(path, nil, l)
}

func mustRun(t *testing.T, commands string, l limits) *process {
	t.Helper()
	p, err := runScript(t, commands, l)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.stop)
	return p
}

// readPID returns the id of a process that a script has written to a file.
func readPID(t *testing.T, path string) int {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	id, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// short is `usual` with these limits for the start and the stop.
func short(start, stop time.Duration) limits {
	return limits{start: start, stop: stop, rest: usual.rest}
}

// measure fails if `act` takes as long as `limit`.
func measure(t *testing.T, limit time.Duration, act func()) {
	t.Helper()
	begin := time.Now()
	act()
	if took := time.Since(begin); took >= limit {
		t.Errorf("it took %s", took)
	}
}

func TestSilentServerDoesNotStart(t *testing.T) {
	pid := filepath.Join(t.TempDir(), "pid")
	measure(t, patience, func() {
		_, err := runScript(t, "echo $$ >"+pid+"; exec sleep 60", short(300*time.Millisecond, patience))
		if err == nil || !strings.Contains(err.Error(), "no ready line within 300ms") {
			t.Error(err)
		}
	})
	id := readPID(t, pid)
	if err := syscall.Kill(id, 0); err != syscall.ESRCH {
		t.Errorf("process %d is still there: %v", id, err)
	}
}

func TestDeafServerIsKilled(t *testing.T) {
	p := mustRun(t, "trap '' TERM\n"+ready+"while :; do sleep 0.05; done",
		short(patience, 300*time.Millisecond))
	measure(t, patience, p.stop)
	if !within(p.ended, 0) {
		t.Fatal("it has not ended")
	}
	if got := p.command.ProcessState.String(); got != "signal: killed" {
		t.Errorf("it ended by %s", got)
	}
}

func TestServerHasTimeForItsRequests(t *testing.T) {
	if usual.stop != 5*time.Second || usual.start != 30*time.Second {
		t.Errorf("the limits are %+v", usual)
	}
	p := mustRun(t, "trap 'sleep 0.3; exit 7' TERM\n"+ready+"while :; do sleep 0.05; done", usual)
	p.stop()
	if got := p.command.ProcessState.String(); got != "exit status 7" {
		t.Errorf("it ended by %s", got)
	}
}

func TestScriptThatDoesNotHandOnTheSignal(t *testing.T) {
	weir, err := filepath.Abs(os.Getenv("WEIR_BINARY"))
	if err != nil {
		t.Fatal(err)
	}
	// A shell may let the last command take its place.
	p := mustRun(t, "'"+weir+"' \"$@\"\nexit 0", usual)
	measure(t, usual.stop, p.stop)
	if err := newControl(p.url, p.obituary).get("/_weir/clock", nil); err == nil {
		t.Errorf("%s still answers", p.url)
	}
	if log := p.stderr.since(0); !strings.Contains(log, "ending at the end of standard input") {
		t.Errorf("the log is not complete: %s", log)
	}
}

// The process that is left has the pipes, so that they have no end.
func TestScriptThatLeavesAProcess(t *testing.T) {
	for _, c := range []struct{ name, then, want string }{
		{"a line", "echo hello", `not a ready line: "hello"`},
		{"no line", "echo why >&2; exit 3", "(exit status 3); its log:\nwhy"},
	} {
		t.Run(c.name, func(t *testing.T) {
			pid := filepath.Join(t.TempDir(), "pid")
			defer func() { _ = syscall.Kill(readPID(t, pid), syscall.SIGKILL) }()
			measure(t, usual.stop, func() {
				_, err := runScript(t, "sleep 60 & echo $! >"+pid+"; "+c.then, usual)
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Error(err)
				}
			})
		})
	}
}

func TestLineAfterTheEndOfAScript(t *testing.T) {
	l := limits{start: patience, stop: patience, rest: patience}
	_, err := runScript(t, "(sleep 0.2; echo hello) & exit 3", l)
	if err == nil || !strings.Contains(err.Error(), `not a ready line: "hello"`) {
		t.Error(err)
	}
}

func TestEndOfALongLogIsKept(t *testing.T) {
	long := "head -c 300000 /dev/zero | tr '\\0' x >&2; echo the end >&2\n"
	p := mustRun(t, long+ready+"exec cat", usual)
	p.stop()
	log := p.stderr.since(0)
	if len(log) != 64<<10 || !strings.HasSuffix(log, "xxxthe end\n") {
		t.Errorf("%d bytes of log, the last are %q", len(log), log[len(log)-20:])
	}
	if written := p.stderr.written(); written != 300000+int64(len("the end\n")) {
		t.Errorf("%d bytes were written", written)
	}
}

func TestServerHasASessionOfItsOwn(t *testing.T) {
	p := mustRun(t, ready+"exec cat", usual)
	pid := p.command.Process.Pid
	group, err := syscall.Getpgid(pid)
	if err != nil {
		t.Fatal(err)
	}
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		t.Fatal(err)
	}
	// After the name: the state, the parent, the group, the session.
	session := strings.Fields(strings.SplitN(string(stat), ") ", 2)[1])[3]
	if group != pid || session != strconv.Itoa(pid) {
		t.Errorf("process %d is in group %d and session %s", pid, group, session)
	}
}
