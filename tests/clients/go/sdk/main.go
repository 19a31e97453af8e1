// SPDX-License-Identifier: Apache-2.0

// The program sdk uses the server through the AWS SDK for Go with its packages for values and
// expressions, its waiters and paginators, and its client of streams.
package main

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	expr "github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	streamtypes "github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
	"github.com/aws/smithy-go"

	"weir/tests/clients/go/check"
)

// waitTime bounds the waiters, which Weir lets go at their first look.
const waitTime = time.Minute

var table = aws.String("parts")

type size struct {
	Width int    `dynamodbav:"width"`
	Unit  string `dynamodbav:"unit,omitempty"`
}

type part struct {
	Shelf   string   `dynamodbav:"shelf"`
	Number  int      `dynamodbav:"number"`
	Kind    string   `dynamodbav:"kind,omitempty"`
	Stock   float64  `dynamodbav:"stock"`
	Labels  []string `dynamodbav:"labels,stringset,omitempty"`
	Size    *size    `dynamodbav:"size,omitempty"`
	History []any    `dynamodbav:"history,omitempty"`
	Picture []byte   `dynamodbav:"picture,omitempty"`
}

type client struct {
	*dynamodb.Client
	streams *dynamodbstreams.Client
}

func key(shelf string, number int) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{
		"shelf":  &types.AttributeValueMemberS{Value: shelf},
		"number": &types.AttributeValueMemberN{Value: strconv.Itoa(number)},
	}
}

func itemOf(value part) map[string]types.AttributeValue {
	return check.Must(attributevalue.MarshalMap(value))
}

func partOf(item map[string]types.AttributeValue) part {
	var found part
	check.NoError(attributevalue.UnmarshalMap(item, &found))
	sort.Strings(found.Labels)
	return found
}

func numbersOf(items []map[string]types.AttributeValue) []int {
	numbers := []int{}
	for _, item := range items {
		numbers = append(numbers, partOf(item).Number)
	}
	return numbers
}

func (c *client) put(ctx context.Context, value part) {
	check.Must(c.PutItem(ctx, &dynamodb.PutItemInput{TableName: table, Item: itemOf(value)}))
}

func (c *client) get(ctx context.Context, shelf string, number int) map[string]types.AttributeValue {
	return check.Must(c.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: table, Key: key(shelf, number), ConsistentRead: aws.Bool(true),
	})).Item
}

func (c *client) fill(ctx context.Context, shelf string, count int) {
	for first := 0; first < count; first += 25 {
		var requests []types.WriteRequest
		for number := first; number < min(first+25, count); number++ {
			kind := []string{"even ", "odd "}[number%2] + shelf
			item := itemOf(part{Shelf: shelf, Number: number, Kind: kind, Stock: float64(number)})
			requests = append(requests, types.WriteRequest{PutRequest: &types.PutRequest{Item: item}})
		}
		output := check.Must(c.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{
			RequestItems: map[string][]types.WriteRequest{*table: requests},
		}))
		check.Equal(len(output.UnprocessedItems), 0)
	}
}

func keySchema(hash, sort string) []types.KeySchemaElement {
	return []types.KeySchemaElement{
		{AttributeName: &hash, KeyType: types.KeyTypeHash},
		{AttributeName: &sort, KeyType: types.KeyTypeRange},
	}
}

func attribute(name string, kind types.ScalarAttributeType) types.AttributeDefinition {
	return types.AttributeDefinition{AttributeName: &name, AttributeType: kind}
}

