# SPDX-License-Identifier: Apache-2.0
"""Transactions that /_weir/transactions holds open, and the answers to requests that collide with
them.
"""

import json
import threading
import urllib.error
import urllib.request

import pytest
from clients import client
from tables import Table, definition

CONFLICT = "Transaction is ongoing for the item"


class Transactions:
    """The control endpoint /_weir/transactions of a server."""

    def __init__(self, endpoint):
        self._url = endpoint + "/_weir/transactions"

    def call(self, method, path="", body=None):
        """The status and the JSON of an answer."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._url + path, data=data, method=method)
        try:
            with urllib.request.urlopen(request, timeout=10) as reply:
                return reply.status, json.load(reply)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    def hold(self, *actions, **members):
        status, answer = self.call("POST", body={"TransactItems": list(actions), **members})
        assert status == 200, answer
        assert answer["ActionCount"] == len(actions)
        return answer["TransactionId"]

    def commit(self, transaction):
        assert self.call("POST", f"/{transaction}/commit") == (200, {})

    def cancel(self, transaction):
        assert self.call("DELETE", f"/{transaction}") == (200, {})


@pytest.fixture
def transactions(request, endpoint):
    if request.config.getoption("--endpoint"):
        pytest.skip("a control endpoint of Weir's own")
    return Transactions(endpoint)


@pytest.fixture
def held(transactions, make_table):
    """A table, and the id of a held transaction that puts the key "a" in it."""
    table = make_table(view="NEW_AND_OLD_IMAGES")
    transaction = transactions.hold(_put(table))
    yield table, transaction
    transactions.call("DELETE", f"/{transaction}")


def _put(table, key="a"):
    return {"Put": {"TableName": table.name, "Item": {"pk": {"S": key}, "by": {"S": "held"}}}}


def _key(key="a"):
    return {"pk": {"S": key}}


@pytest.mark.parametrize(
    "operation, parameters",
    [
        ("put_item", {"Item": _key()}),
        ("delete_item", {"Key": _key()}),
        ("update_item", {"Key": _key(), "UpdateExpression": "REMOVE x"}),
    ],
)
def test_writes_of_a_held_item_conflict(dynamodb, held, operation, parameters):
    table, _ = held
    with pytest.raises(dynamodb.exceptions.TransactionConflictException) as caught:
        getattr(dynamodb, operation)(TableName=table.name, **parameters)
    assert caught.value.response["Error"]["Message"] == CONFLICT


def test_a_colliding_transaction_is_canceled_with_the_reason(dynamodb, held):
    table, _ = held
    with pytest.raises(dynamodb.exceptions.TransactionCanceledException) as caught:
        dynamodb.transact_write_items(TransactItems=[_put(table, "b"), _put(table)])
    assert caught.value.response["CancellationReasons"] == [
        {"Code": "None"},
        {"Code": "TransactionConflict", "Message": CONFLICT},
    ]
    with pytest.raises(dynamodb.exceptions.TransactionCanceledException) as caught:
        dynamodb.transact_get_items(
            TransactItems=[{"Get": {"TableName": table.name, "Key": _key()}}]
        )
    assert [reason["Code"] for reason in caught.value.response["CancellationReasons"]] == [
        "TransactionConflict"
    ]


def test_a_batch_gives_a_held_item_back(dynamodb, held):
    table, _ = held
    mine = {"PutRequest": {"Item": _key()}}
    other = {"PutRequest": {"Item": _key("b")}}
    reply = dynamodb.batch_write_item(RequestItems={table.name: [mine, other]})
    assert reply["UnprocessedItems"] == {table.name: [mine]}
    assert dynamodb.get_item(TableName=table.name, Key=_key("b"))["Item"] == _key("b")


def test_reads_see_what_is_committed(dynamodb, transactions, held):
    table, transaction = held
    assert "Item" not in dynamodb.get_item(TableName=table.name, Key=_key())
    assert dynamodb.scan(TableName=table.name)["Count"] == 0
    transactions.commit(transaction)
    assert dynamodb.get_item(TableName=table.name, Key=_key())["Item"]["by"] == {"S": "held"}


def test_a_committed_transaction_lets_its_items_go(dynamodb, transactions, held):
    table, transaction = held
    transactions.commit(transaction)
    dynamodb.put_item(TableName=table.name, Item=_key())
    status, answer = transactions.call("POST", f"/{transaction}/commit")
    assert status == 400
    assert answer["__type"].endswith("#ResourceNotFoundException")


def test_a_canceled_one_writes_nothing(dynamodb, transactions, held):
    table, transaction = held
    transactions.cancel(transaction)
    assert dynamodb.scan(TableName=table.name)["Count"] == 0
    dynamodb.put_item(TableName=table.name, Item=_key())


def test_a_request_of_the_same_token_is_told_to_wait(dynamodb, transactions, make_table):
    table = make_table()
    parameters = {"TransactItems": [_put(table)], "ClientRequestToken": table.name[:36]}
    transaction = transactions.hold(*parameters["TransactItems"],
                                    ClientRequestToken=parameters["ClientRequestToken"])
    with pytest.raises(dynamodb.exceptions.TransactionInProgressException) as caught:
        dynamodb.transact_write_items(**parameters)
    assert (caught.value.response["Error"]["Message"]
            == "Transaction from previous request is still in progress")
    transactions.commit(transaction)
    dynamodb.delete_item(TableName=table.name, Key=_key())
    dynamodb.transact_write_items(**parameters)  # already done by the held transaction
    assert dynamodb.scan(TableName=table.name)["Count"] == 0


def test_faults_are_those_of_the_operation(transactions, held):
    table, _ = held
    status, answer = transactions.call("POST", body={"TransactItems": []})
    assert status == 400
    assert answer["message"] == (
        "1 validation error detected: Value '[]' at 'transactItems' failed to satisfy constraint: "
        "Member must have length greater than or equal to 1")
    status, answer = transactions.call("POST", body={"TransactItems": [_put(table)]})
    assert answer["CancellationReasons"] == [{"Code": "TransactionConflict", "Message": CONFLICT}]
    assert transactions.call("POST", "/nonsense")[0] == 404
    assert transactions.call("PUT")[0] == 404


def test_they_are_listed(transactions, held):
    _, transaction = held
    listed = transactions.call("GET")[1]["Transactions"]
    assert {"TransactionId": transaction, "ActionCount": 1} in listed


def test_a_hundred_are_held_at_once(start_weir):
    server = start_weir()  # on its own, as other tests hold transactions, too
    transactions = Transactions(server.endpoint)
    dynamodb = client("dynamodb", server.endpoint)
    dynamodb.create_table(**definition("held", "pk:S"))
    table = Table(dynamodb, "held")
    ids = [transactions.hold(_put(table, str(number))) for number in range(100)]
    status, answer = transactions.call("POST", body={"TransactItems": [_put(table, "more")]})
    assert (status, answer["message"]) == (400, "Only 100 transactions can be held at once")
    dynamodb.put_item(TableName="held", Item=_key("more"))  # it is not held
    transactions.cancel(ids[0])
    transactions.hold(_put(table, "more"))


def test_a_dropped_table_ends_in_an_error_and_not_in_a_write(dynamodb, transactions, make_table):
    table = make_table()
    transaction = transactions.hold(_put(table))
    dynamodb.delete_table(TableName=table.name)
    status, answer = transactions.call("POST", f"/{transaction}/commit")
    assert status == 400
    assert answer["__type"].endswith("#ResourceNotFoundException")


def test_other_connections_are_served_meanwhile(dynamodb, held):
    table, _ = held
    done = []

    def write(number):
        dynamodb.put_item(TableName=table.name, Item=_key(f"other {number}"))
        done.append(number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)
    assert sorted(done) == list(range(8))
