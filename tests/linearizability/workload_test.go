// SPDX-License-Identifier: Apache-2.0

// The workload against stores in memory: a right one passes, and each of several wrong ones, which do
// what servers have been found to do, is found out.

package main

import (
	"runtime"
	"strings"
	"sync"
	"testing"
)

// memory is a store. `wrong` says what it does wrong: nothing, or the name of a fault.
type memory struct {
	wrong string
	mutex sync.Mutex
	items [groupCount]state
	done  map[string]outcome // by token
	calls int
}

func (m *memory) do(o *operation) (outcome, error) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.calls++
	if answer, known := m.done[o.token]; known && m.wrong != "forgets tokens" {
		return answer, nil
	}
	before := m.items
	var answer outcome
	switch {
	case o.kind.readsOneByOne():
		answer = m.readEach(o)
	case m.wrong == "shows halves" && o.kind == transactGet && len(o.actions) > 1:
		answer = m.readEach(o)
	case m.wrong == "writes halves" && o.kind == transactWrite:
		answer = m.writeEach(o)
	default:
		answer = m.apply(o)
	}
	switch {
	case m.wrong == "loses writes" && o.kind == putItem && m.calls%10 == 0:
		m.items = before
	case m.wrong == "shows what was refused" && answer.refused() && len(o.actions) > 1:
		m.writeEach(o)
	}
	if o.token != "" && !answer.refused() {
		m.done[o.token] = answer
	}
	return answer, nil
}

func (m *memory) apply(o *operation) outcome {
	after, answer := apply(m.items[o.group()], o)
	m.items[o.group()] = after
	return answer
}

// readEach lets others in between its reads.
func (m *memory) readEach(o *operation) outcome {
	answer := outcome{items: make([]item, len(o.actions))}
	for i, a := range o.actions {
		answer.items[i] = m.items[a.key.group()][a.key.slot()]
		m.letOthersIn()
	}
	return answer
}

// writeEach writes actions whose conditions hold even if others' do not.
func (m *memory) writeEach(o *operation) outcome {
	_, answer := apply(m.items[o.group()], o)
	for _, a := range o.actions {
		m.apply(&operation{kind: o.kind, actions: []action{a}})
		m.letOthersIn()
	}
	return answer
}

func (m *memory) letOthersIn() {
	m.mutex.Unlock()
	runtime.Gosched()
	m.mutex.Lock()
}

func runOn(t *testing.T, wrong string) error {
	m := &memory{wrong: wrong, done: map[string]outcome{}}
	// It takes long to be sure that no order fits a long history.
	return newRun(m, 1, t.TempDir()).all(4000, 200)
}

func TestRightStorePasses(t *testing.T) {
	if err := runOn(t, ""); err != nil {
		t.Error(err)
	}
}

func TestWrongStoresAreFoundOut(t *testing.T) {
	for _, wrong := range []string{"forgets tokens", "shows halves", "writes halves",
		"loses writes", "shows what was refused"} {
		wrong := wrong
		t.Run(wrong, func(t *testing.T) {
			err := runOn(t, wrong)
			if err == nil || !strings.Contains(err.Error(), "are not linearizable") {
				t.Error(err)
			}
		})
	}
}
