// SPDX-License-Identifier: Apache-2.0

// The program guregu uses the server through github.com/guregu/dynamo, which makes its tables from
// the tags of a type.
package main

import (
	"context"
	"errors"
	"slices"
	"sort"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/guregu/dynamo/v2"

	"weir/tests/clients/go/check"
)

type size struct {
	Width int    `dynamo:"width"`
	Unit  string `dynamo:"unit,omitempty"`
}

type part struct {
	Shelf   string    `dynamo:"shelf,hash"`
	Number  int       `dynamo:"number,range" index:"by-kind,range"`
	Kind    string    `dynamo:"kind,omitempty" index:"by-kind,hash"`
	Stock   int       `dynamo:"stock" localIndex:"by-stock,range"`
	Labels  []string  `dynamo:"labels,set,omitempty"`
	Size    *size     `dynamo:"size,omitempty"`
	History []int     `dynamo:"history,omitempty"`
	Picture []byte    `dynamo:"picture,omitempty"`
	Expires time.Time `dynamo:"expires,unixtime,omitempty"`
}

type client struct {
	db    *dynamo.DB
	parts dynamo.Table
}

func (c *client) get(ctx context.Context, shelf string, number int) (part, error) {
	var found part
	query := c.parts.Get("shelf", shelf).Range("number", dynamo.Equal, number).Consistent(true)
	err := query.One(ctx, &found)
	return found, err
}

func (c *client) fill(ctx context.Context, shelf string, count int) {
	items := make([]any, count)
	for number := range items {
		kind := "even " + shelf
		if number%2 == 1 {
			kind = "odd " + shelf
		}
		items[number] = part{Shelf: shelf, Number: number, Kind: kind, Stock: number}
	}
	check.Equal(check.Must(c.parts.Batch().Write().Put(items...).Run(ctx)), count)
}

func numbers(parts []part) []int {
	found := []int{}
	for _, part := range parts {
		found = append(found, part.Number)
	}
	return found
}

// sequence returns the numbers from first to before end.
func sequence(first, end int) []int {
	found := []int{}
	for number := first; number < end; number++ {
		found = append(found, number)
	}
	return found
}

func (c *client) createTable(ctx context.Context) {
	create := c.db.CreateTable("parts", part{}).OnDemand(true).Stream(dynamo.NewAndOldImagesView).
		Project("by-stock", dynamo.KeysOnlyProjection).Tag("stage", "test")
	check.NoError(create.Wait(ctx))
	table := check.Must(c.parts.Describe().Run(ctx))
	check.Equal(table.Status, dynamo.ActiveStatus)
	check.Equal(table.OnDemand, true)
	check.Equal([]string{table.HashKey, table.RangeKey}, []string{"shelf", "number"})
	check.Equal(table.RangeKeyType, dynamo.NumberType)
	check.Equal([]string{table.GSI[0].Name, table.LSI[0].Name}, []string{"by-kind", "by-stock"})
	check.Equal(table.LSI[0].ProjectionType, dynamo.KeysOnlyProjection)
	check.Equal(table.StreamView, dynamo.NewAndOldImagesView)
	check.NoError(c.parts.UpdateTTL("expires", true).Run(ctx))
	lifetime := check.Must(c.parts.DescribeTTL().Run(ctx))
	check.Equal(lifetime, dynamo.TTLDescription{Attribute: "expires", Status: dynamo.TTLEnabled})
}

