// SPDX-License-Identifier: Apache-2.0

// A function that logs what was done to which item of a table.
package main

import (
	"context"
	"fmt"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
)

func handle(_ context.Context, event events.DynamoDBEvent) error {
	for _, record := range event.Records {
		fmt.Println(record.EventName, record.Change.Keys, "->", record.Change.NewImage)
	}
	return nil
}

func main() { lambda.Start(handle) }