func (c *client) createTable(ctx context.Context) {
	check.Must(c.CreateTable(ctx, &dynamodb.CreateTableInput{
		TableName:   table,
		BillingMode: types.BillingModePayPerRequest,
		KeySchema:   keySchema("shelf", "number"),
		AttributeDefinitions: []types.AttributeDefinition{
			attribute("shelf", types.ScalarAttributeTypeS), attribute("number", types.ScalarAttributeTypeN),
			attribute("kind", types.ScalarAttributeTypeS), attribute("stock", types.ScalarAttributeTypeN),
		},
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{{
			IndexName: aws.String("by-kind"), KeySchema: keySchema("kind", "number"),
			Projection: &types.Projection{ProjectionType: types.ProjectionTypeAll},
		}},
		LocalSecondaryIndexes: []types.LocalSecondaryIndex{{
			IndexName: aws.String("by-stock"), KeySchema: keySchema("shelf", "stock"),
			Projection: &types.Projection{ProjectionType: types.ProjectionTypeKeysOnly},
		}},
		StreamSpecification: &types.StreamSpecification{
			StreamEnabled: aws.Bool(true), StreamViewType: types.StreamViewTypeNewAndOldImages,
		},
	}))
	waiter := dynamodb.NewTableExistsWaiter(c)
	output := check.Must(waiter.WaitForOutput(ctx, &dynamodb.DescribeTableInput{TableName: table}, waitTime))
	check.Equal(output.Table.TableStatus, types.TableStatusActive)
	check.Equal(output.Table.StreamSpecification.StreamViewType, types.StreamViewTypeNewAndOldImages)
	_, err := c.CreateTable(ctx, &dynamodb.CreateTableInput{
		TableName: table, BillingMode: types.BillingModePayPerRequest, KeySchema: keySchema("a", "b")[:1],
		AttributeDefinitions: []types.AttributeDefinition{attribute("a", types.ScalarAttributeTypeS)},
	})
	check.As[*types.ResourceInUseException](err)
}

func (c *client) putAndGet(ctx context.Context) {
	item := part{
		Shelf: "a", Number: 1, Kind: "bolt", Stock: 12.5, Labels: []string{"new", "red"},
		Size: &size{3, "mm"}, Picture: []byte{0, 127, 255},
		History: []any{"made", 7.0, true, nil, map[string]any{"by": "hand"}},
	}
	c.put(ctx, item)
	check.Equal(partOf(c.get(ctx, "a", 1)), item)
	check.Equal(len(c.get(ctx, "a", 404)), 0)
}

