# SPDX-License-Identifier: Apache-2.0
"""Calls shared by the tests with hostile clients."""

import json
import os
import time

from support.raw_http import api_request, request

HEALTH = request(target="/_weir/health")
MEGABYTE = 1 << 20


def call(connection, operation, **body):
    """Calls an operation that must succeed."""
    response = connection.call(api_request(operation, json.dumps(body).encode()))
    assert response.status == 200, response.body
    return response.json()


def create_table(connection, name="table", **more):
    return call(
        connection,
        "CreateTable",
        TableName=name,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        **more,
    )


STREAM = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}


def control(connection, path, body, method="POST"):
    """Calls a control endpoint, which must succeed."""
    response = connection.call(request(method, path, body=json.dumps(body).encode()))
    assert response.status == 200, response.body
    return response.json()


def resident(server):
    """The server's resident memory in bytes."""
    with open(f"/proc/{server.pid}/statm", encoding="ascii") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def await_resident(server, most, deadline=20.0):
    """Waits until the server uses at most `most` bytes. It gives memory back with a delay."""
    end = time.monotonic() + deadline
    while resident(server) > most:
        assert time.monotonic() < end, f"{resident(server) >> 20} MB are resident"
        time.sleep(0.02)
