# SPDX-License-Identifier: Apache-2.0
"""A function that prints what changed in the table whose stream is mapped to it."""


def handler(event, context):
    for record in event["Records"]:
        change = record["dynamodb"]
        print(record["eventName"], change.get("OldImage"), "->", change.get("NewImage"))