func (c *client) putAndGet(ctx context.Context) {
	item := part{
		Shelf: "a", Number: 1, Kind: "bolt", Stock: 12, Labels: []string{"new", "red"},
		Size: &size{3, "mm"}, History: []int{1, 2}, Picture: []byte{0, 127, 255},
		Expires: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	check.NoError(c.parts.Put(item).Run(ctx))
	found := check.Must(c.get(ctx, "a", 1))
	sort.Strings(found.Labels)
	found.Expires = found.Expires.UTC()
	check.Equal(found, item)
	_, err := c.get(ctx, "a", 404)
	check.Equal(errors.Is(err, dynamo.ErrNotFound), true)
}

func (c *client) conditions(ctx context.Context) {
	put := c.parts.Put(part{Shelf: "b", Number: 1, Stock: 7}).If("attribute_not_exists('shelf')")
	check.NoError(put.Run(ctx))
	err := c.parts.Put(part{Shelf: "b", Number: 1}).If("attribute_not_exists('shelf')").Run(ctx)
	check.Equal(dynamo.IsCondCheckFailed(err), true)
	check.As[*types.ConditionalCheckFailedException](err)
	remove := c.parts.Delete("shelf", "b").Range("number", 1)
	check.Equal(dynamo.IsCondCheckFailed(remove.If("'stock' = ?", 8).Run(ctx)), true)
	var old part
	check.NoError(c.parts.Delete("shelf", "b").Range("number", 1).If("'stock' = ?", 7).OldValue(ctx, &old))
	check.Equal(old.Stock, 7)
}

func (c *client) update(ctx context.Context) {
	item := part{Shelf: "c", Number: 1, Kind: "nut", Stock: 1, Labels: []string{"old"},
		History: []int{1}, Size: &size{1, "mm"}}
	check.NoError(c.parts.Put(item).Run(ctx))
	var updated part
	err := c.parts.Update("shelf", "c").Range("number", 1).
		Add("stock", 2).AddStringsToSet("labels", "new").Append("history", []int{2}).
		Set("'size'.width", 9).Remove("kind").If("'stock' BETWEEN ? AND ?", 1, 5).
		Value(ctx, &updated)
	check.NoError(err)
	sort.Strings(updated.Labels)
	check.Equal(updated, part{Shelf: "c", Number: 1, Stock: 3, Labels: []string{"new", "old"},
		History: []int{1, 2}, Size: &size{9, "mm"}})
	refused := c.parts.Update("shelf", "c").Range("number", 1).Set("stock", 0).If("'stock' > ?", 100)
	check.Equal(dynamo.IsCondCheckFailed(refused.Run(ctx)), true)
}

func (c *client) query(ctx context.Context) {
	c.fill(ctx, "d", 30)
	found, pages := []part{}, 0
	query := c.parts.Get("shelf", "d").Range("number", dynamo.GreaterOrEqual, 5)
	query.SearchLimit(7).Order(dynamo.Descending)
	for more := true; more; pages++ {
		var page []part
		key := check.Must(query.AllWithLastEvaluatedKey(ctx, &page))
		found = append(found, page...)
		query.StartFrom(key)
		more = key != nil
	}
	descending := sequence(5, 30)
	slices.Reverse(descending)
	check.Equal(numbers(found), descending)
	check.Equal(pages, 4)
	var first, next []part
	key := check.Must(c.parts.Get("shelf", "d").Limit(4).AllWithLastEvaluatedKey(ctx, &first))
	check.NoError(c.parts.Get("shelf", "d").StartFrom(key).Limit(2).All(ctx, &next))
	check.Equal([][]int{numbers(first), numbers(next)}, [][]int{{0, 1, 2, 3}, {4, 5}})
	odd := c.parts.Get("shelf", "d").Filter("begins_with('kind', ?)", "odd")
	check.Equal(check.Must(odd.Count(ctx)), 15)
}

func (c *client) indexes(ctx context.Context) {
	c.fill(ctx, "e", 10)
	var odd, sorted []part
	query := c.parts.Get("kind", "odd e").Range("number", dynamo.Greater, 4).Index("by-kind")
	check.NoError(query.All(ctx, &odd))
	check.Equal(numbers(odd), []int{5, 7, 9})
	check.NoError(c.parts.Update("shelf", "e").Range("number", 0).Set("stock", 100).Run(ctx))
	query = c.parts.Get("shelf", "e").Range("stock", dynamo.GreaterOrEqual, 8).Index("by-stock")
	check.NoError(query.All(ctx, &sorted))
	check.Equal(numbers(sorted), []int{8, 9, 0})
}

func (c *client) scan(ctx context.Context) {
	c.fill(ctx, "f", 40)
	var found []part
	scan := c.parts.Scan().Filter("'shelf' = ?", "f")
	items := scan.IterParallel(ctx, 4)
	for item := (part{}); items.Next(ctx, &item); item = (part{}) {
		found = append(found, item)
	}
	check.NoError(items.Err())
	all := numbers(found)
	sort.Ints(all)
	check.Equal(all, sequence(0, 40))
}

func (c *client) batches(ctx context.Context) {
	c.fill(ctx, "g", 60)
	keys := make([]dynamo.Keyed, 120)
	for number := range keys {
		keys[number] = dynamo.Keys{"g", number}
	}
	batch := c.parts.Batch("shelf", "number")
	var found []part
	check.NoError(batch.Get(keys...).All(ctx, &found))
	all := numbers(found)
	sort.Ints(all)
	check.Equal(all, sequence(0, 60))
	check.Equal(check.Must(batch.Write().Delete(keys[:59]...).Run(ctx)), 59)
	check.Equal(check.Must(c.parts.Get("shelf", "g").Count(ctx)), 1)
}

func (c *client) transaction(ctx context.Context) {
	c.fill(ctx, "h", 3)
	err := c.db.WriteTx().
		Put(c.parts.Put(part{Shelf: "h", Number: 10}).If("attribute_not_exists('shelf')")).
		Update(c.parts.Update("shelf", "h").Range("number", 0).Add("stock", 5)).
		Delete(c.parts.Delete("shelf", "h").Range("number", 1)).
		Check(c.parts.Check("shelf", "h").Range("number", 2).If("'stock' = ?", 2)).
		Idempotent(true).Run(ctx)
	check.NoError(err)
	var updated, deleted part
	one := func(number int) *dynamo.Query {
		return c.parts.Get("shelf", "h").Range("number", dynamo.Equal, number)
	}
	check.NoError(c.db.GetTx().GetOne(one(0), &updated).GetOne(one(1), &deleted).Run(ctx))
	check.Equal([]int{updated.Stock, deleted.Stock}, []int{5, 0})
	check.Equal(check.Must(c.parts.Get("shelf", "h").Count(ctx)), 3)
}

func (c *client) cancelledTransaction(ctx context.Context) {
	check.NoError(c.parts.Put(part{Shelf: "i", Number: 1}).Run(ctx))
	err := c.db.WriteTx().
		Put(c.parts.Put(part{Shelf: "i", Number: 2})).
		Check(c.parts.Check("shelf", "i").Range("number", 1).IfNotExists()).
		Run(ctx)
	check.Equal(dynamo.IsCondCheckFailed(err), true)
	reasons := check.As[*types.TransactionCanceledException](err).CancellationReasons
	check.Equal([]string{*reasons[0].Code, *reasons[1].Code}, []string{"None", "ConditionalCheckFailed"})
	_, err = c.get(ctx, "i", 2)
	check.Equal(errors.Is(err, dynamo.ErrNotFound), true)
}

// hasActiveIndexes returns whether so many global indexes can all be used.
func (c *client) hasActiveIndexes(ctx context.Context, count int) bool {
	indexes := check.Must(c.parts.Describe().Run(ctx)).GSI
	check.Equal(len(indexes), count)
	return !slices.ContainsFunc(indexes, func(index dynamo.Index) bool {
		return index.Status != dynamo.ActiveStatus
	})
}

func (c *client) changeTable(ctx context.Context) {
	index := dynamo.Index{Name: "by-label", HashKey: "label", HashKeyType: dynamo.StringType,
		ProjectionType: dynamo.AllProjection}
	check.Must(c.parts.UpdateTable().CreateIndex(index).Run(ctx))
	// Wait waits for the table, which can be used while its index is built.
	check.NoError(c.parts.Wait(ctx))
	for !c.hasActiveIndexes(ctx, 2) {
		time.Sleep(10 * time.Millisecond)
	}
}

func (c *client) deleteTable(ctx context.Context) {
	check.NoError(c.parts.DeleteTable().Wait(ctx))
	check.Equal(len(check.Must(c.db.ListTables().All(ctx))), 0)
	_, err := c.get(ctx, "a", 1)
	check.As[*types.ResourceNotFoundException](err)
	_, err = c.parts.Describe().Run(ctx)
	check.As[*types.ResourceNotFoundException](err)
}

func main() {
	db := dynamo.New(check.Must(config.LoadDefaultConfig(context.Background())))
	c := &client{db, db.Table("parts")}
	var tests check.Tests
	tests.Add("a table is made from the tags of a type", c.createTable)
	tests.Add("items of all types come back", c.putAndGet)
	tests.Add("conditions of puts and deletions", c.conditions)
	tests.Add("an update under a condition", c.update)
	tests.Add("a query goes on over pages, and from its last key", c.query)
	tests.Add("queries of a global and of a local index", c.indexes)
	tests.Add("a parallel scan finds every item once", c.scan)
	tests.Add("batches are split", c.batches)
	tests.Add("transactions write and read", c.transaction)
	tests.Add("a cancelled transaction has its reasons", c.cancelledTransaction)
	tests.Add("an index is added", c.changeTable)
	tests.Add("a deleted table is ResourceNotFoundException", c.deleteTable)
	tests.Run()
}
