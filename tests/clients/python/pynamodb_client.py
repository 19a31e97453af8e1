# SPDX-License-Identifier: Apache-2.0
"""Uses the server through PynamoDB: models with indexes, a version and a time to live.

PynamoDB sets the number of attempts itself, whatever AWS_MAX_ATTEMPTS says, so each model sets it
to one.
"""

import datetime

from harness import equal, raises, run
from pynamodb.attributes import (
    ListAttribute,
    MapAttribute,
    NumberAttribute,
    TTLAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
    VersionAttribute,
)
from pynamodb.connection import Connection
from pynamodb.exceptions import (
    DeleteError,
    DoesNotExist,
    GetError,
    PutError,
    TableDoesNotExist,
    TransactGetError,
    TransactWriteError,
    UpdateError,
)
from pynamodb.indexes import (
    AllProjection,
    GlobalSecondaryIndex,
    KeysOnlyProjection,
    LocalSecondaryIndex,
)
from pynamodb.models import Model
from pynamodb.transactions import TransactGet, TransactWrite


class KindIndex(GlobalSecondaryIndex):
    class Meta:
        index_name = "kind-stock"
        projection = AllProjection()

    kind = UnicodeAttribute(hash_key=True)
    stock = NumberAttribute(range_key=True)


class StockIndex(LocalSecondaryIndex):
    class Meta:
        index_name = "shelf-stock"
        projection = KeysOnlyProjection()

    shelf = UnicodeAttribute(hash_key=True)
    stock = NumberAttribute(range_key=True)


class Size(MapAttribute):
    width = NumberAttribute()
    unit = UnicodeAttribute()


class Part(Model):
    class Meta:
        table_name = "parts"
        billing_mode = "PAY_PER_REQUEST"
        stream_view_type = "NEW_AND_OLD_IMAGES"
        tags = {"stage": "test"}
        max_retry_attempts = 0

    shelf = UnicodeAttribute(hash_key=True)
    number = NumberAttribute(range_key=True)
    kind = UnicodeAttribute(null=True)
    stock = NumberAttribute(default=0)
    labels = UnicodeSetAttribute(null=True)
    size = Size(null=True)
    history = ListAttribute(null=True)
    expires = TTLAttribute(null=True)
    by_kind = KindIndex()
    by_stock = StockIndex()


class Counter(Model):
    class Meta:
        table_name = "counters"
        read_capacity_units = 5
        write_capacity_units = 5
        max_retry_attempts = 0

    name = UnicodeAttribute(hash_key=True)
    value = NumberAttribute(default=0)
    version = VersionAttribute()


class Missing(Model):
    class Meta:
        table_name = "missing"
        max_retry_attempts = 0

    name = UnicodeAttribute(hash_key=True)


def connection():
    return Connection(max_retry_attempts=0)


def fill(shelf, count):
    with Part.batch_write() as batch:
        for number in range(count):
            batch.save(Part(shelf, number, kind="even" if number % 2 == 0 else "odd", stock=number))


def plain(part):
    return part.attribute_values | {"size": part.size.as_dict()}


