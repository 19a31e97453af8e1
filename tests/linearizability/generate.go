// SPDX-License-Identifier: Apache-2.0

// Random operations.

package main

import (
	"fmt"
	"math/rand"
	"sync/atomic"
)

// versions numbers the writes of a run.
type versions struct{ last int64 }

func (v *versions) next() int64 { return atomic.AddInt64(&v.last, 1) }

// generator makes one client's operations. What it has seen decides what its conditions ask for.
type generator struct {
	random   *rand.Rand
	versions *versions
	tokens   string // how ClientRequestTokens begin, different in each run
	groups   []int  // those that are in use
	seen     [keyCount]item
}

// How often each kind is made, of all that are listed.
var weights = [kinds]int{
	getItem: 22, putItem: 18, updateItem: 16, deleteItem: 7, transactWrite: 20, transactGet: 11,
	batchGet: 2, query: 3, scan: 1,
}

func (g *generator) pickKind() kind {
	total := 0
	for _, weight := range weights {
		total += weight
	}
	at := g.random.Intn(total)
	for k, weight := range weights {
		if at < weight {
			return kind(k)
		}
		at -= weight
	}
	panic("no kind was picked")
}

func (g *generator) next() *operation {
	o := &operation{kind: g.pickKind()}
	group := g.groups[g.random.Intn(len(g.groups))]
	switch o.kind {
	case transactWrite:
		for _, slot := range g.someSlots() {
			o.actions = append(o.actions, g.transactedAction(keyOf(group, slot)))
		}
		if g.random.Intn(10) == 0 {
			o.token = fmt.Sprintf("%s-%d", g.tokens, g.versions.next())
		}
	case transactGet, batchGet:
		for _, slot := range g.someSlots() {
			o.actions = append(o.actions, action{verb: get, key: keyOf(group, slot)})
		}
	case query:
		o.actions = readsOfSorted(group)
	case scan:
		for each := 0; each < groupCount; each++ {
			o.actions = append(o.actions, readsOfSorted(each)...)
		}
	default:
		o.actions = []action{g.singleAction(o.kind, keyOf(group, g.random.Intn(itemsPerGroup)))}
	}
	return o
}

// someSlots picks one to all slots of a group, in any order.
func (g *generator) someSlots() []int {
	return g.random.Perm(itemsPerGroup)[:1+g.random.Intn(itemsPerGroup)]
}

func readsOfSorted(group int) []action {
	var actions []action
	for slot := 0; slot < itemsPerGroup; slot++ {
		if isSorted(slot) {
			actions = append(actions, action{verb: get, key: keyOf(group, slot)})
		}
	}
	return actions
}

func (g *generator) singleAction(k kind, of key) action {
	switch k {
	case putItem:
		return g.write(put, of, g.maybeCondition(of, 2), returned(g.random.Intn(int(itemAfter))))
	case updateItem:
		return g.write(update, of, g.maybeCondition(of, 2), returned(g.random.Intn(int(itemAfter)+1)))
	case deleteItem:
		return g.write(remove, of, g.maybeCondition(of, 2), returned(g.random.Intn(int(itemAfter))))
	default:
		return action{verb: get, key: of}
	}
}

func (g *generator) transactedAction(of key) action {
	verbs := []verb{put, put, update, update, update, remove, check, check}
	v := verbs[g.random.Intn(len(verbs))]
	c := g.maybeCondition(of, 4) // there may be four actions
	if v == check {
		c = g.condition(of)
	}
	return g.write(v, of, c, returned(g.random.Intn(int(itemAfter))))
}

func (g *generator) write(v verb, of key, c condition, r returned) action {
	a := action{verb: v, key: of, condition: c, returned: r}
	if v == put || v == update {
		a.version = g.versions.next()
		a.number = int64(g.random.Intn(21) - 10)
	}
	return a
}

// maybeCondition is a condition one time in `times`.
func (g *generator) maybeCondition(of key, times int) condition {
	if g.random.Intn(times) > 0 {
		return condition{}
	}
	return g.condition(of)
}

// condition is one that holds if the item is still as this client saw it last, three times in four.
func (g *generator) condition(of key) condition {
	seen := g.seen[of]
	guess := seen.present != (g.random.Intn(4) == 0)
	switch {
	case !guess:
		return condition{kind: absent}
	case g.random.Intn(3) == 0:
		return condition{kind: exists}
	case g.random.Intn(2) == 0:
		return condition{kind: numberAtLeast, value: seen.number}
	default:
		return condition{kind: versionIs, value: seen.version}
	}
}

// learn keeps what an operation's answer says of the items.
func (g *generator) learn(o *operation, answer outcome) {
	for i, a := range o.actions {
		switch {
		case answer.refused():
			if answer.failed[i] && a.returned == itemBefore {
				g.seen[a.key] = answer.items[i]
			}
		case a.verb == get || a.returned == itemAfter:
			g.seen[a.key] = answer.items[i]
		default:
			g.seen[a.key] = a.after(g.seen[a.key])
		}
	}
}
