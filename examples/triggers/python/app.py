# SPDX-License-Identifier: Apache-2.0
"""A function that logs what was done to which item of a table."""

import json


def handler(event, context):
    for record in event["Records"]:
        change = record["dynamodb"]
        print(record["eventName"], json.dumps(change["Keys"]), "->", json.dumps(change.get("NewImage")))
