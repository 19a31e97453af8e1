// SPDX-License-Identifier: Apache-2.0

// What servers answer, as outcomes.

package main

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// answer is the body of any answer.
type answer struct {
	Type                string `json:"__type"`
	Item                attributes
	Attributes          attributes
	Items               []attributes
	Responses           json.RawMessage
	CancellationReasons []struct {
		Code string
		Item attributes
	}
	UnprocessedKeys  map[string]json.RawMessage
	LastEvaluatedKey attributes
}

// decode gives the outcome of `o`, or an error for an answer that no such operation deserves.
func (t tables) decode(o *operation, status int, body []byte) (outcome, error) {
	var a answer
	if err := json.Unmarshal(body, &a); err != nil {
		return outcome{}, fmt.Errorf("%d %s: %w", status, body, err)
	}
	var result outcome
	var err error
	switch {
	case status == http.StatusOK:
		result.items, err = t.items(o, &a)
	case status == http.StatusBadRequest:
		result, err = refusal(o, &a)
	default:
		err = fmt.Errorf("unexpected status")
	}
	if err != nil {
		return outcome{}, fmt.Errorf("%d %s: %w", status, body, err)
	}
	return result, nil
}

// refusal is the outcome of an operation with a condition that failed.
func refusal(o *operation, a *answer) (outcome, error) {
	result := outcome{failed: make([]bool, len(o.actions)), items: make([]item, len(o.actions))}
	switch name := errorName(a.Type); {
	case name == "ConditionalCheckFailedException" && len(o.actions) == 1:
		i, err := itemOf(o.actions[0].key, a.Item)
		result.failed[0], result.items[0] = true, i
		return result, err
	case name != "TransactionCanceledException" || len(a.CancellationReasons) != len(o.actions):
		return outcome{}, fmt.Errorf("unexpected error")
	}
	for i, reason := range a.CancellationReasons {
		switch reason.Code {
		case "None":
		case "ConditionalCheckFailed":
			var err error
			result.failed[i] = true
			if result.items[i], err = itemOf(o.actions[i].key, reason.Item); err != nil {
				return outcome{}, err
			}
		default:
			return outcome{}, fmt.Errorf("unexpected reason")
		}
	}
	return result, nil
}

// items are those that an operation answers, one an action.
func (t tables) items(o *operation, a *answer) ([]item, error) {
	if len(a.UnprocessedKeys) > 0 || len(a.LastEvaluatedKey) > 0 {
		return nil, fmt.Errorf("answers only a part")
	}
	switch o.kind {
	case transactGet:
		return transactedItems(o, a)
	case batchGet:
		var responses map[string][]attributes
		if err := json.Unmarshal(a.Responses, &responses); err != nil {
			return nil, err
		}
		return assign(o, append(responses[t.hashed], responses[t.sorted]...))
	case query, scan:
		return assign(o, a.Items)
	}
	all := make([]item, len(o.actions))
	if o.kind == transactWrite {
		return all, nil
	}
	shown := a.Attributes
	if o.kind == getItem {
		shown = a.Item
	}
	var err error
	all[0], err = itemOf(o.actions[0].key, shown)
	return all, err
}

func transactedItems(o *operation, a *answer) ([]item, error) {
	var responses []struct{ Item attributes }
	if err := json.Unmarshal(a.Responses, &responses); err != nil {
		return nil, err
	}
	if len(responses) != len(o.actions) {
		return nil, fmt.Errorf("%d responses to %d reads", len(responses), len(o.actions))
	}
	all := make([]item, len(o.actions))
	for i, response := range responses {
		var err error
		if all[i], err = itemOf(o.actions[i].key, response.Item); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// assign finds each action's item among those of an answer in which absent ones are left out.
func assign(o *operation, found []attributes) ([]item, error) {
	byKey := map[string]attributes{}
	for _, each := range found {
		byKey[each["pk"].S+" "+each["sk"].N] = each
	}
	if len(byKey) != len(found) {
		return nil, fmt.Errorf("an item twice")
	}
	all := make([]item, len(o.actions))
	for i, a := range o.actions {
		of := keyAttributes(a.key)
		name := of["pk"].S + " " + of["sk"].N
		var err error
		if all[i], err = itemOf(a.key, byKey[name]); err != nil {
			return nil, err
		}
		delete(byKey, name)
	}
	if len(byKey) > 0 {
		return nil, fmt.Errorf("items that were not asked for")
	}
	return all, nil
}