func (c *client) condition(ctx context.Context) {
	c.put(ctx, part{Shelf: "b", Number: 1, Stock: 7})
	absent := check.Must(expr.NewBuilder().WithCondition(expr.Name("shelf").AttributeNotExists()).Build())
	_, err := c.PutItem(ctx, &dynamodb.PutItemInput{
		TableName: table, Item: itemOf(part{Shelf: "b", Number: 1}),
		ConditionExpression: absent.Condition(), ExpressionAttributeNames: absent.Names(),
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	failed := check.As[*types.ConditionalCheckFailedException](err)
	check.Equal(failed.ErrorMessage(), "The conditional request failed")
	check.Equal(partOf(failed.Item).Stock, 7)
}

func (c *client) update(ctx context.Context) {
	c.put(ctx, part{Shelf: "c", Number: 1, Kind: "nut", Stock: 1, Labels: []string{"old"},
		History: []any{1.0}, Size: &size{1, "mm"}})
	changes := expr.Set(expr.Name("stock"), expr.Name("stock").Plus(expr.Value(2))).
		Set(expr.Name("history"), expr.Name("history").ListAppend(expr.Value([]int{2}))).
		Set(expr.Name("size.width"), expr.Value(9)).
		Set(expr.Name("kind"), expr.Name("other").IfNotExists(expr.Value("nail"))).
		Add(expr.Name("labels"), expr.Value(&types.AttributeValueMemberSS{Value: []string{"new"}})).
		Remove(expr.Name("size.unit"))
	condition := expr.Name("stock").Between(expr.Value(1), expr.Value(5)).
		And(expr.Name("labels").Contains("old"))
	built := check.Must(expr.NewBuilder().WithUpdate(changes).WithCondition(condition).Build())
	input := &dynamodb.UpdateItemInput{
		TableName: table, Key: key("c", 1), UpdateExpression: built.Update(),
		ConditionExpression: built.Condition(), ExpressionAttributeNames: built.Names(),
		ExpressionAttributeValues: built.Values(), ReturnValues: types.ReturnValueAllNew,
	}
	check.Equal(partOf(check.Must(c.UpdateItem(ctx, input)).Attributes), part{
		Shelf: "c", Number: 1, Kind: "nail", Stock: 3, Labels: []string{"new", "old"},
		History: []any{1.0, 2.0}, Size: &size{Width: 9},
	})
	check.Must(c.UpdateItem(ctx, input)) // The stock is 5 after this one, and 7 after the next.
	check.Must(c.UpdateItem(ctx, input))
	_, err := c.UpdateItem(ctx, input)
	check.As[*types.ConditionalCheckFailedException](err)
}

func (c *client) query(ctx context.Context) {
	c.fill(ctx, "d", 30)
	built := check.Must(expr.NewBuilder().
		WithKeyCondition(expr.Key("shelf").Equal(expr.Value("d")).
			And(expr.Key("number").GreaterThanEqual(expr.Value(5)))).
		WithFilter(expr.Name("kind").BeginsWith("odd")).
		WithProjection(expr.NamesList(expr.Name("number"), expr.Name("kind"))).Build())
	paginator := dynamodb.NewQueryPaginator(c, &dynamodb.QueryInput{
		TableName: table, KeyConditionExpression: built.KeyCondition(), FilterExpression: built.Filter(),
		ProjectionExpression: built.Projection(), ExpressionAttributeNames: built.Names(),
		ExpressionAttributeValues: built.Values(), Limit: aws.Int32(7), ScanIndexForward: aws.Bool(false),
	})
	found, pages := []int{}, 0
	for paginator.HasMorePages() {
		page := check.Must(paginator.NextPage(ctx))
		found = append(found, numbersOf(page.Items)...)
		pages++
	}
	check.Equal(found, []int{29, 27, 25, 23, 21, 19, 17, 15, 13, 11, 9, 7, 5})
	check.Equal(pages, 4)
}

func (c *client) indexes(ctx context.Context) {
	c.fill(ctx, "e", 10)
	c.put(ctx, part{Shelf: "e", Number: 0, Stock: 100})
	search := func(index string, condition expr.KeyConditionBuilder) []int {
		built := check.Must(expr.NewBuilder().WithKeyCondition(condition).Build())
		output := check.Must(c.Query(ctx, &dynamodb.QueryInput{
			TableName: table, IndexName: &index, KeyConditionExpression: built.KeyCondition(),
			ExpressionAttributeNames: built.Names(), ExpressionAttributeValues: built.Values(),
		}))
		return numbersOf(output.Items)
	}
	odd := expr.Key("kind").Equal(expr.Value("odd e")).And(expr.Key("number").GreaterThan(expr.Value(4)))
	check.Equal(search("by-kind", odd), []int{5, 7, 9})
	full := expr.Key("shelf").Equal(expr.Value("e")).And(expr.Key("stock").GreaterThanEqual(expr.Value(8)))
	check.Equal(search("by-stock", full), []int{8, 9, 0})
}

func (c *client) scan(ctx context.Context) {
	c.fill(ctx, "f", 40)
	built := check.Must(expr.NewBuilder().WithFilter(expr.Name("shelf").Equal(expr.Value("f"))).Build())
	var found []int
	for segment := range int32(4) {
		paginator := dynamodb.NewScanPaginator(c, &dynamodb.ScanInput{
			TableName: table, Segment: &segment, TotalSegments: aws.Int32(4), Limit: aws.Int32(9),
			FilterExpression: built.Filter(), ExpressionAttributeNames: built.Names(),
			ExpressionAttributeValues: built.Values(),
		})
		for paginator.HasMorePages() {
			found = append(found, numbersOf(check.Must(paginator.NextPage(ctx)).Items)...)
		}
	}
	sort.Ints(found)
	check.Equal(len(found), 40)
	for number := range found {
		check.Equal(found[number], number)
	}
}

func (c *client) batches(ctx context.Context) {
	c.fill(ctx, "g", 30)
	keys := []map[string]types.AttributeValue{}
	for number := 20; number < 40; number++ {
		keys = append(keys, key("g", number))
	}
	output := check.Must(c.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{
		RequestItems: map[string]types.KeysAndAttributes{*table: {Keys: keys}},
	}))
	found := numbersOf(output.Responses[*table])
	sort.Ints(found)
	check.Equal(found, []int{20, 21, 22, 23, 24, 25, 26, 27, 28, 29})
	check.Equal(len(output.UnprocessedKeys), 0)
}

func (c *client) transaction(ctx context.Context) {
	c.fill(ctx, "h", 3)
	add := check.Must(expr.NewBuilder().WithUpdate(expr.Add(expr.Name("stock"), expr.Value(5))).Build())
	two := check.Must(expr.NewBuilder().WithCondition(expr.Name("stock").Equal(expr.Value(2))).Build())
	input := &dynamodb.TransactWriteItemsInput{
		ClientRequestToken: aws.String("go-1"),
		TransactItems: []types.TransactWriteItem{
			{Put: &types.Put{TableName: table, Item: itemOf(part{Shelf: "h", Number: 10})}},
			{Update: &types.Update{TableName: table, Key: key("h", 0), UpdateExpression: add.Update(),
				ExpressionAttributeNames: add.Names(), ExpressionAttributeValues: add.Values()}},
			{Delete: &types.Delete{TableName: table, Key: key("h", 1)}},
			{ConditionCheck: &types.ConditionCheck{TableName: table, Key: key("h", 2),
				ConditionExpression: two.Condition(), ExpressionAttributeNames: two.Names(),
				ExpressionAttributeValues: two.Values()}},
		},
	}
	// The second request has the token of the first, so it changes nothing.
	check.Must(c.TransactWriteItems(ctx, input))
	check.Must(c.TransactWriteItems(ctx, input))
	output := check.Must(c.TransactGetItems(ctx, &dynamodb.TransactGetItemsInput{
		TransactItems: []types.TransactGetItem{
			{Get: &types.Get{TableName: table, Key: key("h", 0)}},
			{Get: &types.Get{TableName: table, Key: key("h", 1)}},
		},
	}))
	check.Equal(partOf(output.Responses[0].Item).Stock, 5)
	check.Equal(len(output.Responses[1].Item), 0)
	input.TransactItems = input.TransactItems[:1]
	_, err := c.TransactWriteItems(ctx, input)
	check.As[*types.IdempotentParameterMismatchException](err)
}

func (c *client) cancelledTransaction(ctx context.Context) {
	c.put(ctx, part{Shelf: "i", Number: 1, Stock: 7})
	absent := check.Must(expr.NewBuilder().WithCondition(expr.Name("shelf").AttributeNotExists()).Build())
	_, err := c.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{
		TransactItems: []types.TransactWriteItem{
			{Put: &types.Put{TableName: table, Item: itemOf(part{Shelf: "i", Number: 2})}},
			{Delete: &types.Delete{TableName: table, Key: key("i", 1),
				ConditionExpression: absent.Condition(), ExpressionAttributeNames: absent.Names(),
				ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld}},
		},
	})
	cancelled := check.As[*types.TransactionCanceledException](err)
	check.Equal(cancelled.ErrorMessage(), "Transaction cancelled, please refer cancellation reasons "+
		"for specific reasons [None, ConditionalCheckFailed]")
	reasons := cancelled.CancellationReasons
	check.Equal([]string{*reasons[0].Code, *reasons[1].Code}, []string{"None", "ConditionalCheckFailed"})
	check.Equal(partOf(reasons[1].Item).Stock, 7)
	check.Equal(len(c.get(ctx, "i", 2)), 0)
}

