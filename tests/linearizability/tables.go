// SPDX-License-Identifier: Apache-2.0

// Where the items are: half of each group in a table with a partition key, half in one partition of a
// table with a sort key.

package main

import (
	"fmt"
	"strconv"
)

// isSorted tells whether the items of a slot are in the table with a sort key.
func isSorted(slot int) bool { return slot >= itemsPerGroup/2 }

// value is an attribute's, as JSON has it.
type value struct {
	S string `json:"S,omitempty"`
	N string `json:"N,omitempty"`
}

type attributes map[string]value

func number(n int64) value { return value{N: strconv.FormatInt(n, 10)} }

// tables are the names of a run's two.
type tables struct{ hashed, sorted string }

func newTables(prefix string) tables { return tables{prefix + "-hashed", prefix + "-sorted"} }

func (t tables) nameOf(k key) string {
	if isSorted(k.slot()) {
		return t.sorted
	}
	return t.hashed
}

func partitionOf(group int) value { return value{S: fmt.Sprintf("group-%d", group)} }

func keyAttributes(k key) attributes {
	if isSorted(k.slot()) {
		return attributes{"pk": partitionOf(k.group()), "sk": number(int64(k.slot()))}
	}
	return attributes{"pk": {S: fmt.Sprintf("item-%d-%d", k.group(), k.slot())}}
}

func itemAttributes(k key, i item) attributes {
	all := keyAttributes(k)
	all["version"] = number(i.version)
	all["number"] = number(i.number)
	return all
}

// itemOf reads what a server says the item of `k` is. Anything but exactly such an item is an error.
func itemOf(k key, all attributes) (item, error) {
	if len(all) == 0 {
		return item{}, nil
	}
	version, versionError := strconv.ParseInt(all["version"].N, 10, 64)
	count, countError := strconv.ParseInt(all["number"].N, 10, 64)
	i := item{present: true, version: version, number: count}
	if versionError != nil || countError != nil || !same(all, itemAttributes(k, i)) {
		return item{}, fmt.Errorf("%v is no item of key %v", all, keyAttributes(k))
	}
	return i, nil
}

func same(one, other attributes) bool {
	for name, v := range one {
		if other[name] != v {
			return false
		}
	}
	return len(one) == len(other)
}

// definitions are the two CreateTable requests.
func (t tables) definitions() []interface{} {
	type object = map[string]interface{}
	partition := object{"AttributeName": "pk", "KeyType": "HASH"}
	text := object{"AttributeName": "pk", "AttributeType": "S"}
	return []interface{}{
		object{
			"TableName": t.hashed, "BillingMode": "PAY_PER_REQUEST",
			"KeySchema":            []object{partition},
			"AttributeDefinitions": []object{text},
		},
		object{
			"TableName": t.sorted, "BillingMode": "PAY_PER_REQUEST",
			"KeySchema":            []object{partition, {"AttributeName": "sk", "KeyType": "RANGE"}},
			"AttributeDefinitions": []object{text, {"AttributeName": "sk", "AttributeType": "N"}},
		},
	}
}
