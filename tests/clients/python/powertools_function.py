# SPDX-License-Identifier: Apache-2.0
"""Lambda functions as one writes them with Powertools for AWS Lambda. powertools_client.py deploys
them."""

import json

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes import DynamoDBStreamEvent, event_source
from aws_lambda_powertools.utilities.parser import event_parser
from aws_lambda_powertools.utilities.parser.models import DynamoDBStreamModel

processor = BatchProcessor(event_type=EventType.DynamoDBStreams)
failed = set()


def _log(*values):
    print("SEEN " + json.dumps(values, default=str), flush=True)


@event_source(data_class=DynamoDBStreamEvent)
def classes(event, context):
    """Reads events with the data class, whose images have Python's types."""
    for record in event.records:
        image = record.dynamodb.new_image
        _log(record.event_name.name, record.dynamodb.keys, record.dynamodb.stream_view_type.name,
             image["count"] + 1, sorted(image["labels"]), image["picture"],
             record.event_source_arn, context.function_name)


@event_parser(model=DynamoDBStreamModel)
def models(event, context):
    """Reads events with the parser's model, which refuses what does not look like AWS's."""
    for record in event.Records:
        change = record.dynamodb
        _log(record.eventName, change.Keys, change.StreamViewType, change.NewImage["count"],
             change.OldImage, change.SequenceNumber.isdigit(), change.SizeBytes > 0,
             change.ApproximateCreationDateTime.tzinfo is not None, record.awsRegion,
             record.userIdentity)


def _process(record):
    """Fails at the first look at an item whose name begins with `bad`."""
    name = record.dynamodb.keys["name"]
    _log(name)
    if name.startswith("bad") and name not in failed:
        failed.add(name)
        raise ValueError(name)


def batches(event, context):
    """Reports the records that it could not process, and gets them once more."""
    return process_partial_response(
        event=event, record_handler=_process, processor=processor, context=context)
