// SPDX-License-Identifier: Apache-2.0

// Package weirtest gives a test a DynamoDB with Streams of its own. Weir is a local DynamoDB, a
// native binary that starts within milliseconds and keeps its data in memory.
//
//	func TestOrders(t *testing.T) {
//		w := weirtest.Start(t)
//		client := dynamodb.New(dynamodb.Options{BaseEndpoint: aws.String(w.URL), …})
//		…
//	}
//
// Start starts a server that ends with the test; tests that run in parallel each start one. Shared
// gives all tests of a package the same server, and each of them an empty one. When a test fails,
// what the server has logged is in the test's log.
//
// The methods of a Server take the test that is to fail if they do, so they must be called from the
// goroutine that runs it, as t.FailNow must.
package weirtest

import (
	"os"
	"strings"
	"sync"
	"testing"
)

// Server is a Weir server, ready for requests.
type Server struct {
	// URL is the endpoint of DynamoDB and of DynamoDB Streams, such as "http://127.0.0.1:40123".
	URL string
	// Port is the port in URL.
	Port int
	// Version is the version of Weir, such as "0.1.0".
	Version string
	// PID is the id of the server's process.
	PID int

	process *process
	control *control
}

type options struct {
	binary string
	flags  []string
}

// Option changes how a server is started.
type Option func(*options)

// Flags adds flags of `weir serve`, such as "--simple-streams". With "--port" among them, the
// server is at that port and not at a free one.
func Flags(flags ...string) Option {
	return func(o *options) { o.flags = append(o.flags, flags...) }
}

// Binary names the file of the weir binary. Without it, that is the one that the variable
// WEIR_BINARY names, else the one in this module, else `weir` on the PATH.
func Binary(path string) Option {
	return func(o *options) { o.binary = path }
}

// Start starts a server on a free port and ends it when the test does. The server has no tables,
// and its data is in memory. The test fails at once if the server does not start.
func Start(t testing.TB, opts ...Option) *Server {
	t.Helper()
	server, err := start(resolve(opts))
	if err != nil {
		t.Fatal(err)
	}
	// Cleanups run in reverse: the log is complete when it is shown.
	logOnFailure(t, server)
	t.Cleanup(server.stop)
	return server
}

var shared = struct {
	sync.Mutex
	servers map[string]*Server
}{servers: map[string]*Server{}}

// Shared gives the test the one server of this process that has these options, after a reset: all
// is as after a start. It also sets the environment to this server, as Setenv does. The first call
// starts the server, which ends with the process.
//
// A reset would empty the tables of another test that runs at the same time. So Shared panics, as
// t.Setenv does, in a test that runs in parallel; such a test calls Start.
func Shared(t testing.TB, opts ...Option) *Server {
	t.Helper()
	o := resolve(opts)
	shared.Lock()
	defer shared.Unlock()
	key := strings.Join(append([]string{o.binary}, o.flags...), "\x00")
	server := shared.servers[key]
	if server == nil {
		var err error
		if server, err = start(o); err != nil {
			t.Fatal(err)
		}
		shared.servers[key] = server
	}
	// First, because it refuses tests that run in parallel.
	server.Setenv(t)
	logOnFailure(t, server)
	server.Reset(t)
	return server
}

func resolve(opts []Option) options {
	var o options
	for _, set := range opts {
		set(&o)
	}
	return o
}

func start(o options) (*Server, error) {
	binary, err := findBinary(o.binary)
	if err != nil {
		return nil, err
	}
	defer binary.release()
	process, err := startProcess(binary.path, o.flags, usual)
	if err != nil {
		return nil, err
	}
	return &Server{
		URL:     process.url,
		Port:    process.port,
		Version: process.version,
		PID:     process.command.Process.Pid,
		process: process,
		control: newControl(process.url, process.obituary),
	}, nil
}

func (s *Server) stop() {
	s.control.http.CloseIdleConnections()
	s.process.stop()
}

// logOnFailure shows what the server logs from now on, if the test has failed when it ends. The
// server answers before it logs, so a line may be with the test before or after its own.
func logOnFailure(t testing.TB, s *Server) {
	begin := s.process.stderr.written()
	t.Cleanup(func() {
		if log := s.process.stderr.since(begin); t.Failed() && log != "" {
			t.Logf("the log of %s:\n%s", s.URL, log)
		}
	})
}

// Reset restores the state of a fresh start: no tables, streams, backups or held transactions, and
// the machine's clock.
func (s *Server) Reset(t testing.TB) {
	t.Helper()
	if err := s.control.post("/_weir/reset", struct{}{}, nil); err != nil {
		t.Fatal(err)
	}
}

// Log returns the last 64 KiB that the server has logged.
func (s *Server) Log() string {
	return s.process.stderr.since(0)
}

// Setenv sets the environment so that the AWS SDKs and the AWS CLI use this server, until the test
// ends: the endpoints of DynamoDB, DynamoDB Streams and STS, keys and a region. What would send
// requests elsewhere or sign them as somebody else is taken away meanwhile: the general endpoint,
// the switch that ignores endpoints, a profile and a session token. As t.Setenv, it cannot be used
// in tests that run in parallel.
func (s *Server) Setenv(t testing.TB) {
	t.Helper()
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL_DYNAMODB":         s.URL,
		"AWS_ENDPOINT_URL_DYNAMODB_STREAMS": s.URL,
		"AWS_ENDPOINT_URL_STS":              s.URL,
		"AWS_ACCESS_KEY_ID":                 "local",
		"AWS_SECRET_ACCESS_KEY":             "local",
		"AWS_REGION":                        "us-east-1",
		"AWS_DEFAULT_REGION":                "us-east-1",
		// A user's ~/.aws/config may say true.
		"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false",
	} {
		t.Setenv(name, value)
	}
	for _, name := range []string{
		"AWS_ENDPOINT_URL", "AWS_PROFILE", "AWS_DEFAULT_PROFILE",
		"AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN",
	} {
		// t.Setenv restores it afterwards; there is no t.Unsetenv.
		t.Setenv(name, "")
		if err := os.Unsetenv(name); err != nil {
			t.Fatal(err)
		}
	}
}
