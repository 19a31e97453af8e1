# SPDX-License-Identifier: Apache-2.0
"""Transactions of many clients at once: those that collide wait for each other and do not fail, and
nobody sees half of one. tests/linearizability tests this more thoroughly.
"""

import random
from concurrent.futures import ThreadPoolExecutor

from errors import refused
from stream_reader import of_key, read_stream
from transactions import CANCELED, get, put, read, update, write
from values import N, S

WORKERS = 8
TURNS = 30
ACCOUNTS = 5
START = 10
ABSENT = "attribute_not_exists(pk)"


def account(number):
    return {"pk": S(f"account-{number}")}


def in_parallel(*works):
    """Runs all work(number) at once. Returns all results, or raises the first failure."""
    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result() for future in
                [pool.submit(work, number) for number, work in enumerate(works)]]


def transfer(tables, source, target, amount):
    """Transfers an amount. Returns False if the account `source` has too little."""
    values = {":amount": N(amount)}
    actions = [
        update(tables[source % 2], account(source), "SET balance = balance - :amount", values,
               "balance >= :amount"),
        update(tables[target % 2], account(target), "ADD balance :amount", values)]
    client = tables[0].client
    try:
        write(client, *actions)
        return True
    except client.exceptions.TransactionCanceledException as error:
        codes = [reason["Code"] for reason in error.response["CancellationReasons"]]
        assert codes == ["ConditionalCheckFailed", "None"]
        return False


def test_transfers_keep_the_sum(make_table):
    tables = [make_table(), make_table()]
    for number in range(ACCOUNTS):
        tables[number % 2].put({**account(number), "balance": N(START)})
    gets = [get(tables[number % 2], account(number)) for number in range(ACCOUNTS)]

    def balances():
        return [int(item["balance"]["N"]) for item in read(tables[0].client, *gets)]

    def move(number):
        choose = random.Random(number)
        for _ in range(TURNS):
            source, target = choose.sample(range(ACCOUNTS), 2)
            transfer(tables, source, target, choose.randint(1, START))
        return True

    def audit(_):
        for _ in range(TURNS):
            seen = balances()
            assert sum(seen) == ACCOUNTS * START
            assert min(seen) >= 0
        return True

    assert all(in_parallel(*[move] * (WORKERS - 2), audit, audit))
    assert sum(balances()) == ACCOUNTS * START


def test_readers_see_no_torn_pair(make_table):
    tables = [make_table(), make_table()]
    keys = [{"pk": S("left")}, {"pk": S("right")}]

    def write_pairs(number):
        for turn in range(TURNS):
            write(tables[0].client, *(put(table, {**key, "turn": N(number * TURNS + turn)})
                                      for table, key in zip(tables, keys, strict=False)))

    def read_pairs(_):
        for _ in range(2 * TURNS):
            left, right = read(tables[0].client, *map(get, tables, keys))
            assert (left and left["turn"]) == (right and right["turn"])

    in_parallel(*[write_pairs] * 4, *[read_pairs] * 4)


def test_no_update_is_lost(streams, make_table):
    """Transactions, with their actions in any order, and single updates change the same items."""
    table = make_table(view="NEW_AND_OLD_IMAGES")
    keys = [{"pk": S(name)} for name in "ab"]

    def add(key):
        return update(table, key, "ADD n :one", {":one": N(1)})

    def by_transactions(number):
        for _ in range(TURNS):
            write(table.client, *map(add, keys if number % 2 else reversed(keys)))

    def one_by_one(_):
        for _ in range(TURNS):
            for key in keys:
                table.update(key, "ADD n :one", {":one": N(1)})

    in_parallel(*[by_transactions] * 6, one_by_one, one_by_one)
    total = WORKERS * TURNS
    records = read_stream(streams, table.stream_arn, 2 * total)
    for key in keys:
        assert table.get(key)["n"] == N(total)
        changes = [record["dynamodb"] for record in of_key(records, key)]
        assert [change["NewImage"]["n"] for change in changes] == [
            N(number) for number in range(1, total + 1)]
        assert [change["OldImage"]["n"] for change in changes[1:]] == [
            N(number) for number in range(1, total)]


def test_one_of_many_claims_wins(table):
    """Each client claims two names. The one that gets the first must also get the second."""
    keys = [{"pk": S("first")}, {"pk": S("second")}]

    def claim(number):
        order = keys if number % 2 else list(reversed(keys))
        try:
            write(table.client, *(put(table, {**key, "owner": N(number)}, ABSENT) for key in order))
            return number
        except table.client.exceptions.TransactionCanceledException:
            return None

    winners = [number for number in in_parallel(*[claim] * WORKERS) if number is not None]
    assert len(winners) == 1
    assert [table.get(key)["owner"] for key in keys] == [N(winners[0])] * 2
    with refused(CANCELED):
        write(table.client, *(put(table, key, ABSENT) for key in keys))
