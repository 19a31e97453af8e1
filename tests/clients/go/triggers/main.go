// SPDX-License-Identifier: Apache-2.0

// The program triggers deploys the program function, which is built beside it, with the AWS SDK for
// Go: as a function of its own runtime (provided.al2023), with a mapping from a table's stream.
package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamodbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"weir/tests/clients/go/check"
)

const (
	waitTime = time.Minute
	// pause is between two looks at what a function has logged.
	pause   = 20 * time.Millisecond
	group   = "/aws/lambda/printer"
	region  = "us-east-1"
	account = "000000000000"
)

var (
	table    = aws.String("pictures")
	copies   = aws.String("copies")
	function = aws.String("printer")
)

type client struct {
	tables    *dynamodb.Client
	functions *lambda.Client
	logs      *cloudwatchlogs.Client
	streamArn string
	mapping   *string
}

// seen is what the function logs of a record.
type seen struct {
	Event, Source, Version, Region, Arn string
	View, Sequence                      string
	Seconds                             int64
	Name                                string
	Size                                int64
	Picture                             []byte
	Labels                              []string
	OldSize                             string
}

// code is a zip of the program function, which its runtime starts by the name bootstrap.
func code() []byte {
	beside := filepath.Join(filepath.Dir(check.Must(os.Executable())), "function")
	var archive bytes.Buffer
	writer := zip.NewWriter(&archive)
	header := &zip.FileHeader{Name: "bootstrap", Method: zip.Deflate}
	header.SetMode(0o755)
	entry := check.Must(writer.CreateHeader(header))
	check.Must(entry.Write(check.Must(os.ReadFile(beside))))
	check.NoError(writer.Close())
	return archive.Bytes()
}

func (c *client) createTable(ctx context.Context, name *string, stream bool) string {
	input := &dynamodb.CreateTableInput{
		TableName:   name,
		BillingMode: dynamodbtypes.BillingModePayPerRequest,
		KeySchema: []dynamodbtypes.KeySchemaElement{
			{AttributeName: aws.String("name"), KeyType: dynamodbtypes.KeyTypeHash},
		},
		AttributeDefinitions: []dynamodbtypes.AttributeDefinition{
			{AttributeName: aws.String("name"), AttributeType: dynamodbtypes.ScalarAttributeTypeS},
		},
	}
	if stream {
		input.StreamSpecification = &dynamodbtypes.StreamSpecification{
			StreamEnabled: aws.Bool(true), StreamViewType: dynamodbtypes.StreamViewTypeNewAndOldImages,
		}
	}
	created := check.Must(c.tables.CreateTable(ctx, input)).TableDescription
	describe := &dynamodb.DescribeTableInput{TableName: name}
	check.NoError(dynamodb.NewTableExistsWaiter(c.tables).Wait(ctx, describe, waitTime))
	return aws.ToString(created.LatestStreamArn)
}

func (c *client) deploy(ctx context.Context) {
	c.streamArn = c.createTable(ctx, table, true)
	c.createTable(ctx, copies, false)
	created := check.Must(c.functions.CreateFunction(ctx, &lambda.CreateFunctionInput{
		FunctionName:  function,
		Runtime:       types.RuntimeProvidedal2023,
		Architectures: []types.Architecture{types.ArchitectureX8664},
		Handler:       aws.String("bootstrap"),
		Role:          aws.String("arn:aws:iam::" + account + ":role/printer"),
		Timeout:       aws.Int32(30),
		Code:          &types.FunctionCode{ZipFile: code()},
		Environment:   &types.Environment{Variables: map[string]string{"COPIES": *copies}},
	}))
	check.Equal(created.State, types.StatePending)
	check.Equal(created.PackageType, types.PackageTypeZip)
	wait := lambda.NewFunctionActiveV2Waiter(c.functions)
	check.NoError(wait.Wait(ctx, &lambda.GetFunctionInput{FunctionName: function}, waitTime))
	found := check.Must(c.functions.GetFunction(ctx, &lambda.GetFunctionInput{FunctionName: function}))
	check.Equal(*found.Configuration.CodeSha256, *created.CodeSha256)
	check.Equal(found.Configuration.Environment.Variables["COPIES"], *copies)
}

