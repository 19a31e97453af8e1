# SPDX-License-Identifier: Apache-2.0
"""An epoch: fresh tables, some hundred requests on them, then their contents and streams compared.

It depends only on the seed and the epoch's number, so it can be repeated alone.
"""

import json
import random

from . import control, streams
from .comparison import Difference, compare, is_unordered, plain_numbers
from .http_client import Answer, ServerGone
from .request import Request
from .requests import RequestMaker
from .rules import Case
from .schemas import random_schema

STEPS = 160
TABLES = 2
MAX_PAGES = 12
MAX_WHOLE_PAGES = 100
WRITES = {"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"}
WRITES |= {"ExecuteStatement", "BatchExecuteStatement", "ExecuteTransaction"}

# Members with which an answer depends on the order of the items, even if that is undefined.
ORDER_MATTERS = {"Limit", "ExclusiveStartKey", "Segment", "TotalSegments", "NextToken"}


class EpochGone(Exception):
    """A server failed within the epoch, whose tables are lost."""

    def __init__(self, server, request, reason):
        super().__init__(f"{server.name}: {reason}")
        self.server = server
        self.request = request


class Epoch:
    """Runs against `servers`. The first of them is Weir."""

    def __init__(self, options, number, servers, rulebook, report):
        self.seed = options.seed
        self.number = number
        self.features = options.features
        self.shown_step = options.replay_step if number == options.replay_epoch else None
        self.servers = servers
        self.rulebook = rulebook
        self.report = report
        rng = random.Random(f"{self.seed}:{number}")
        self.schemas = [
            random_schema(rng, f"diff-{number}-{i}", self.features) for i in range(TABLES)
        ]
        self.step = "create"

    @property
    def place(self):
        return f"{self.seed}:{self.number}:{self.step}"

    def run(self):
        self._create_tables()
        for step in range(STEPS):
            self.step = step
            rng = random.Random(f"{self.seed}:{self.number}:{step}")
            request = RequestMaker(rng, self.schemas, self.features).next()
            self._perform(request)
            if request.then:
                self._perform(request.then)
            if step == self.shown_step:
                return
        self.step = "end"
        for schema in self.schemas:
            self._compare_contents(schema)
            self._drop(schema.name)

    # --- Talking to the servers ---

    def _call(self, request, bodies=None):
        """The answers of all servers, in the order of the servers. `bodies` has a body for each, if
        they differ.
        """
        bodies = bodies or [request.body] * len(self.servers)
        for server, body in zip(self.servers, bodies, strict=False):
            self._guarded(server, request, lambda: server.connection.send(request.operation, body))
        return [
            self._guarded(server, request, server.connection.receive) for server in self.servers
        ]

    def _guarded(self, server, request, call):
        try:
            return call()
        except ServerGone as reason:
            raise EpochGone(server, request, reason) from reason

    def _drop(self, name):
        self._call(Request("DeleteTable", {"TableName": name}))

    def _create_tables(self):
        for schema in self.schemas:
            self._drop(schema.name)
            self._perform(Request("CreateTable", schema.definition(), schema))

    def _recreate(self, schemas):
        for schema in schemas:
            self._drop(schema.name)
            # The new table gets another name: some servers keep the change records of a deleted
            # one.
            self.report.resyncs += 1
            name, _, number = schema.name.partition("r")
            schema.name = f"{name}r{int(number or 0) + 1}"
            self._call(Request("CreateTable", schema.definition()))

    # --- One step ---

    def _perform(self, request):
        whole = not request.fault and request.body.keys() & {"TotalSegments", "Limit"}
        whole = whole or request.operation == "ExecuteStatement"
        if is_unordered(request) and request.paged and whole:
            self._perform_whole_read(request)
        elif request.paged and not request.fault:
            self._perform_pages(request)
        else:
            answers = self._call(request)
            differ = self._judge(request, answers) and request.operation in WRITES
            if differ or self._left_behind(request, answers):
                self._recreate(self._tables_of(request))
                request.then = None
        if request.operation == "CreateTable" and control.EXTRA in str(
            request.body.get("TableName")
        ):
            self._drop(request.body["TableName"])

    def _left_behind(self, request, answers):
        """Whether a request may have had different effects on the servers, though the answers are
        equal. For an update that begins with REMOVE or has legacy parameters, compares the items.
        For a batch of statements, looks at the errors.
        """
        if request.operation == "BatchExecuteStatement":
            # Local finds that two statements are on one item only when it reaches the second. It
            # then refuses the batch, although a part of it has run.
            return any(not a.ok and "contains duplicates" in a.message for a in answers)
        differ = False
        for body in _updates_of(request) if answers[0].ok else ():
            text = str(body.get("UpdateExpression", "")).strip().upper()
            if text.startswith("REMOVE") or "AttributeUpdates" in body:
                item = {"TableName": body["TableName"], "Key": body["Key"]}
                probe = Request("GetItem", item, request.schema, after=body)
                differ |= self._judge(probe, self._call(probe))
        return differ

    def _tables_of(self, request):
        """The tables that the request names anywhere."""
        text = json.dumps(request.body)
        return [schema for schema in self.schemas if schema.name in text]

    def _judge(self, request, answers):
        """Compares and counts the answers. Returns whether the tables may differ now."""
        weir, *others = answers
        self.report.count(request, weir)
        if self.step == self.shown_step:
            self.report.show(self.place, request, self.servers, answers)
        resync = False
        if is_unordered(request):
            weir, *others = [_of_unordered(request, answer) for answer in answers]
        for server, answer in zip(self.servers[1:], others, strict=False):
            found = compare(request, weir, answer)
            if found:
                resync |= self._settle(server, request, weir, answer, found)
        return resync

    def _settle(self, server, request, weir, answer, found):
        case = Case(server.name, request, weir, answer, self)
        left, resync = self.rulebook.settle(case, found)
        if left:
            self.report.disagreement(self.place, case, left)
        return resync or bool(left and (weir.ok or answer.ok))

    # --- Pages ---

    def _perform_pages(self, request):
        """Sends a read and follows its pages, which must be equal on all servers."""
        body = dict(request.body)
        for _ in range(MAX_PAGES):
            page = Request(request.operation, dict(body), request.schema)
            answers = self._call(page)
            differ = self._judge(page, answers)
            key = answers[0].body.get("LastEvaluatedKey") if answers[0].ok else None
            if differ or key is None:
                return
            body["ExclusiveStartKey"] = key

    def _perform_whole_read(self, request):
        """Sends a read whose items AWS gives no order. Each server chooses what a page or segment
        holds, so all pages of all segments are read from each server and compared together.
        """
        totals = [self._read_all(server, request) for server in self.servers]
        if self.step == self.shown_step:
            self.report.show(self.place, request, self.servers, totals)
        for server, total in zip(self.servers[1:], totals[1:], strict=False):
            found = compare(request, totals[0], total)
            if found:
                self._settle(server, request, totals[0], total, found)

    def _read_all(self, server, request):
        pages = []
        for segment in range(request.body.get("TotalSegments", 1)):
            body = dict(request.body)
            if "TotalSegments" in body:
                body["Segment"] = segment
            for _ in range(MAX_WHOLE_PAGES):
                call = lambda: server.connection.call(request.operation, body)  # noqa: E731
                answer = self._guarded(server, request, call)
                pages.append(answer)
                if server is self.servers[0]:
                    self.report.count(request, answer)
                start = _start_of_next(answer)
                if start is None:
                    break
                body.update(start)
        return _sum_of(request, pages)

    # --- The end ---

    def _compare_contents(self, schema):
        description = Request("DescribeTable", {"TableName": schema.name}, schema)
        self._judge(description, self._call(description))
        scan = Request("Scan", {"TableName": schema.name}, schema)
        self._judge(scan, self._call(scan))
        records = []
        for server in self.servers:
            reads = lambda: streams.read_records(server.connection, schema.name)  # noqa: E731
            records.append(self._guarded(server, scan, reads))
        request = Request("GetRecords", {"TableName": schema.name}, schema)
        for server, found in zip(self.servers[1:], records[1:], strict=False):
            self._compare_records(server, request, records[0], found)

    def _compare_records(self, server, request, ours, theirs):
        if ours is None or theirs is None:
            found = [Difference("stream", ours is not None, theirs is not None)] * (ours != theirs)
        else:
            found = list(streams.compare_records(ours, theirs))
            self.report.records += len(ours)
        if found:
            answers = [Answer(200, {"Records": len(records or ())}) for records in (ours, theirs)]
            self._settle(server, request, *answers, found)


