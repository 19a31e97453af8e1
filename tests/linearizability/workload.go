// SPDX-License-Identifier: Apache-2.0

// One run: clients that send random operations to a store at once, in rounds. Between two rounds
// nothing is under way and all items are read, which ends the history of the one and is where that of
// the other starts. So a run of any length is checked in the memory of one round.

package main

import (
	"fmt"
	"math/rand"
	"path/filepath"
	"sync"
	"time"
)

const (
	clientCount       = 8
	operationsInRound = 800
)

// store answers operations. Any error ends the run: nothing that is sent deserves one.
type store interface {
	do(o *operation) (outcome, error)
}

// run is one seed's.
type run struct {
	store      store
	seed       int64
	drawings   string // the folder for what is not linearizable
	started    time.Time
	clients    [clientCount]*generator
	items      [groupCount]state // where the round started
	statistics statistics
}

func newRun(s store, seed int64, drawings string) *run {
	r := &run{store: s, seed: seed, drawings: drawings, started: time.Now()}
	all := &versions{}
	for i := range r.clients {
		source := rand.NewSource(seed*clientCount + int64(i))
		r.clients[i] = &generator{
			random: rand.New(source), versions: all, tokens: fmt.Sprintf("%x", r.started.UnixNano()),
		}
	}
	return r
}

// all sends `operations` operations, in rounds of `size`, and fails with the first round that is not
// as it should be.
func (r *run) all(operations, size int) error {
	for round := 0; operations > 0; round++ {
		if size > operations {
			size = operations
		}
		operations -= size
		if err := r.round(round, size); err != nil {
			return fmt.Errorf("seed %d, round %d: %w", r.seed, round, err)
		}
	}
	return nil
}

func (r *run) now() int64 { return time.Since(r.started).Nanoseconds() }

func (r *run) round(number, operations int) error {
	random := rand.New(rand.NewSource(r.seed ^ int64(number)<<32))
	groups := random.Perm(groupCount)[:1<<uint(random.Intn(4))]
	var results [clientCount][]done
	var errors [clientCount]error
	var waiting sync.WaitGroup
	for i := range r.clients {
		i, share := i, operations/clientCount
		if i < operations%clientCount {
			share++
		}
		r.clients[i].groups = groups
		waiting.Add(1)
		go func() {
			defer waiting.Done()
			results[i], errors[i] = r.client(i, share)
		}()
	}
	waiting.Wait()
	var all history
	for i := range results {
		if errors[i] != nil {
			return errors[i]
		}
		for _, d := range results[i] {
			all.add(d)
			r.statistics.count(d)
		}
	}
	return r.finish(number, &all)
}

// client sends `count` operations, one after the other.
func (r *run) client(number, count int) ([]done, error) {
	g := r.clients[number]
	all := make([]done, 0, count)
	for i := 0; i < count; i++ {
		o := g.next()
		answered, err := r.send(number, o)
		if err != nil {
			return nil, fmt.Errorf("%s %v: %w", o.kind, o.actions, err)
		}
		for _, d := range answered {
			g.learn(d.operation, d.answer)
		}
		all = append(all, answered...)
	}
	return all, nil
}

// send sends an operation, one with a token twice at once.
func (r *run) send(client int, o *operation) ([]done, error) {
	if o.token == "" {
		d, err := r.sendOnce(client, o)
		return []done{d}, err
	}
	var second done
	var secondError error
	finished := make(chan struct{})
	go func() {
		defer close(finished)
		second, secondError = r.sendOnce(client, o)
	}()
	first, err := r.sendOnce(client, o)
	<-finished
	if err == nil {
		err = secondError
	}
	if err != nil || first.answer.refused() || second.answer.refused() {
		// A transaction that is refused leaves its token free, so each of the two counts.
		again := *o
		second.operation = &again
		return []done{first, second}, err
	}
	// It happened once, and before the first answer.
	if second.call < first.call {
		first.call = second.call
	}
	if second.finish < first.finish {
		first.finish = second.finish
	}
	return []done{first}, nil
}

func (r *run) sendOnce(client int, o *operation) (done, error) {
	call := r.now()
	answer, err := r.store.do(o)
	return done{client: client, operation: o, answer: answer, call: call, finish: r.now()}, err
}

// finish reads all items, which nobody changes now, and checks the round.
func (r *run) finish(number int, all *history) error {
	for group := 0; group < groupCount; group++ {
		o := &operation{kind: transactGet}
		for slot := 0; slot < itemsPerGroup; slot++ {
			o.actions = append(o.actions, action{verb: get, key: keyOf(group, slot)})
		}
		last, err := r.sendOnce(0, o)
		if err != nil {
			return fmt.Errorf("%s %v: %w", o.kind, o.actions, err)
		}
		all.add(last)
		name := fmt.Sprintf("seed-%d-round-%d-group-%d.html", r.seed, number, group)
		v := checkGroup(r.items[group], all[group], filepath.Join(r.drawings, name))
		if !v.linearizable {
			return fmt.Errorf("group %d: %s", group, v.text)
		}
		r.statistics.checked(len(all[group]))
		copy(r.items[group][:], last.answer.items)
	}
	return nil
}
