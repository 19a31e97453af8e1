// SPDX-License-Identifier: Apache-2.0

// Histories made by hand: the checker accepts what DynamoDB may do and finds what it must not.

package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// step is one operation of client `client`, from `call` to `finish`.
func step(client int, call, finish int64, o *operation, answer outcome) done {
	return done{client: client, operation: o, answer: answer, call: call, finish: finish}
}

func answering(items ...item) outcome { return outcome{items: items} }

func reading(kind kind, slots ...int) *operation {
	o := &operation{kind: kind}
	for _, slot := range slots {
		o.actions = append(o.actions, action{verb: get, key: keyOf(0, slot)})
	}
	return o
}

func putting(slot int, version int64) action {
	return action{verb: put, key: keyOf(0, slot), version: version}
}

var (
	none     item
	one      = item{present: true, version: 1}
	two      = item{present: true, version: 2}
	putOne   = &operation{kind: putItem, actions: []action{putting(0, 1)}}
	putTwo   = &operation{kind: putItem, actions: []action{putting(0, 2)}}
	putBoth  = &operation{kind: transactWrite, actions: []action{putting(0, 1), putting(1, 2)}}
	claimOne = &operation{kind: putItem, actions: []action{
		{verb: put, key: keyOf(0, 0), version: 1, condition: condition{kind: absent}}}}
	claimTwo = &operation{kind: putItem, actions: []action{
		{verb: put, key: keyOf(0, 0), version: 2, condition: condition{kind: absent},
			returned: itemBefore}}}
	addOne = &operation{kind: updateItem, actions: []action{
		{verb: update, key: keyOf(0, 0), version: 1, number: 1, returned: itemAfter}}}
	addTwo = &operation{kind: updateItem, actions: []action{
		{verb: update, key: keyOf(0, 0), version: 2, number: 1, returned: itemAfter}}}
)

func refusedWith(old item) outcome { return outcome{failed: []bool{true}, items: []item{old}} }

var histories = []struct {
	name         string
	linearizable bool
	steps        []done
}{
	{"a read sees what was written before", true, []done{
		step(0, 0, 1, putOne, answering(none)),
		step(1, 2, 3, reading(getItem, 0), answering(one)),
	}},
	{"a read misses what was written before", false, []done{
		step(0, 0, 1, putOne, answering(none)),
		step(1, 2, 3, reading(getItem, 0), answering(none)),
	}},
	{"a read beside a write sees either", true, []done{
		step(0, 0, 5, putOne, answering(none)),
		step(1, 1, 2, reading(getItem, 0), answering(none)),
		step(1, 3, 4, reading(getItem, 0), answering(one)),
	}},
	{"a value goes away again", false, []done{
		step(0, 0, 5, putOne, answering(none)),
		step(1, 1, 2, reading(getItem, 0), answering(one)),
		step(1, 3, 4, reading(getItem, 0), answering(none)),
	}},
	{"two claims of an item, one wins", true, []done{
		step(0, 0, 3, claimOne, answering(none)),
		step(1, 0, 3, claimTwo, refusedWith(one)),
	}},
	{"two claims of an item, both win", false, []done{
		step(0, 0, 3, claimOne, answering(none)),
		step(1, 0, 3, claimTwo, answering(none)),
	}},
	{"a refusal shows another item than the one there", false, []done{
		step(0, 0, 1, claimOne, answering(none)),
		step(1, 2, 3, claimTwo, refusedWith(two)),
	}},
	{"a lost update", false, []done{
		step(0, 0, 3, addOne, answering(item{true, 1, 1})),
		step(1, 0, 3, addTwo, answering(item{true, 2, 1})),
	}},
	{"a write that was refused shows", false, []done{
		step(0, 0, 1, claimTwo, answering(none)),
		step(0, 2, 3, claimOne, outcome{failed: []bool{true}, items: []item{none}}),
		step(1, 4, 5, reading(getItem, 0), answering(one)),
	}},
	{"a transaction is seen whole", true, []done{
		step(0, 0, 3, putBoth, answering(none, none)),
		step(1, 1, 2, reading(transactGet, 1, 0), answering(two, one)),
	}},
	{"TransactGetItems sees half of a transaction", false, []done{
		step(0, 0, 3, putBoth, answering(none, none)),
		step(1, 1, 2, reading(transactGet, 0, 1), answering(one, none)),
	}},
	{"single reads see a transaction in parts", false, []done{
		step(0, 0, 9, putBoth, answering(none, none)),
		step(1, 1, 2, reading(getItem, 0), answering(one)),
		step(1, 3, 4, reading(getItem, 1), answering(none)),
	}},
	{"a Query beside a transaction sees half of it", true, []done{
		step(0, 0, 3, putBoth, answering(none, none)),
		step(1, 1, 2, reading(query, 0, 1), answering(one, none)),
	}},
	{"a Query after a transaction sees half of it", false, []done{
		step(0, 0, 1, putBoth, answering(none, none)),
		step(1, 2, 3, reading(query, 0, 1), answering(one, none)),
	}},
	{"a Query sees what nobody wrote", false, []done{
		step(0, 0, 3, putOne, answering(none)),
		step(1, 1, 2, reading(query, 0), answering(two)),
	}},
}

func TestHistories(t *testing.T) {
	for _, each := range histories {
		var h history
		for _, d := range each.steps {
			h.add(d)
		}
		v := checkGroup(state{}, h[0], filepath.Join(t.TempDir(), "drawing.html"))
		if v.linearizable != each.linearizable {
			t.Errorf("%s: %+v", each.name, v)
		}
		if !v.linearizable && !strings.Contains(v.text, "are not linearizable: ") {
			t.Errorf("%s: %s", each.name, v.text)
		}
	}
}

func TestHistoryStartsWithTheItemsThatWereThere(t *testing.T) {
	var h history
	h.add(step(0, 0, 1, reading(getItem, 0), answering(one)))
	if v := checkGroup(state{one}, h[0], ""); !v.linearizable {
		t.Error(v.text)
	}
	drawing := filepath.Join(t.TempDir(), "drawing.html")
	if checkGroup(state{two}, h[0], drawing).linearizable {
		t.Error("another item was there")
	}
}