def create_tables():
    """create_table makes the indexes, stream, tags and time to live of a model."""
    Part.create_table(wait=True)
    Counter.create_table(wait=True)
    table = Part.describe_table()
    equal(table["BillingModeSummary"]["BillingMode"], "PAY_PER_REQUEST")
    [index] = table["GlobalSecondaryIndexes"]
    equal((index["IndexName"], index["IndexStatus"]), ("kind-stock", "ACTIVE"))
    [index] = table["LocalSecondaryIndexes"]
    equal(index["IndexName"], "shelf-stock")
    equal(index["Projection"], {"ProjectionType": "KEYS_ONLY"})
    equal(table["StreamSpecification"]["StreamViewType"], "NEW_AND_OLD_IMAGES")
    equal(Counter.describe_table()["ProvisionedThroughput"]["ReadCapacityUnits"], 5)
    client = connection().client
    tags = client.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"]
    equal(tags, [{"Key": "stage", "Value": "test"}])
    ttl = client.describe_time_to_live(TableName="parts")["TimeToLiveDescription"]
    equal(ttl, {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires"})


def missing_table():
    """A table that is not there is TableDoesNotExist, and a GetError with AWS's code."""
    equal(Missing.exists(), False)
    with raises(TableDoesNotExist):
        Missing.describe_table()
    with raises(GetError) as raised:
        Missing.get("x")
    equal(raised.error.cause_response_code, "ResourceNotFoundException")


def save_and_get():
    """An item comes back with all its types."""
    expires = datetime.datetime(2100, 1, 1, tzinfo=datetime.UTC)
    part = Part("A", 1, kind="bolt", stock=12.5, labels={"new", "red"}, expires=expires,
                size=Size(width=3, unit="mm"), history=["made", 7, {"checked": True}, None])
    part.save()
    read = Part.get("A", 1, consistent_read=True)
    equal(plain(read), plain(part))
    equal(read.expires, expires)


def missing_item():
    """An item that is not there is DoesNotExist."""
    with raises(DoesNotExist):
        Part.get("A", 404)


def condition_on_put():
    """A put whose condition does not hold is a PutError."""
    Part("B", 1).save(Part.shelf.does_not_exist())
    with raises(PutError) as raised:
        Part("B", 1).save(Part.shelf.does_not_exist())
    equal(raised.error.cause_response_code, "ConditionalCheckFailedException")
    equal(raised.error.cause_response_message, "The conditional request failed")


def update():
    """Update actions change an item, and the model has the new values."""
    part = Part("C", 1, stock=1, labels={"old"}, history=[1], size=Size(width=1, unit="mm"))
    part.save()
    part.update(
        actions=[
            Part.stock.set(Part.stock + 2),
            Part.labels.add({"new"}),
            Part.history.set(Part.history.append([2])),
            Part.size.width.set(9),
            Part.kind.set(Part.kind | "nut"),
        ],
        condition=Part.stock.between(1, 5) & Part.labels.contains("old"),
    )
    equal((part.stock, part.labels, part.history), (3, {"old", "new"}, [1, 2]))
    equal((part.size.width, part.size.unit, part.kind), (9, "mm", "nut"))
    with raises(UpdateError) as raised:
        part.update(actions=[Part.kind.remove()], condition=Part.stock > 100)
    equal(raised.error.cause_response_code, "ConditionalCheckFailedException")


def versions():
    """A version attribute refuses the write of an object that is out of date."""
    counter = Counter("a")
    counter.save()
    stale = Counter.get("a")
    counter.update(actions=[Counter.value.set(5)])
    equal(counter.version, 2)
    stale.value = 6
    with raises(PutError):
        stale.save()
    stale.refresh()
    equal((stale.value, stale.version), (5, 2))
    stale.delete()
    with raises(DeleteError):
        counter.delete()


def query_pages():
    """A query goes on over pages, and its iterator from where it was left."""
    fill("D", 30)
    results = Part.query("D", Part.number >= 5, page_size=7, scan_index_forward=False)
    equal([part.number for part in results], list(range(29, 4, -1)))
    equal(results.last_evaluated_key, None)
    first = Part.query("D", limit=4)
    equal([part.number for part in first], [0, 1, 2, 3])
    rest = Part.query("D", last_evaluated_key=first.last_evaluated_key, limit=2)
    equal([part.number for part in rest], [4, 5])
    equal(Part.count("D", filter_condition=Part.kind == "odd"), 15)


def query_indexes():
    """Queries of a global and of a local index are in the order of their sort keys."""
    fill("E", 10)
    shelf_e = Part.shelf == "E"
    parts = Part.by_kind.query("odd", KindIndex.stock > 4, filter_condition=shelf_e, page_size=2)
    equal([part.number for part in parts], [5, 7, 9])
    equal(Part.by_kind.count("even", filter_condition=shelf_e), 5)
    Part.get("E", 0).update(actions=[Part.stock.set(100)])
    equal([part.number for part in Part.by_stock.query("E")][-2:], [9, 0])


def scan_segments():
    """The segments of a scan have all items together, and none of them twice."""
    fill("F", 40)
    found = []
    for segment in range(4):
        parts = Part.scan(Part.shelf == "F", segment=segment, total_segments=4, page_size=5)
        found += [part.number for part in parts]
    equal(sorted(found), list(range(40)))


def batches():
    """Batches of more items than a request may have are split, and read back."""
    fill("G", 60)
    keys = [("G", number) for number in range(120)]
    equal(sorted(part.number for part in Part.batch_get(keys)), list(range(60)))
    with Part.batch_write() as batch:
        for number in range(59):
            batch.delete(Part("G", number))
    equal([part.number for part in Part.query("G")], [59])


def transactions():
    """A transaction puts, updates, checks and deletes, and another one reads."""
    fill("H", 3)
    with TransactWrite(connection=connection(), client_request_token="pynamodb-1") as transaction:
        transaction.save(Part("H", 10), condition=Part.number.does_not_exist())
        transaction.update(Part("H", 0), actions=[Part.stock.add(5)])
        transaction.delete(Part("H", 1))
        transaction.condition_check(Part, "H", 2, condition=Part.stock == 2)
    with TransactGet(connection=connection()) as reading:
        updated, deleted = reading.get(Part, "H", 0), reading.get(Part, "H", 1)
    equal(updated.get().stock, 5)
    with raises(DoesNotExist):
        deleted.get()


def cancelled_transaction():
    """A cancelled transaction has a reason for each action, with the item that was asked for."""
    Part("I", 1, stock=7).save()
    is_new = Part.number.does_not_exist()
    with raises(TransactWriteError) as raised, TransactWrite(connection=connection()) as writing:
        writing.condition_check(Part, "I", 2, condition=is_new)
        writing.save(Part("I", 1), condition=is_new, return_values="ALL_OLD")
    equal(raised.error.cause_response_code, "TransactionCanceledException")
    # PynamoDB sends condition checks first; it has None for an action that is not a reason.
    nothing, reason = raised.error.cancellation_reasons
    equal(nothing, None)
    equal(reason.code, "ConditionalCheckFailed")
    equal(reason.message, "The conditional request failed")
    equal(reason.raw_item, {"shelf": {"S": "I"}, "number": {"N": "1"}, "stock": {"N": "7"}})


def missing_table_in_transaction():
    """A transaction that reads a missing table is a TransactGetError with AWS's code."""
    with raises(TransactGetError) as raised, TransactGet(connection=connection()) as reading:
        reading.get(Missing, "x")
    equal(raised.error.cause_response_code, "ResourceNotFoundException")


def delete_tables():
    """delete_table waits until the tables are gone."""
    Part.delete_table(wait=True)
    Counter.delete_table(wait=True)
    equal(connection().list_tables()["TableNames"], [])


if __name__ == "__main__":
    run([
        create_tables, missing_table, save_and_get, missing_item, condition_on_put, update,
        versions, query_pages, query_indexes, scan_segments, batches, transactions, cancelled_transaction,
        missing_table_in_transaction, delete_tables,
    ])
