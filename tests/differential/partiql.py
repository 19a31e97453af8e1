# SPDX-License-Identifier: Apache-2.0
"""PartiQL (feature `partiql`): ExecuteStatement, BatchExecuteStatement and ExecuteTransaction."""

import copy

from .partiql_text import Statement
from .request import Request

# Statements that DynamoDB's dialect does not have, or that do not fit the table. {t} is the table.
ODD_STATEMENTS = (
    'SELECT * FROM "{t}" LIMIT 1', 'SELECT COUNT(*) FROM "{t}"', "SELECT n1 AS a FROM \"{t}\"",
    'SELECT * FROM "{t}" AS x', 'SELECT * FROM "{t}" WHERE s1 LIKE \'a%\'', "SELECT 1",
    'SELECT * FROM "{t}", "{t}"', 'SELECT VALUE n1 FROM "{t}"', 'SELECT DISTINCT n1 FROM "{t}"',
    'SELECT * FROM "{t}" GROUP BY n1', 'SELECT * FROM "{t}" ORDER BY n1', 'SELECT * FROM "{t}";',
    'SELECT * FROM "{t}" WHERE pk = MISSING', 'SELECT *, n1 FROM "{t}"', 'SELECT n1, n1 FROM "{t}"',
    'SELECT m1.* FROM "{t}"', 'SELECT size(s1) FROM "{t}"', 'SELECT n1 + 1 FROM "{t}"',
    'SELECT * FROM "{t}"."none"', 'SELECT * FROM "{t}"."a"."b"', 'SELECT * FROM "none-such"',
    'SELECT * FROM "{t}" WHERE foo(n1)', 'SELECT * FROM "{t}" WHERE n1',
    'SELECT * FROM "{t}" WHERE',
    'SELECT * FROM "{t}" WHERE n1 = <<>>', 'SELECT l1[-1] FROM "{t}"', "SELECT * FROM [1, 2]",
    'INSERT INTO "{t}" VALUE {{}}', 'INSERT INTO "{t}" VALUES (1, 2)', 'INSERT INTO "{t}" VALUE 1',
    "INSERT INTO \"{t}\" VALUE {{'n1': 1}}", "INSERT INTO \"{t}\" VALUE {{'pk': {{}}, 'sk': []}}",
    "INSERT INTO \"{t}\" VALUE {{'pk': 'a', 'sk': 'a', 'x': <<1, 'a'>>}}",
    "INSERT INTO \"{t}\" VALUE {{'pk': 1, 'sk': 1, 'x': <<1, 1>>}}",
    "INSERT INTO \"{t}\" VALUE {{'pk': 'a', 'pk': 'b', 'sk': 'a'}}",
    "INSERT INTO \"{t}\" VALUE {{'pk': '', 'sk': ''}}", 'UPDATE "{t}" SET n1 = 1',
    'UPDATE "{t}" SET n1 = 1 WHERE n1 = 1', "UPDATE \"{t}\" SET n1 = 1 WHERE pk = 'a'",
    "UPDATE \"{t}\" SET n1 = 1 WHERE pk = 'a' AND sk > 'a'", 'DELETE FROM "{t}"',
    "UPDATE \"{t}\" SET pk = 'b' WHERE pk = 'a' AND sk = 'a'", "DELETE FROM \"{t}\" WHERE pk = 'a'",
    "DELETE FROM \"{t}\" WHERE pk = 'a' AND sk = 'a' RETURNING ALL NEW *",
    "DELETE FROM \"{t}\" WHERE pk = 'a' AND sk = 'a' RETURNING MODIFIED OLD *",
    "UPDATE \"{t}\" SET n1 = 1 WHERE pk = 'a' AND pk = 'b'", "EXISTS(SELECT * FROM \"{t}\")",
    "SELECT * FROM \"{t}\" WHERE pk = 'a' AND pk = 'b'", 'SELECT * FROM "{t}" SELECT', "a", "'a'",
    "SELECT * FROM \"{t}\" -- a comment", "SELECT /* one */ * FROM \"{t}\"", "SELECT * FROM \"{t}",
    "DROP TABLE \"{t}\"", "CREATE TABLE x", 'SELECT * FROM "{t}" WHERE pk IN [\'a\', \'b\']',
    "SELECT * FROM \"{t}\" WHERE pk = 'a' OR pk = 'b'", "SELECT * FROM \"{t}\" WHERE n1 = 'a",
    "UPDATE \"{t}\" SET n1 = 1, n1 = 2 WHERE pk = 'a' AND sk = 'a'",
    "UPDATE \"{t}\" SET m1 = 1 SET m1.a = 2 WHERE pk = 'a' AND sk = 'a'",
    "FROM \"{t}\" WHERE pk = 'a' AND sk = 'a' SET n1 = 1",
)  # fmt: skip


