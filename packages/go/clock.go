// SPDX-License-Identifier: Apache-2.0

package weirtest

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"
)

// Clock is the server's clock, which all that takes time follows: the retention of streams,
// iterators that expire, items that time to live deletes. Its methods, but for IsFrozen, return the
// time that it shows then, in UTC and to the microsecond, when all that is due by it has happened.
type Clock struct {
	t       testing.TB
	control *control
}

// Clock returns the server's clock. Its methods fail `t`.
func (s *Server) Clock(t testing.TB) Clock {
	return Clock{t, s.control}
}

// Now returns the time.
func (c Clock) Now() time.Time {
	c.t.Helper()
	return c.get().Now
}

// IsFrozen tells whether the clock is stopped.
func (c Clock) IsFrozen() bool {
	c.t.Helper()
	return c.get().Frozen
}

type clockState struct {
	Now    time.Time
	Frozen bool
}

func (c Clock) get() clockState {
	c.t.Helper()
	var state clockState
	if err := c.control.get("/_weir/clock", &state); err != nil {
		c.t.Fatal(err)
	}
	return state
}

// Freeze stops the clock.
func (c Clock) Freeze() time.Time {
	c.t.Helper()
	return c.change(change{Freeze: true})
}

// FreezeAt stops the clock and moves it to `at`, which must not be before its time.
func (c Clock) FreezeAt(at time.Time) time.Time {
	c.t.Helper()
	return c.change(change{Freeze: true, Set: format(at)})
}

// Advance moves the clock forward, by 100 years at most.
func (c Clock) Advance(by time.Duration) time.Time {
	c.t.Helper()
	return c.change(change{Advance: json.Number(fmt.Sprintf("%.6f", by.Seconds()))})
}

// Set moves the clock to `to`, which must not be before its time.
func (c Clock) Set(to time.Time) time.Time {
	c.t.Helper()
	return c.change(change{Set: format(to)})
}

// Resume lets the clock run on from the time that it shows.
func (c Clock) Resume() time.Time {
	c.t.Helper()
	return c.change(change{Resume: true})
}

// change is the body of POST /_weir/clock.
type change struct {
	Freeze  bool        `json:"freeze,omitempty"`
	Set     string      `json:"set,omitempty"`
	Advance json.Number `json:"advance,omitempty"`
	Resume  bool        `json:"resume,omitempty"`
}

func format(at time.Time) string {
	return at.UTC().Format("2006-01-02T15:04:05.000000Z")
}

func (c Clock) change(body change) time.Time {
	c.t.Helper()
	var state clockState
	if err := c.control.post("/_weir/clock", body, &state); err != nil {
		c.t.Fatal(err)
	}
	return state.Now
}
