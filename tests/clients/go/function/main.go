// SPDX-License-Identifier: Apache-2.0

// The program function is a Lambda function as one writes it with aws-lambda-go: its handler gets
// events of a table's stream, logs what it was given, and copies new items into the table that the
// variable COPIES names. The program triggers puts it into a zip as `bootstrap` and deploys it.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

var client *dynamodb.Client

// seen is what the handler logs of a record.
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

func see(record events.DynamoDBEventRecord) seen {
	change := record.Change
	found := seen{
		Event: record.EventName, Source: record.EventSource, Version: record.EventVersion,
		Region: record.AWSRegion, Arn: record.EventSourceArn,
		View: change.StreamViewType, Sequence: change.SequenceNumber,
		Seconds: change.ApproximateCreationDateTime.Unix(),
		Name:    change.Keys["name"].String(),
	}
	if size, ok := change.NewImage["size"]; ok {
		// An error stays a zero, which the test would notice.
		found.Size, _ = size.Integer()
		found.Picture = change.NewImage["picture"].Binary()
		found.Labels = change.NewImage["labels"].StringSet()
	}
	if size, ok := change.OldImage["size"]; ok {
		found.OldSize = size.Number()
	}
	return found
}

func handle(ctx context.Context, event events.DynamoDBEvent) (map[string]any, error) {
	if len(event.Records) == 0 {
		return nil, errors.New("no records")
	}
	table := os.Getenv("COPIES")
	for _, record := range event.Records {
		text, err := json.Marshal(see(record))
		if err != nil {
			return nil, err
		}
		fmt.Printf("SEEN %s\n", text)
		if record.EventName != string(events.DynamoDBOperationTypeInsert) {
			continue
		}
		item := map[string]types.AttributeValue{
			"name": &types.AttributeValueMemberS{Value: record.Change.Keys["name"].String()},
		}
		input := &dynamodb.PutItemInput{TableName: &table, Item: item}
		if _, err := client.PutItem(ctx, input); err != nil {
			return nil, err
		}
	}
	about, _ := lambdacontext.FromContext(ctx)
	return map[string]any{
		"records": len(event.Records), "request": about.AwsRequestID, "arn": about.InvokedFunctionArn,
		"function": lambdacontext.FunctionName, "version": lambdacontext.FunctionVersion,
		"memory": lambdacontext.MemoryLimitInMB,
	}, nil
}

func main() {
	settings, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		panic(err)
	}
	client = dynamodb.NewFromConfig(settings)
	lambda.Start(handle)
}