func (c *client) statements(ctx context.Context) {
	c.fill(ctx, "j", 5)
	parameters := check.Must(attributevalue.MarshalList([]any{"j", 2}))
	output := check.Must(c.ExecuteStatement(ctx, &dynamodb.ExecuteStatementInput{
		Statement:  aws.String(`SELECT * FROM parts WHERE shelf = ? AND "number" >= ?`),
		Parameters: parameters,
	}))
	check.Equal(numbersOf(output.Items), []int{2, 3, 4})
	_, err := c.ExecuteStatement(ctx, &dynamodb.ExecuteStatementInput{
		Statement: aws.String(`INSERT INTO parts VALUE {'shelf': 'j', 'number': 1}`),
	})
	check.As[*types.DuplicateItemException](err)
}

func (c *client) stream(ctx context.Context) {
	described := check.Must(c.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: table})).Table
	for number := range 3 {
		c.put(ctx, part{Shelf: "k", Number: number})
	}
	check.Must(c.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: table, Key: key("k", 0)}))
	events := []string{}
	arn := described.LatestStreamArn
	shards := check.Must(c.streams.DescribeStream(ctx, &dynamodbstreams.DescribeStreamInput{StreamArn: arn}))
	for _, shard := range shards.StreamDescription.Shards {
		iterator := check.Must(c.streams.GetShardIterator(ctx, &dynamodbstreams.GetShardIteratorInput{
			StreamArn: arn, ShardId: shard.ShardId,
			ShardIteratorType: streamtypes.ShardIteratorTypeTrimHorizon,
		})).ShardIterator
		for iterator != nil {
			input := &dynamodbstreams.GetRecordsInput{ShardIterator: iterator}
			output := check.Must(c.streams.GetRecords(ctx, input))
			for _, record := range output.Records {
				image := record.Dynamodb.Keys
				if shelf, ok := image["shelf"].(*streamtypes.AttributeValueMemberS); ok && shelf.Value == "k" {
					number := image["number"].(*streamtypes.AttributeValueMemberN)
					events = append(events, fmt.Sprintf("%s %s", record.EventName, number.Value))
				}
			}
			iterator = output.NextShardIterator
			if len(output.Records) == 0 {
				break // The shard is open, and has been read.
			}
		}
	}
	check.Equal(events, []string{"INSERT 0", "INSERT 1", "INSERT 2", "REMOVE 0"})
}

