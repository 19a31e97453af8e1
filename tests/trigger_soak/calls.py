# SPDX-License-Identifier: Apache-2.0
"""Calls to the server: DynamoDB, Lambda's REST API, and the control endpoints."""

import json

from crash.__main__ import Client

DEADLINE = 600.0  # seconds; a change of the clock waits for all that is due by then
AUTHORIZATION = (
    "AWS4-HMAC-SHA256 Credential=soak/20260101/us-east-1/lambda/aws4_request,"
    " SignedHeaders=host, Signature=00"
)
FUNCTIONS = "/2015-03-31/functions"
MAPPINGS = "/2015-03-31/event-source-mappings"


class Calls(Client):
    """One connection. Not for several threads at a time."""

    def __init__(self, server):
        super().__init__(server)
        self.connection.timeout = DEADLINE

    def rest(self, method, path, body=None):
        text = None if body is None else json.dumps(body)
        headers = {"Authorization": AUTHORIZATION, "X-Amz-Date": "20260101T000000Z"}
        self.connection.request(method, path, text, headers)
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {text!r}")
        return json.loads(text) if text else None

    def now(self):
        return self.rest("GET", "/_weir/clock")["epochSeconds"]

    def change_clock(self, **members):
        return self.rest("POST", "/_weir/clock", members)["epochSeconds"]

    def settle(self):
        """Returns when triggers have done all that they have to do by now."""
        return self.change_clock(advance=0)

    def scan(self, table):
        items, start = [], {}
        while True:
            page = self.call("Scan", TableName=table, ConsistentRead=True, **start)
            items += page["Items"]
            if "LastEvaluatedKey" not in page:
                return items
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
