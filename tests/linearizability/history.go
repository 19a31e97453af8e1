// SPDX-License-Identifier: Apache-2.0

// Histories of operations, and their check by Porcupine.

package main

import (
	"fmt"
	"time"

	"github.com/anishathalye/porcupine"
)

// checkTime bounds the check of one history; one that takes longer counts as failed.
const checkTime = 2 * time.Minute

// done is an operation that was answered, between two moments of one clock.
type done struct {
	client       int
	operation    *operation
	answer       outcome
	call, finish int64
}

// history is what happened to each group.
type history [groupCount][]porcupine.Operation

func (h *history) add(d done) {
	if !d.operation.kind.readsOneByOne() {
		h.addWhole(d)
		return
	}
	for i, a := range d.operation.actions {
		one := d
		one.operation = &operation{kind: d.operation.kind, actions: []action{a}}
		one.answer = outcome{items: d.answer.items[i : i+1]}
		h.addWhole(one)
	}
}

func (h *history) addWhole(d done) {
	group := d.operation.group()
	h[group] = append(h[group], porcupine.Operation{
		ClientId: d.client, Input: d.operation, Call: d.call, Output: d.answer, Return: d.finish,
	})
}

// modelFrom is the sequential specification of one group that starts with the items of `first`.
func modelFrom(first state) porcupine.Model {
	return porcupine.Model{
		Init: func() interface{} { return first },
		Step: func(before, input, output interface{}) (bool, interface{}) {
			after, answer := apply(before.(state), input.(*operation))
			return answer.equals(output.(outcome)), after
		},
		Hash: func(s interface{}) uint64 {
			var sum uint64
			for _, i := range s.(state) {
				sum = sum*1099511628211 + uint64(i.version)
			}
			return sum
		},
		DescribeOperation: func(input, output interface{}) string {
			o := input.(*operation)
			return fmt.Sprintf("%s %v -> %v", o.kind, o.actions, output)
		},
	}
}

// verdict is what became of one group's history.
type verdict struct {
	linearizable bool
	text         string // why not
}

// checkGroup checks a history that starts with `first`. If it is not linearizable, it is drawn into
// the file `drawing`.
func checkGroup(first state, of []porcupine.Operation, drawing string) verdict {
	model := modelFrom(first)
	switch porcupine.CheckOperationsTimeout(model, of, checkTime) {
	case porcupine.Ok:
		return verdict{linearizable: true}
	case porcupine.Unknown:
		return verdict{text: fmt.Sprintf("%d operations could not be checked in %v", len(of), checkTime)}
	}
	_, info := porcupine.CheckOperationsVerbose(model, of, checkTime)
	text := fmt.Sprintf("%d operations are not linearizable: %s",
		len(of), misfit(first, of, info.PartialLinearizationsOperations()[0]))
	if err := porcupine.VisualizePath(model, info, drawing); err != nil {
		return verdict{text: text + "; they could not be drawn: " + err.Error()}
	}
	return verdict{text: text + "; see " + drawing}
}

// misfit tells how far the longest order goes that fits, and which operation had to follow.
func misfit(first state, of []porcupine.Operation, orders [][]porcupine.Operation) string {
	var longest []porcupine.Operation
	for _, order := range orders {
		if len(order) > len(longest) {
			longest = order
		}
	}
	placed := map[interface{}]bool{}
	items := first
	for _, o := range longest {
		placed[o.Input] = true
		items, _ = apply(items, o.Input.(*operation))
	}
	var next *porcupine.Operation
	for i := range of {
		if !placed[of[i].Input] && (next == nil || of[i].Return < next.Return) {
			next = &of[i]
		}
	}
	return fmt.Sprintf("%d fit and leave %v, then comes %s %v -> %v", len(longest), items,
		next.Input.(*operation).kind, next.Input.(*operation).actions, next.Output)
}
