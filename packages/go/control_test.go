// SPDX-License-Identifier: Apache-2.0

package weirtest

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// server is one that counts its connections and the requests to it.
type server struct {
	*httptest.Server
	connections, requests int32
}

func newServer(t *testing.T, handle http.HandlerFunc) *server {
	s := &server{}
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(
		func(w http.ResponseWriter, r *http.Request) {
			atomic.AddInt32(&s.requests, 1)
			handle(w, r)
		}))
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			atomic.AddInt32(&s.connections, 1)
		}
	}
	s.Start()
	t.Cleanup(s.Close)
	return s
}

func (s *server) expect(t *testing.T, connections, requests int32) {
	t.Helper()
	if got := atomic.LoadInt32(&s.connections); got != connections {
		t.Errorf("%d connections, not %d", got, connections)
	}
	if got := atomic.LoadInt32(&s.requests); got != requests {
		t.Errorf("%d requests, not %d", got, requests)
	}
}

func runs() string { return "" }

func TestConnectionIsKept(t *testing.T) {
	s := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		if value, sent := r.Header["Idempotency-Key"]; sent {
			t.Errorf("a header that is for the transport was sent: %q", value)
		}
		fmt.Fprint(w, "{}")
	})
	c := newControl(s.URL, runs)
	for round := 0; round < 3; round++ {
		if err := c.post("/_weir/reset", struct{}{}, nil); err != nil {
			t.Fatal(err)
		}
		if err := c.get("/_weir/clock", nil); err != nil {
			t.Fatal(err)
		}
	}
	s.expect(t, 1, 6)
}

// closing answers each connection's first request, and closes it when there is a second one. So
// does a server whose time limit for idle connections is over when a request is under way.
func closing(t *testing.T, answers int32) *server {
	var s *server
	var answered sync.Map
	s = newServer(t, func(w http.ResponseWriter, r *http.Request) {
		_, again := answered.LoadOrStore(r.RemoteAddr, true)
		if again || atomic.LoadInt32(&s.connections) > answers {
			panic(http.ErrAbortHandler)
		}
		fmt.Fprint(w, "{}")
	})
	return s
}

func TestRequestOnAClosedConnectionIsSentOnceMore(t *testing.T) {
	s := closing(t, 2)
	c := newControl(s.URL, runs)
	for round := 0; round < 2; round++ {
		if err := c.post("/_weir/reset", struct{}{}, nil); err != nil {
			t.Fatal(err)
		}
	}
	s.expect(t, 2, 3)
}

func TestRequestOnANewConnectionIsSentOnce(t *testing.T) {
	s := closing(t, 0)
	c := newControl(s.URL, func() string { return "how it has ended" })
	err := c.post("/_weir/reset", struct{}{}, nil)
	if err == nil || !strings.Contains(err.Error(), "EOF: how it has ended") {
		t.Error(err)
	}
	s.expect(t, 1, 1)
}