func (c *client) invoke(ctx context.Context) {
	payload := []byte(`{"Records": [{"eventName": "REMOVE", "dynamodb": {"Keys": {"name": {"S": "x"}}}}]}`)
	output := check.Must(c.functions.Invoke(ctx, &lambda.InvokeInput{
		FunctionName: function, Payload: payload, LogType: types.LogTypeTail,
	}))
	check.Equal(output.FunctionError, nil)
	check.Equal(output.StatusCode, 200)
	check.Equal(aws.ToString(output.ExecutedVersion), "$LATEST")
	tail := string(check.Must(base64.StdEncoding.DecodeString(*output.LogResult)))
	var answer map[string]any
	check.NoError(json.Unmarshal(output.Payload, &answer))
	request := answer["request"].(string)
	check.Equal(strings.Contains(tail, "START RequestId: "+request), true)
	check.Equal(strings.Contains(tail, "SEEN "), true)
	delete(answer, "request")
	check.Equal(answer, map[string]any{
		"records": 1.0, "arn": "arn:aws:lambda:" + region + ":" + account + ":function:printer",
		"function": "printer", "version": "$LATEST", "memory": 128.0,
	})
}

func (c *client) fail(ctx context.Context) {
	output := check.Must(c.functions.Invoke(ctx, &lambda.InvokeInput{
		FunctionName: function, Payload: []byte(`{}`),
	}))
	check.Equal(aws.ToString(output.FunctionError), "Unhandled")
	var answer map[string]any
	check.NoError(json.Unmarshal(output.Payload, &answer))
	check.Equal(answer, map[string]any{"errorMessage": "no records", "errorType": "errorString"})
}

// seenByFunction returns what the function has logged since a time in milliseconds, once that is
// as many records.
func (c *client) seenByFunction(ctx context.Context, since int64, count int) []seen {
	for {
		var found []seen
		pages := cloudwatchlogs.NewFilterLogEventsPaginator(c.logs, &cloudwatchlogs.FilterLogEventsInput{
			LogGroupName: aws.String(group), StartTime: &since, FilterPattern: aws.String("SEEN"),
		})
		for pages.HasMorePages() {
			for _, event := range check.Must(pages.NextPage(ctx)).Events {
				var one seen
				text, _ := strings.CutPrefix(*event.Message, "SEEN ")
				check.NoError(json.Unmarshal([]byte(text), &one))
				found = append(found, one)
			}
		}
		if len(found) >= count {
			return found
		}
		select {
		case <-ctx.Done():
			check.Fail("%d records were seen, not %d", len(found), count)
		case <-time.After(pause):
		}
	}
}

func (c *client) put(ctx context.Context, item map[string]dynamodbtypes.AttributeValue) {
	check.Must(c.tables.PutItem(ctx, &dynamodb.PutItemInput{TableName: table, Item: item}))
}

func (c *client) trigger(ctx context.Context) {
	mapping := check.Must(c.functions.CreateEventSourceMapping(ctx, &lambda.CreateEventSourceMappingInput{
		FunctionName: function, EventSourceArn: &c.streamArn,
		StartingPosition: types.EventSourcePositionTrimHorizon,
		FilterCriteria: &types.FilterCriteria{Filters: []types.Filter{
			{Pattern: aws.String(`{"dynamodb": {"Keys": {"name": {"S": [{"prefix": "p"}]}}}}`)},
		}},
	}))
	c.mapping = mapping.UUID
	since := time.Now().UnixMilli()
	item := map[string]dynamodbtypes.AttributeValue{
		"name":    &dynamodbtypes.AttributeValueMemberS{Value: "other"},
		"size":    &dynamodbtypes.AttributeValueMemberN{Value: "1"},
		"picture": &dynamodbtypes.AttributeValueMemberB{Value: []byte{0, 1, 255}},
		"labels":  &dynamodbtypes.AttributeValueMemberSS{Value: []string{"one"}},
	}
	c.put(ctx, item)
	item["name"] = &dynamodbtypes.AttributeValueMemberS{Value: "p1"}
	c.put(ctx, item)
	item["size"] = &dynamodbtypes.AttributeValueMemberN{Value: "2"}
	c.put(ctx, item)
	check.Must(c.tables.DeleteItem(ctx, &dynamodb.DeleteItemInput{
		TableName: table, Key: map[string]dynamodbtypes.AttributeValue{"name": item["name"]},
	}))
	found := c.seenByFunction(ctx, since, 3)
	for at := range found {
		check.Equal(found[at].Sequence != "" && found[at].Seconds >= since/1000, true)
		found[at].Sequence, found[at].Seconds = "", 0
	}
	record := func(event string, size int64, oldSize string) seen {
		one := seen{
			Event: event, Source: "aws:dynamodb", Version: "1.1", Region: region, Arn: c.streamArn,
			View: "NEW_AND_OLD_IMAGES", Name: "p1", Size: size, OldSize: oldSize,
		}
		if size != 0 {
			one.Picture, one.Labels = []byte{0, 1, 255}, []string{"one"}
		}
		return one
	}
	check.Equal(found, []seen{record("INSERT", 1, ""), record("MODIFY", 2, "1"), record("REMOVE", 0, "2")})
}

