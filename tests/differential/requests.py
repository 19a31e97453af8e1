# SPDX-License-Identifier: Apache-2.0
"""Random requests on the items of a table, and the choice among all kinds of requests.

A request is valid, or has one planted fault (`fault` names it), or sometimes two.
"""

from . import control, faults, legacy, partiql, transactions
from .expressions import Expressions
from .mutations import mutate
from .request import Request
from .values import Values

RETURN_VALUES = ("NONE", "ALL_OLD", "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW")
CAPACITY = ("INDEXES", "TOTAL", "NONE")
EXPRESSION_MEMBERS = (
    "ConditionExpression",
    "FilterExpression",
    "KeyConditionExpression",
    "ProjectionExpression",
    "UpdateExpression",
)


class RequestMaker:
    """Makes the requests of one epoch on its tables, `schemas`."""

    def __init__(self, rng, schemas, features):
        self.rng = rng
        self.schemas = schemas
        self.features = features
        self.values = Values(rng)
        self.broken = False  # a part of the request that is being made has a fault

    def next(self):
        rng = self.rng
        schema = rng.choice(self.schemas)
        makers = [
            (self._put, 20), (self._update, 26), (self._delete, 8), (self._get, 10),
            (self._query, 18), (self._scan, 11), (self._batch_get, 4), (self._batch_write, 4),
            (self._control, 3),
        ]  # fmt: skip
        if "transactions" in self.features:
            makers += [(self._transact_write, 18), (self._transact_get, 7)]
        if "partiql" in self.features:
            makers += [(self._statement, 34), (self._batch_statement, 9), (self._transaction, 9)]
        make = rng.choices(*zip(*makers, strict=False))[0]
        self.broken = False
        request = make(schema)
        request.schema = schema
        if request.operation not in control.OPERATIONS:
            if rng.random() < 0.22 and self.may_break(request):
                faults.plant(request, rng, schema)
            if rng.random() < 0.02 and self.may_break(request):
                faults.plant(request, rng, schema)
        return request

    def may_break(self, request):
        """Whether the request, or one that it is a part of, may have a fault more. Which of two
        faults a server reports is rarely recorded, so there is one, unless more are asked for.
        """
        return "several-faults" in self.features or not (self.broken or request.fault)

    # --- Writes ---

    def finish(self, request, expressions, chance=0.2):
        """Breaks an expression with the probability `chance`, and adds the placeholders to the
        body.
        """
        body, rng = request.body, self.rng
        used = [name for name in EXPRESSION_MEMBERS if name in body]
        if used and rng.random() < chance and self.may_break(request):
            self.broken = True
            member = rng.choice(used)
            body[member] = mutate(body[member], rng)
            request.fault = f"mutated {member}"
        if expressions.names:
            body["ExpressionAttributeNames"] = expressions.names
        if expressions.values:
            body["ExpressionAttributeValues"] = expressions.values
        return request

    def common(self, body, schema, write):
        rng = self.rng
        if rng.random() < 0.3:
            body["ReturnConsumedCapacity"] = rng.choice(CAPACITY)
        if write and rng.random() < (0.2 if schema.indexes else 0.05):
            body["ReturnItemCollectionMetrics"] = rng.choice(("SIZE", "NONE"))

    def condition(self, request, schema, expressions):
        """Sometimes adds a condition: mostly a random one, seldom one on the key's existence."""
        rng, body = self.rng, request.body
        draw = rng.random()
        if draw > 0.45:
            return
        if draw > 0.4:
            body["ConditionExpression"] = rng.choice(
                ("attribute_exists(pk)", "attribute_not_exists(pk)", "attribute_not_exists(pk.a)")
            )
        else:
            body["ConditionExpression"] = expressions.condition()
        if rng.random() < 0.4:
            choice = rng.choice(("ALL_OLD", "ALL_OLD", "NONE"))
            body["ReturnValuesOnConditionCheckFailure"] = choice

    def _write(self, operation, schema, body, return_values):
        rng = self.rng
        request = Request(operation, {"TableName": schema.name, **body})
        self.common(request.body, schema, write=True)
        if rng.random() < 0.45:
            request.body["ReturnValues"] = rng.choice(return_values)
        if "legacy" in self.features and rng.random() < 0.2:
            return legacy.add_to_write(request, rng, schema)
        expressions = Expressions(rng, schema)
        if operation == "UpdateItem" and rng.random() < 0.96:
            request.body["UpdateExpression"] = expressions.update()
        self.condition(request, schema, expressions)
        return self.finish(request, expressions)

    def _put(self, schema):
        item = self.values.item(schema)
        if self.rng.random() < 0.08:
            item["pad"] = self.values.padding()
        choices = ("NONE", "ALL_OLD", "ALL_OLD", "ALL_OLD") + RETURN_VALUES[-1:] * (
            self.rng.random() < 0.05
        )
        return self._write("PutItem", schema, {"Item": item}, choices)

    def _delete(self, schema):
        body = {"Key": self.values.key(schema)}
        return self._write("DeleteItem", schema, body, ("NONE", "ALL_OLD", "ALL_OLD"))

    def _update(self, schema):
        return self._write("UpdateItem", schema, {"Key": self.values.key(schema)}, RETURN_VALUES)

    # --- Reads ---

    def projection(self, body, expressions):
        if self.rng.random() < 0.4:
            body["ProjectionExpression"] = expressions.projection()

    def _get(self, schema):
        body = {"TableName": schema.name, "Key": self.values.key(schema)}
        self.common(body, schema, write=False)
        if self.rng.random() < 0.5:
            body["ConsistentRead"] = self.rng.random() < 0.7
        request = Request("GetItem", body)
        if "legacy" in self.features and self.rng.random() < 0.15:
            return legacy.add_attributes_to_get(request, self.rng)
        expressions = Expressions(self.rng, schema)
        self.projection(body, expressions)
        return self.finish(request, expressions)

    def _read(self, body, schema):
        """Adds the members that Query and Scan share. Returns the index that is read, or None."""
        rng = self.rng
        self.common(body, schema, write=False)
        index = None
        if schema.indexes and rng.random() < 0.5:
            index = rng.choice(schema.indexes)
            body["IndexName"] = index.name
        if rng.random() < 0.3 and (index is None or not index.is_global):
            body["ConsistentRead"] = rng.random() < 0.7
        if rng.random() < 0.45:
            body["Limit"] = rng.choice((1, 1, 2, 3, 5, 100))
        if rng.random() < 0.15:
            body["Select"] = rng.choice(
                ("COUNT", "COUNT", "ALL_ATTRIBUTES", "SPECIFIC_ATTRIBUTES")
                + (("ALL_PROJECTED_ATTRIBUTES",) * 3 if index else ())
            )
        return index

    def _start_key(self, body, schema, index):
        body["ExclusiveStartKey"] = self.values.key(schema)
        if index:
            for name, kind in index.key:
                body["ExclusiveStartKey"].setdefault(name, self.values.key_value(kind))

    def _filter(self, body, expressions):
        if self.rng.random() < 0.35:
            body["FilterExpression"] = expressions.condition()
        if body.get("Select") in (None, "SPECIFIC_ATTRIBUTES"):
            self.projection(body, expressions)

    def _query(self, schema):
        rng = self.rng
        body = {"TableName": schema.name}
        index = self._read(body, schema)
        request = Request("Query", body)
        if rng.random() < 0.5:
            body["ScanIndexForward"] = rng.random() < 0.4
        if rng.random() < 0.1:
            self._start_key(body, schema, index)
        request.paged = "ExclusiveStartKey" not in body
        if "legacy" in self.features and rng.random() < 0.15:
            return legacy.add_to_read(request, rng, schema, index)
        expressions = Expressions(rng, schema)
        several = index and len(index.key) > 2
        key = index.key if index else schema.key
        body["KeyConditionExpression"] = (
            expressions.multi_key_condition(index) if several else expressions.key_condition(key)
        )
        self._filter(body, expressions)
        return self.finish(request, expressions)

    def _scan(self, schema):
        rng = self.rng
        body = {"TableName": schema.name}
        index = self._read(body, schema)
        request = Request("Scan", body)
        if rng.random() < 0.2:
            body["TotalSegments"] = rng.choice((1, 2, 3, 4))
            body["Segment"] = rng.randrange(body["TotalSegments"])
        if rng.random() < 0.06:
            self._start_key(body, schema, index)
        request.paged = "ExclusiveStartKey" not in body
        if "legacy" in self.features and rng.random() < 0.15:
            return legacy.add_to_read(request, rng, schema, index)
        expressions = Expressions(rng, schema)
        self._filter(body, expressions)
        return self.finish(request, expressions)

    # --- Batches and tables ---

    def distinct_keys(self, schema, count):
        keys = {repr(key): key for key in (self.values.key(schema) for _ in range(count))}
        return list(keys.values())

    def _batch_get(self, schema):
        rng = self.rng
        body = {"RequestItems": {}}
        self.common(body, schema, write=False)
        for table in rng.sample(self.schemas, rng.randint(1, len(self.schemas))):
            part = {"Keys": self.distinct_keys(table, rng.randint(1, 6))}
            if rng.random() < 0.4:
                part["ConsistentRead"] = rng.random() < 0.5
            expressions = Expressions(rng, table)
            self.projection(part, expressions)
            part = self.finish(Request("", part), expressions).body
            body["RequestItems"][table.name] = part
        return Request("BatchGetItem", body)

    def _batch_write(self, schema):
        rng = self.rng
        body = {"RequestItems": {}}
        self.common(body, schema, write=True)
        for table in rng.sample(self.schemas, rng.randint(1, len(self.schemas))):
            writes = []
            for key in self.distinct_keys(table, rng.randint(1, 6)):
                if rng.random() < 0.7:
                    item = {**self.values.item(table), **key}
                    writes.append({"PutRequest": {"Item": item}})
                else:
                    writes.append({"DeleteRequest": {"Key": key}})
            body["RequestItems"][table.name] = writes
        return Request("BatchWriteItem", body)

    def _control(self, schema):
        return Request(*control.make(self.rng, schema, self.features))

    # --- Transactions and PartiQL ---

    def _transact_write(self, schema):
        return transactions.make_write(self, schema)

    def _transact_get(self, schema):
        return transactions.make_get(self, schema)

    def _statement(self, schema):
        return partiql.make_statement(self, schema)

    def _batch_statement(self, schema):
        return partiql.make_batch(self)

    def _transaction(self, schema):
        return partiql.make_transaction(self)