func (c *client) streamErrors(ctx context.Context) {
	_, err := c.streams.GetRecords(ctx, &dynamodbstreams.GetRecordsInput{ShardIterator: aws.String("x")})
	check.Equal(check.As[smithy.APIError](err).ErrorCode(), "ValidationException")
	arn := "arn:aws:dynamodb:us-east-1:000000000000:table/missing/stream/2026-01-01T00:00:00.000"
	_, err = c.streams.DescribeStream(ctx, &dynamodbstreams.DescribeStreamInput{StreamArn: &arn})
	check.As[*streamtypes.ResourceNotFoundException](err)
}

func (c *client) settings(ctx context.Context) {
	check.Must(c.UpdateTimeToLive(ctx, &dynamodb.UpdateTimeToLiveInput{
		TableName: table, TimeToLiveSpecification: &types.TimeToLiveSpecification{
			AttributeName: aws.String("expires"), Enabled: aws.Bool(true),
		},
	}))
	described := check.Must(c.DescribeTimeToLive(ctx, &dynamodb.DescribeTimeToLiveInput{TableName: table}))
	check.Equal(described.TimeToLiveDescription.TimeToLiveStatus, types.TimeToLiveStatusEnabled)
	protect := func(enabled bool) {
		input := &dynamodb.UpdateTableInput{TableName: table, DeletionProtectionEnabled: &enabled}
		check.Must(c.UpdateTable(ctx, input))
	}
	protect(true)
	_, err := c.DeleteTable(ctx, &dynamodb.DeleteTableInput{TableName: table})
	check.Equal(check.As[smithy.APIError](err).ErrorCode(), "ValidationException")
	protect(false)
}

func (c *client) deleteTable(ctx context.Context) {
	check.Must(c.DeleteTable(ctx, &dynamodb.DeleteTableInput{TableName: table}))
	describe := &dynamodb.DescribeTableInput{TableName: table}
	check.NoError(dynamodb.NewTableNotExistsWaiter(c).Wait(ctx, describe, waitTime))
	_, err := c.GetItem(ctx, &dynamodb.GetItemInput{TableName: table, Key: key("a", 1)})
	missing := check.As[*types.ResourceNotFoundException](err)
	check.Equal(missing.ErrorMessage(), "Requested resource not found")
	var other *types.ConditionalCheckFailedException
	check.Equal(errors.As(err, &other), false)
}

func main() {
	settings := check.Must(config.LoadDefaultConfig(context.Background()))
	c := &client{dynamodb.NewFromConfig(settings), dynamodbstreams.NewFromConfig(settings)}
	var tests check.Tests
	tests.Add("a table is made, and its waiter ends", c.createTable)
	tests.Add("items of all types come back", c.putAndGet)
	tests.Add("a put whose condition does not hold shows the item", c.condition)
	tests.Add("an update with functions under a condition", c.update)
	tests.Add("a paginator reads all pages of a query", c.query)
	tests.Add("queries of a global and of a local index", c.indexes)
	tests.Add("the segments of a scan find every item once", c.scan)
	tests.Add("a batch reads the items that are there", c.batches)
	tests.Add("a transaction with a token writes once", c.transaction)
	tests.Add("a cancelled transaction shows the item that was the reason", c.cancelledTransaction)
	tests.Add("PartiQL selects and refuses", c.statements)
	tests.Add("a stream has the records in order", c.stream)
	tests.Add("the client of streams has its own errors", c.streamErrors)
	tests.Add("time to live and deletion protection", c.settings)
	tests.Add("a deleted table is ResourceNotFoundException, and the waiter ends", c.deleteTable)
	tests.Run()
}
