// SPDX-License-Identifier: Apache-2.0

package main

// kind is the API operation of a request.
type kind uint8

const (
	getItem kind = iota
	putItem
	updateItem
	deleteItem
	transactWrite
	transactGet
	batchGet
	query
	scan
	kinds // how many there are
)

func (k kind) String() string {
	return [...]string{"GetItem", "PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems",
		"TransactGetItems", "BatchGetItem", "Query", "Scan"}[k]
}

// Beside transactions, these read each of their items as GetItem does, but not all of them at one
// moment: they are read-committed as a whole.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-isolation
func (k kind) readsOneByOne() bool { return k == batchGet || k == query || k == scan }