def _updates_of(request):
    """The bodies of all updates in the request, except those of PartiQL statements."""
    if request.operation == "UpdateItem":
        return [request.body]
    if request.operation != "TransactWriteItems":
        return []
    return [action["Update"] for action in request.body["TransactItems"] if "Update" in action]


def _start_of_next(answer):
    """{member: value} that asks for the next page; None after the last page."""
    if not answer.ok:
        return None
    # A statement's answer has both, but the next request takes only the token.
    for ours, theirs in (("NextToken", "NextToken"), ("ExclusiveStartKey", "LastEvaluatedKey")):
        if theirs in answer.body:
            return {ours: answer.body[theirs]}
    return None


def _of_unordered(request, answer):
    """The answer in a form that can be compared although its items have no order: with only the
    names of its members if the order decides which items it has, else with the order of the sort
    keys.
    """
    if not answer.ok:
        return answer
    if request.body.keys() & ORDER_MATTERS:
        return Answer(200, {"Members": sorted(answer.body.keys() - {"LastEvaluatedKey"})})
    return Answer(200, {**answer.body, **_order_of(request, answer.body.get("Items", []))})


def _order_of(request, items):
    """{"Order": the sort keys of a read's items}: these have an order, although items with equal
    sort keys have none. {} if the read has no sort key.
    """
    name = request.sort_key
    index = request.schema.index(request.body.get("IndexName"))
    if request.operation == "Query" and index and index.range_keys:
        name, _ = index.range_keys[0]
    return {"Order": [plain_numbers(item.get(name)) for item in items]} if name else {}


def _sum_of(request, pages):
    """One answer for all pages, with all items and the sums of the counts; or the first error.

    Limit determines the number of pages, except if there are segments.
    """
    for page in pages:
        if not page.ok:
            return page
    total = {"Members": sorted({n for p in pages for n in p.body})}
    if "TotalSegments" in request.body:
        total["Members"] = [name for name in total["Members"] if name != "LastEvaluatedKey"]
    elif request.operation == "ExecuteStatement":
        # A page that ends with the last item because of Limit may have a token or not.
        total["Members"] = sorted({*total["Members"]} - {"NextToken", "LastEvaluatedKey"})
    else:
        total["Pages"] = len(pages)
    for page in pages:
        for name in ("Count", "ScannedCount"):
            if name in page.body:
                total[name] = total.get(name, 0) + page.body[name]
        if "Items" in page.body:
            total.setdefault("Items", []).extend(page.body["Items"])
    return Answer(200, {**total, **_order_of(request, total.get("Items", []))})