def _select(maker, schema):
    """(statement, whether its items have an order, the attribute that orders them) for a random
    read.
    """
    rng = maker.rng
    index = rng.choice(schema.indexes) if schema.indexes and rng.random() < 0.3 else None
    if index and len(index.key) > 2:
        index = None
    statement = Statement(rng, schema, index)
    draw, where, sort_key = rng.random(), "", None
    if draw < 0.3 and index is None:
        where = statement.whole_key()
    elif draw < 0.65:
        where = statement.partition()
        key = (index or schema).key
        sort_key = key[1][0] if len(key) > 1 else None
    if where and rng.random() < 0.2:
        where += f" AND {statement.condition()}"
    elif not where and rng.random() < 0.6:
        where = statement.condition()
    order_by = ""
    if sort_key and rng.random() < 0.2:
        order_by = f" ORDER BY {sort_key}{rng.choice(('', ' ASC', ' DESC'))}"
    return statement.select(where, order_by), sort_key


def _keyed_select(maker, schema, key):
    statement = Statement(maker.rng, schema)
    return statement.select(statement.whole_key(key))


def _write(maker, schema, key, may_return=True):
    statement = Statement(maker.rng, schema)
    kind = maker.rng.choices(("insert", "update", "delete"), (35, 45, 20))[0]
    if kind == "insert":
        return statement.insert(key)
    return getattr(statement, kind)(key, may_return)


def _on_failure(rng, body):
    if rng.random() < 0.25:
        body["ReturnValuesOnConditionCheckFailure"] = rng.choice(("ALL_OLD", "ALL_OLD", "NONE"))


def make_statement(maker, schema):
    rng = maker.rng
    draw = rng.random()
    if draw < 0.05:
        text = rng.choice(ODD_STATEMENTS).format(t=schema.name)
        request = Request("ExecuteStatement", {"Statement": text}, fault="odd")
    elif draw < 0.5:
        statement, sort_key = _select(maker, schema)
        request = Request("ExecuteStatement", statement.body(), sort_key=sort_key)
        request.paged = True
        if rng.random() < 0.3 and not (statement.index and statement.index.is_global):
            request.body["ConsistentRead"] = rng.random() < 0.7
        if rng.random() < 0.25:
            request.body["Limit"] = rng.choice((1, 2, 3, 100))
    else:
        write = _write(maker, schema, maker.values.key(schema))
        request = Request("ExecuteStatement", write.body())
        _on_failure(rng, request.body)
    if rng.random() < 0.3:
        request.body["ReturnConsumedCapacity"] = rng.choice(("INDEXES", "TOTAL", "NONE"))
    return request


def _places(maker, count):
    places = {}
    for _ in range(count):
        schema = maker.rng.choice(maker.schemas)
        key = maker.values.key(schema)
        places[schema.name, repr(key)] = (schema, key)
    places = list(places.values())
    if maker.rng.random() < 0.03:
        places.append(maker.rng.choice(places))
    return places


def make_batch(maker):
    rng = maker.rng
    reads, statements = rng.random() < 0.4, []
    for schema, key in _places(maker, rng.choice((1, 2, 2, 3, 5))):
        if rng.random() < 0.03:
            reads = not reads
        if rng.random() < 0.04:
            body = _select(maker, schema)[0].body() if reads else {}
            body = body or {"Statement": rng.choice(ODD_STATEMENTS).format(t=schema.name)}
        else:
            make = _keyed_select if reads else _write
            body = make(maker, schema, key).body()
        if reads and rng.random() < 0.2:
            body["ConsistentRead"] = rng.random() < 0.7
        if not reads:
            _on_failure(rng, body)
        statements.append(body)
    body = {"Statements": statements}
    if rng.random() < 0.3:
        body["ReturnConsumedCapacity"] = rng.choice(("INDEXES", "TOTAL", "NONE"))
    return Request("BatchExecuteStatement", body)


def make_transaction(maker):
    rng = maker.rng
    reads, statements = rng.random() < 0.35, []
    for schema, key in _places(maker, rng.choice((1, 1, 2, 2, 3))):
        if rng.random() < 0.02:
            reads = not reads
        draw = rng.random()
        if draw < 0.02:
            body = {"Statement": rng.choice(ODD_STATEMENTS).format(t=schema.name)}
        elif reads:
            body = _keyed_select(maker, schema, key).body()
        elif draw < 0.15:
            body = Statement(rng, schema).exists(key).body()
        else:
            body = _write(maker, schema, key, may_return=rng.random() < 0.02).body()
        if not reads:
            _on_failure(rng, body)
        statements.append(body)
    body = {"TransactStatements": statements}
    if rng.random() < 0.3:
        body["ReturnConsumedCapacity"] = rng.choice(("INDEXES", "TOTAL", "NONE"))
    request = Request("ExecuteTransaction", body)
    if not reads and rng.random() < 0.15:
        body["ClientRequestToken"] = f"{rng.getrandbits(100):025x}"
        again = copy.deepcopy(body)
        if rng.random() < 0.3:
            again["TransactStatements"].reverse()
        request.then = Request("ExecuteTransaction", again)
    return request
