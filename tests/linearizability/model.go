// SPDX-License-Identifier: Apache-2.0

// What operations mean: DynamoDB's data model as a pure function, over items that hold nothing but a
// version, which no two writes give alike, and a number that updates add to.

package main

import "fmt"

// Keys come in groups. A transaction stays within one group, so that the history of each group can be
// checked by itself: what is linearizable group by group is linearizable as a whole.
const (
	itemsPerGroup = 4
	groupCount    = 8
	keyCount      = itemsPerGroup * groupCount
)

// key names one item of all.
type key int

func (k key) group() int        { return int(k) / itemsPerGroup }
func (k key) slot() int         { return int(k) % itemsPerGroup }
func keyOf(group, slot int) key { return key(group*itemsPerGroup + slot) }

// item is what a key holds; the zero value is no item.
type item struct {
	present bool
	version int64
	number  int64
}

func (i item) String() string {
	if !i.present {
		return "none"
	}
	return fmt.Sprintf("v%d(%d)", i.version, i.number)
}

// state is all items of one group.
type state [itemsPerGroup]item

type conditionKind uint8

const (
	always conditionKind = iota
	exists
	absent
	versionIs
	numberAtLeast
)

type condition struct {
	kind  conditionKind
	value int64
}

func (c condition) holds(before item) bool {
	switch c.kind {
	case exists:
		return before.present
	case absent:
		return !before.present
	case versionIs:
		return before.present && before.version == c.value
	case numberAtLeast:
		return before.present && before.number >= c.value
	default:
		return true
	}
}

func (c condition) String() string {
	return [...]string{"", " if exists", " if absent", " if version is ", " if number >= "}[c.kind] +
		map[bool]string{true: fmt.Sprint(c.value)}[c.kind >= versionIs]
}

type verb uint8

const (
	get verb = iota
	put
	update // sets the version, adds to the number
	remove
	check
)

// returned says what a write answers. Transactions answer the item only where a condition failed.
type returned uint8

const (
	nothing returned = iota
	itemBefore
	itemAfter
)

// action is what an operation does to one item.
type action struct {
	verb      verb
	key       key
	version   int64
	number    int64
	condition condition
	returned  returned
}

func (a action) String() string {
	name := [...]string{"get", "put", "update", "delete", "check"}[a.verb]
	what := ""
	switch a.verb {
	case put:
		what = " = " + item{true, a.version, a.number}.String()
	case update:
		what = fmt.Sprintf(" = v%d(%+d)", a.version, a.number)
	}
	return fmt.Sprintf("%s %d.%d%s%s", name, a.key.group(), a.key.slot(), what, a.condition)
}

func (a action) after(before item) item {
	switch a.verb {
	case put:
		return item{true, a.version, a.number}
	case update:
		return item{true, a.version, before.number + a.number}
	case remove:
		return item{}
	default:
		return before
	}
}

// operation is one request, or the part of one that happens at once. No two actions have one key.
type operation struct {
	kind    kind
	actions []action
	token   string // a transaction's ClientRequestToken
}

func (o *operation) group() int { return o.actions[0].key.group() }

// outcome is what an operation answers.
type outcome struct {
	failed []bool // one an action, if a condition failed; else nothing was refused
	items  []item // one an action: what was read or is returned
}

func (o outcome) refused() bool { return o.failed != nil }

func (o outcome) equals(other outcome) bool {
	if len(o.failed) != len(other.failed) || len(o.items) != len(other.items) {
		return false
	}
	for i := range o.failed {
		if o.failed[i] != other.failed[i] {
			return false
		}
	}
	for i := range o.items {
		if o.items[i] != other.items[i] {
			return false
		}
	}
	return true
}

func (o outcome) String() string {
	if o.refused() {
		return fmt.Sprintf("refused %v %v", o.failed, o.items)
	}
	return fmt.Sprint(o.items)
}

// apply gives the state after an operation and what it answers: all of its actions, or none.
func apply(before state, o *operation) (state, outcome) {
	after := before
	done := outcome{items: make([]item, len(o.actions))}
	refusal := outcome{items: make([]item, len(o.actions)), failed: make([]bool, len(o.actions))}
	refused := false
	for i, a := range o.actions {
		old := before[a.key.slot()]
		if !a.condition.holds(old) {
			refused = true
			refusal.failed[i] = true
			if a.returned == itemBefore {
				refusal.items[i] = old
			}
		}
		after[a.key.slot()] = a.after(old)
		done.items[i] = answerOf(o.kind, a, old)
	}
	if refused {
		return before, refusal
	}
	return after, done
}

func answerOf(k kind, a action, before item) item {
	switch {
	case a.verb == get || (a.returned == itemBefore && k != transactWrite):
		return before
	case a.returned == itemAfter:
		return a.after(before)
	default:
		return item{}
	}
}
