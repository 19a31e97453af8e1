// SPDX-License-Identifier: Apache-2.0

package weirtest

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	startDeadline = 30 * time.Second
	// stopDeadline is for the requests that are under way at SIGTERM.
	stopDeadline = 5 * time.Second
	// logLimit is how many bytes of a server's log are kept, the last ones.
	logLimit = 64 << 10
)

var readyLine = regexp.MustCompile(`^weir (\S+) ready on (http://\S+:(\d+))$`)

// process is a running server. Its standard input is a pipe to which nothing is written: the system
// closes it when this process ends, in whatever way, and the server then ends, too.
type process struct {
	url     string
	version string
	port    int
	stderr  tail

	command *exec.Cmd
	// ended is closed when the process has ended and all of its output has been read.
	ended chan struct{}
}

// startProcess starts a server and waits for its ready line.
func startProcess(binary string, flags []string) (*process, error) {
	arguments := append([]string{"serve", "--port", "0", "--exit-with-stdin"}, flags...)
	p := &process{command: exec.Command(binary, arguments...), ended: make(chan struct{})}
	stdout := &firstLine{line: make(chan string, 1)}
	p.command.Env = environment()
	p.command.Stdout = stdout
	p.command.Stderr = &p.stderr
	// Nothing but Wait closes the pipe, after the server's end.
	if _, err := p.command.StdinPipe(); err != nil {
		return nil, err
	}
	if err := p.command.Start(); err != nil {
		return nil, fmt.Errorf("weir did not start: %w", err)
	}
	go func() {
		// The error is in ProcessState as well.
		_ = p.command.Wait()
		close(p.ended)
	}()
	if err := p.awaitReady(stdout.line); err != nil {
		_ = p.command.Process.Kill()
		p.endsInTime()
		return nil, fmt.Errorf("%s did not start: %w; its log:\n%s", binary, err, p.stderr.since(0))
	}
	return p, nil
}

func (p *process) awaitReady(line <-chan string) error {
	timer := time.NewTimer(startDeadline)
	defer timer.Stop()
	select {
	case first := <-line:
		match := readyLine.FindStringSubmatch(first)
		if match == nil {
			return fmt.Errorf("not a ready line: %q", first)
		}
		p.version, p.url = match[1], match[2]
		var err error
		p.port, err = strconv.Atoi(match[3])
		return err
	case <-p.ended:
		return fmt.Errorf("it ended before its ready line (%s)", p.command.ProcessState)
	case <-timer.C:
		return fmt.Errorf("no ready line within %s", startDeadline)
	}
}

// stop ends the server: by SIGTERM, and by SIGKILL if that takes too long.
func (p *process) stop() {
	// The signals fail if the process has ended already, which is what they are for.
	_ = p.command.Process.Signal(syscall.SIGTERM)
	if !p.endsInTime() {
		_ = p.command.Process.Kill()
		p.endsInTime()
	}
}

// endsInTime waits for the end. A script in the place of the binary may end and leave a process
// that keeps the pipes open, so there is a limit even after SIGKILL.
func (p *process) endsInTime() bool {
	timer := time.NewTimer(stopDeadline)
	defer timer.Stop()
	select {
	case <-p.ended:
		return true
	case <-timer.C:
		return false
	}
}

// environment is this process's without WEIR_…, the settings of somebody's own server.
func environment() []string {
	var kept []string
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "WEIR_") {
			kept = append(kept, variable)
		}
	}
	return kept
}

// firstLine takes all that is written to it, and sends the first line, without its end.
type firstLine struct {
	line chan string
	text []byte
	sent bool
}

func (f *firstLine) Write(text []byte) (int, error) {
	if !f.sent {
		f.text = append(f.text, text...)
		if end := bytes.IndexByte(f.text, '\n'); end >= 0 {
			f.line <- string(f.text[:end])
			f.sent, f.text = true, nil
		}
	}
	return len(text), nil
}

// tail keeps the last logLimit bytes that are written to it. It is safe for concurrent use.
type tail struct {
	mutex sync.Mutex
	text  []byte
	// dropped is how many bytes were written before text.
	dropped int64
}

func (l *tail) Write(text []byte) (int, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.text = append(l.text, text...)
	if excess := len(l.text) - logLimit; excess > 0 {
		l.text = append(l.text[:0], l.text[excess:]...)
		l.dropped += int64(excess)
	}
	return len(text), nil
}

// written is how many bytes have been written so far.
func (l *tail) written() int64 {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.dropped + int64(len(l.text))
}

// since returns what was written after the first `begin` bytes and is still kept.
func (l *tail) since(begin int64) string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if begin < l.dropped {
		begin = l.dropped
	}
	return string(l.text[begin-l.dropped:])
}