func (c *client) callBack(ctx context.Context) {
	output := check.Must(c.tables.Scan(ctx, &dynamodb.ScanInput{TableName: copies}))
	check.Equal(output.Items, []map[string]dynamodbtypes.AttributeValue{
		{"name": &dynamodbtypes.AttributeValueMemberS{Value: "p1"}},
	})
}

func (c *client) publish(ctx context.Context) {
	check.Must(c.functions.UpdateFunctionCode(ctx, &lambda.UpdateFunctionCodeInput{
		FunctionName: function, ZipFile: code(), Publish: true,
	}))
	wait := lambda.NewFunctionUpdatedV2Waiter(c.functions)
	check.NoError(wait.Wait(ctx, &lambda.GetFunctionInput{FunctionName: function}, waitTime))
	pages := lambda.NewListVersionsByFunctionPaginator(c.functions,
		&lambda.ListVersionsByFunctionInput{FunctionName: function})
	var versions []string
	for pages.HasMorePages() {
		for _, version := range check.Must(pages.NextPage(ctx)).Versions {
			versions = append(versions, *version.Version)
		}
	}
	check.Equal(versions, []string{"$LATEST", "1"})
}

func (c *client) refuse(ctx context.Context) {
	_, err := c.functions.GetFunction(ctx, &lambda.GetFunctionInput{FunctionName: aws.String("missing")})
	missing := check.As[*types.ResourceNotFoundException](err)
	check.Equal(missing.ErrorMessage(),
		"Function not found: arn:aws:lambda:"+region+":"+account+":function:missing")
	_, err = c.functions.CreateEventSourceMapping(ctx, &lambda.CreateEventSourceMappingInput{
		FunctionName: function, EventSourceArn: &c.streamArn,
		StartingPosition: types.EventSourcePositionLatest,
	})
	check.As[*types.ResourceConflictException](err)
}

func (c *client) remove(ctx context.Context) {
	deleted := check.Must(c.functions.DeleteEventSourceMapping(ctx,
		&lambda.DeleteEventSourceMappingInput{UUID: c.mapping}))
	check.Equal(aws.ToString(deleted.State), "Deleting")
	check.Must(c.functions.DeleteFunction(ctx, &lambda.DeleteFunctionInput{FunctionName: function}))
	_, err := c.functions.Invoke(ctx, &lambda.InvokeInput{FunctionName: function})
	check.As[*types.ResourceNotFoundException](err)
}

func main() {
	settings := check.Must(config.LoadDefaultConfig(context.Background()))
	c := &client{
		tables:    dynamodb.NewFromConfig(settings),
		functions: lambda.NewFromConfig(settings),
		logs:      cloudwatchlogs.NewFromConfig(settings),
	}
	var tests check.Tests
	tests.Add("a function with aws-lambda-go is deployed, and its waiter ends", c.deploy)
	tests.Add("it is invoked, and the answer has the tail of its log", c.invoke)
	tests.Add("its error comes back as AWS's runtime tells it", c.fail)
	tests.Add("a mapping calls it with records that events.DynamoDBEvent reads", c.trigger)
	tests.Add("its own client reaches the server", c.callBack)
	tests.Add("new code is published as a version", c.publish)
	tests.Add("what is missing and what is there already have errors of their own types", c.refuse)
	tests.Add("mapping and function are deleted", c.remove)
	tests.Run()
}
