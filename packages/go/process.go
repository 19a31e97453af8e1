// SPDX-License-Identifier: Apache-2.0

package weirtest

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// logLimit is how many bytes of a server's log are kept, the last ones.
const logLimit = 64 << 10

// limits say how long to wait for a server. Tests have shorter ones.
type limits struct {
	// start is for the ready line.
	start time.Duration
	// stop is for the requests that are under way at SIGTERM.
	stop time.Duration
	// rest is for the end of a process that does not answer any more, and for the output of one that
	// did not start. Nothing takes that long unless another process has its pipes.
	rest time.Duration
}

var usual = limits{start: 30 * time.Second, stop: 5 * time.Second, rest: 500 * time.Millisecond}

var readyLine = regexp.MustCompile(`^weir (\S+) ready on (http://\S+:(\d+))$`)

// process is a running server. Its standard input is a pipe to which nothing is written: the system
// closes it when this process ends, in whatever way, and the server then ends, too.
type process struct {
	url     string
	version string
	port    int
	stderr  tail

	command *exec.Cmd
	limits  limits
	stdin   *os.File
	// ended is closed when the process has ended, and silent when all of its output has been read.
	// That may be later: other processes may have its pipes, those that a script has started.
	ended, silent chan struct{}
}

// startProcess starts a server and waits for its ready line.
func startProcess(binary string, flags []string, limits limits) (*process, error) {
	p := &process{limits: limits, ended: make(chan struct{}), silent: make(chan struct{})}
	p.command = exec.Command(binary, arguments(flags)...)
	p.command.Env = environment()
	p.command.SysProcAttr = ownSession()
	stdout := &firstLine{line: make(chan string, 1)}
	if err := p.run(stdout); err != nil {
		return nil, fmt.Errorf("weir did not start: %w", err)
	}
	if err := p.awaitReady(stdout.line); err != nil {
		_ = p.command.Process.Kill()
		within(p.ended, limits.stop)
		p.stdin.Close()
		within(p.silent, limits.rest)
		return nil, fmt.Errorf("%s did not start: %w; its log:\n%s", binary, err, p.stderr.since(0))
	}
	return p, nil
}

var portFlag = regexp.MustCompile(`^--?port(=|$)`)

// arguments are those of the command. The port is a free one unless `flags` name one, in the
// spelling of Weir or of DynamoDB Local: a second flag of that name would be refused.
func arguments(flags []string) []string {
	port := []string{"--port", "0"}
	for _, flag := range flags {
		if portFlag.MatchString(flag) {
			port = nil
		}
	}
	all := append([]string{"serve"}, port...)
	return append(append(all, "--exit-with-stdin"), flags...)
}

// run starts the command. The pipes are files, and not the writers and readers of exec.Cmd, so that
// its Wait returns when the process has ended, whoever else has the pipes.
func (p *process) run(stdout io.Writer) error {
	var mine, its []*os.File
	for range [3]int{} {
		reader, writer, err := os.Pipe()
		if err != nil {
			closeAll(append(mine, its...))
			return err
		}
		mine, its = append(mine, reader), append(its, writer)
	}
	// Of the first one, standard input, the server has the end to read from.
	mine[0], its[0] = its[0], mine[0]
	p.command.Stdin, p.command.Stdout, p.command.Stderr = its[0], its[1], its[2]
	p.stdin = mine[0]
	err := p.command.Start()
	closeAll(its)
	if err != nil {
		closeAll(mine)
		return err
	}
	go func() {
		// The error is in ProcessState as well.
		_ = p.command.Wait()
		close(p.ended)
	}()
	var readers sync.WaitGroup
	readers.Add(2)
	read := func(to io.Writer, from *os.File) {
		defer readers.Done()
		defer from.Close()
		_, _ = io.Copy(to, from)
	}
	go read(stdout, mine[1])
	go read(&p.stderr, mine[2])
	go func() {
		readers.Wait()
		close(p.silent)
	}()
	return nil
}

func closeAll(files []*os.File) {
	for _, file := range files {
		file.Close()
	}
}

func (p *process) awaitReady(line <-chan string) error {
	timer := time.NewTimer(p.limits.start)
	defer timer.Stop()
	select {
	case first := <-line:
		return p.takeReadyLine(first)
	case <-p.ended:
		within(p.silent, p.limits.rest)
		select {
		case first := <-line:
			if err := p.takeReadyLine(first); err != nil {
				return err
			}
		default:
		}
		return fmt.Errorf("it ended before it was ready (%s)", p.command.ProcessState)
	case <-timer.C:
		return fmt.Errorf("no ready line within %s", p.limits.start)
	}
}

func (p *process) takeReadyLine(line string) error {
	match := readyLine.FindStringSubmatch(line)
	if match == nil {
		return fmt.Errorf("not a ready line: %q", line)
	}
	p.version, p.url = match[1], match[2]
	var err error
	p.port, err = strconv.Atoi(match[3])
	return err
}

// stop ends the server: by SIGTERM, and by SIGKILL if that takes too long. The end of its input is
// for the server of a script that does not hand on the signal.
func (p *process) stop() {
	// The signals fail if the process has ended already, which is what they are for.
	_ = p.command.Process.Signal(syscall.SIGTERM)
	if !within(p.ended, p.limits.stop) {
		_ = p.command.Process.Kill()
		within(p.ended, p.limits.stop)
	}
	p.stdin.Close()
	within(p.silent, p.limits.stop)
}

// obituary says how the server has ended, and the end of its log; it is empty if the server runs. A
// connection may fail shortly before its process has ended.
func (p *process) obituary() string {
	if !within(p.ended, p.limits.rest) {
		return ""
	}
	within(p.silent, p.limits.rest)
	return fmt.Sprintf("the server has ended (%s); the end of its log:\n%s",
		p.command.ProcessState, p.stderr.since(0))
}

// within waits until `event` is closed, and says whether that was in time.
func within(event <-chan struct{}, limit time.Duration) bool {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-event:
		return true
	case <-timer.C:
	}
	// Both may be true, and then select takes either.
	select {
	case <-event:
		return true
	default:
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
