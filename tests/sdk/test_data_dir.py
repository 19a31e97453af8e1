# SPDX-License-Identifier: Apache-2.0
"""A data folder: what is there after the server has ended, was killed, or found something wrong."""

import json
import pathlib
import resource
import stat
import subprocess
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError
from clients import client
from support.weir_server import ServerDidNotStart

TABLE = "Music"
RESTORED = "MusicRestored"


class Store:
    """A server with a data folder, and its clients."""

    def __init__(self, start_weir, folder, *flags):
        self.folder = folder
        self._start_weir = start_weir
        self.start(*flags)

    def start(self, *flags):
        self.server = self._start_weir("--data-dir", self.folder, *flags)
        self.dynamodb = client("dynamodb", self.server.endpoint)
        self.streams = client("dynamodbstreams", self.server.endpoint)

    def end(self):
        assert self.server.stop() == 0, self.server.stderr

    def kill(self):
        self.server.process.kill()
        self.server.wait()

    def control(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(self.server.endpoint + path, data, timeout=20) as answer:
            return json.load(answer)

    def put(self, key, **attributes):
        item = {"Artist": {"S": key}, **{name: {"S": text} for name, text in attributes.items()}}
        self.dynamodb.put_item(TableName=TABLE, Item=item)

    def create_table(self):
        self.dynamodb.create_table(
            TableName=TABLE,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "Artist", "KeyType": "HASH"}],
            AttributeDefinitions=[
                {"AttributeName": "Artist", "AttributeType": "S"},
                {"AttributeName": "Genre", "AttributeType": "S"},
            ],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "ByGenre",
                    "KeySchema": [{"AttributeName": "Genre", "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "ALL"},
                }
            ],
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
            Tags=[{"Key": "team", "Value": "music"}],
        )

    def stream_arn(self):
        return self.dynamodb.describe_table(TableName=TABLE)["Table"]["LatestStreamArn"]

    def iterators(self):
        stream = self.streams.describe_stream(StreamArn=self.stream_arn())["StreamDescription"]
        return [
            self.streams.get_shard_iterator(
                StreamArn=stream["StreamArn"],
                ShardId=shard["ShardId"],
                ShardIteratorType="TRIM_HORIZON",
            )["ShardIterator"]
            for shard in stream["Shards"]
        ]

    def records(self, iterators=None):
        """All records of the stream, as far as they are there now, by sequence number."""
        records = []
        for iterator in iterators or self.iterators():
            while iterator:
                page = self.streams.get_records(ShardIterator=iterator)
                records += page["Records"]
                iterator = page.get("NextShardIterator") if page["Records"] else None
        return sorted(records, key=lambda record: record["dynamodb"]["SequenceNumber"])

    def items(self, table=TABLE, **how):
        items = self.dynamodb.scan(TableName=table, **how)["Items"]
        return sorted(items, key=lambda item: item["Artist"]["S"])

    def state(self):
        """Everything that a client can see, but for the ids of the answers."""
        arn = self.dynamodb.describe_table(TableName=TABLE)["Table"]["TableArn"]
        answers = {
            "tables": self.dynamodb.list_tables()["TableNames"],
            "table": self.dynamodb.describe_table(TableName=TABLE)["Table"],
            "items": self.items(),
            "index": self.items(IndexName="ByGenre"),
            "restored": self.items(RESTORED),
            "tags": self.dynamodb.list_tags_of_resource(ResourceArn=arn)["Tags"],
            "ttl": self.dynamodb.describe_time_to_live(TableName=TABLE)["TimeToLiveDescription"],
            "policy": self.dynamodb.get_resource_policy(ResourceArn=arn)["Policy"],
            "backups": self.dynamodb.list_backups(BackupType="ALL")["BackupSummaries"],
            "stream": self.streams.describe_stream(StreamArn=self.stream_arn())["StreamDescription"],
            "records": self.records(),
            "clock": self.control("/_weir/clock"),
        }
        return json.loads(json.dumps(answers, default=str, sort_keys=True))


@pytest.fixture
def store(start_weir, tmp_path):
    return Store(start_weir, tmp_path / "data")


def count_once(store, token):
    """Adds 1 to a counter, by a transaction with that token."""
    store.dynamodb.transact_write_items(
        ClientRequestToken=token,
        TransactItems=[
            {
                "Update": {
                    "TableName": TABLE,
                    "Key": {"Artist": {"S": "counter"}},
                    "UpdateExpression": "ADD Plays :one",
                    "ExpressionAttributeValues": {":one": {"N": "1"}},
                }
            }
        ],
    )


def plays(store):
    key = {"Artist": {"S": "counter"}}
    return store.dynamodb.get_item(TableName=TABLE, Key=key)["Item"]["Plays"]["N"]


def fill(store):
    """Something of everything that is kept."""
    store.control("/_weir/clock", {"freeze": True})
    store.create_table()
    for number in range(40):
        store.put(f"artist-{number % 30}", Genre=f"genre-{number % 4}", Album="a" * number)
    store.dynamodb.delete_item(TableName=TABLE, Key={"Artist": {"S": "artist-7"}})
    backup = store.dynamodb.create_backup(TableName=TABLE, BackupName="Nightly")
    store.dynamodb.restore_table_from_backup(
        TargetTableName=RESTORED, BackupArn=backup["BackupDetails"]["BackupArn"]
    )
    store.put("written-after-the-backup")
    arn = store.dynamodb.describe_table(TableName=TABLE)["Table"]["TableArn"]
    store.dynamodb.tag_resource(ResourceArn=arn, Tags=[{"Key": "stage", "Value": "test"}])
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": "000000000000"},
                "Action": "dynamodb:GetItem",
                "Resource": arn,
            }
        ],
    }
    store.dynamodb.put_resource_policy(ResourceArn=arn, Policy=json.dumps(policy))
    store.dynamodb.update_time_to_live(
        TableName=TABLE, TimeToLiveSpecification={"Enabled": True, "AttributeName": "Expires"}
    )
    store.control("/_weir/shards", {"TableName": TABLE, "Action": "SPLIT"})
    store.control("/_weir/clock", {"advance": 3600})
    count_once(store, "once")
    for number in range(10):
        store.put(f"later-{number}", Genre="genre-1")


@pytest.mark.parametrize("end", ["end", "kill"])
def test_everything_is_there_after_a_restart(store, end):
    store.end()
    store.start("--durability", "always")
    fill(store)
    before = store.state()
    iterators = store.iterators()
    getattr(store, end)()
    store.start()
    assert store.state() == before
    assert len(before["records"]) == 53
    count_once(store, "once")
    assert plays(store) == "1"
    # Places of before are still good, and numbers go on growing.
    store.put("after-the-restart")
    newest = store.records(iterators)[-1]["dynamodb"]
    assert newest["Keys"]["Artist"]["S"] == "after-the-restart"
    assert newest["SequenceNumber"] > before["records"][-1]["dynamodb"]["SequenceNumber"]


def test_an_interval_after_a_write_it_survives_the_process(store):
    store.create_table()
    store.put("kept")
    journal = store.folder / "journal-00000000000000000001"
    deadline = time.monotonic() + 20
    while not (journal.is_file() and b"kept" in journal.read_bytes()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    store.kill()
    store.start()
    assert [item["Artist"]["S"] for item in store.items()] == ["kept"]


def test_a_deleted_table_stays_deleted_and_its_stream_stays_readable(store):
    store.create_table()
    store.put("gone")
    iterators = store.iterators()
    store.dynamodb.delete_table(TableName=TABLE)
    store.end()
    store.start()
    assert store.dynamodb.list_tables()["TableNames"] == []
    assert [record["eventName"] for record in store.records(iterators)] == ["INSERT"]
    store.create_table()
    assert store.items() == []


def test_items_that_expired_while_the_server_was_down_are_deleted(store):
    store.create_table()
    store.dynamodb.update_time_to_live(
        TableName=TABLE, TimeToLiveSpecification={"Enabled": True, "AttributeName": "Expires"}
    )
    expires = str(int(time.time()) + 60)
    item = {"Artist": {"S": "mortal"}, "Expires": {"N": expires}}
    store.dynamodb.put_item(TableName=TABLE, Item=item)
    store.end()
    store.start()
    assert len(store.items()) == 1
    store.control("/_weir/clock", {"advance": 120})
    assert store.items() == []
    last = store.records()[-1]
    assert last["userIdentity"] == {"PrincipalId": "dynamodb.amazonaws.com", "Type": "Service"}
    store.end()
    store.start()
    assert store.items() == []


def test_only_a_reset_empties_the_folder(store):
    store.create_table()
    store.put("before")
    store.control("/_weir/reset", {})
    assert store.dynamodb.list_tables()["TableNames"] == []
    store.create_table()
    store.put("after")
    store.end()
    store.start()
    assert [item["Artist"]["S"] for item in store.items()] == ["after"]
    store.control("/_weir/reset", {})
    store.end()
    store.start()
    assert store.dynamodb.list_tables()["TableNames"] == []


def test_resets_at_the_same_time(store):
    for _ in range(5):
        store.create_table()
        store.put("before")
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: store.control("/_weir/reset", {}), range(4)))
        assert store.dynamodb.list_tables()["TableNames"] == []
    store.create_table()
    store.put("after")
    store.end()
    store.start()
    assert [item["Artist"]["S"] for item in store.items()] == ["after"]


def test_the_folder_is_for_its_user_and_one_server_alone(store, start_weir):
    assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700
    store.create_table()
    store.end()
    for file in store.folder.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
    store.start()
    with pytest.raises(ServerDidNotStart) as second:
        start_weir("--data-dir", store.folder)
    assert second.value.exit_code == 1
    pid = store.server.process.pid
    assert f"{store.folder} is used by another server, process {pid}" in second.value.stderr
    store.put("still-served")


def newest_journal(folder: pathlib.Path) -> pathlib.Path:
    return max(folder.glob("journal-*"))


def flip_bit(path: pathlib.Path, text: bytes | None = None) -> bytes:
    """Flips a bit of a file: in the last place of `text`, or in the middle. Returns the contents."""
    contents = bytearray(path.read_bytes())
    contents[len(contents) // 2 if text is None else contents.rindex(text)] ^= 1
    path.write_bytes(contents)
    return bytes(contents)


def test_a_damaged_file_is_named_and_nothing_starts(store, start_weir):
    store.create_table()
    for number in range(10):
        store.put(f"artist-{number}")
    store.end()
    journal = newest_journal(store.folder)
    contents = flip_bit(journal)
    with pytest.raises(ServerDidNotStart) as refused:
        start_weir("--data-dir", store.folder)
    assert refused.value.exit_code == 1
    assert f"{journal} is damaged at byte " in refused.value.stderr
    assert journal.read_bytes() == contents


def test_a_journal_that_lacks_its_end_is_damage(store, start_weir):
    store.create_table()
    store.put("artist")
    store.end()
    journal = newest_journal(store.folder)
    journal.write_bytes(journal.read_bytes()[:-1])
    with pytest.raises(ServerDidNotStart) as refused:
        start_weir("--data-dir", store.folder)
    assert f"{journal} is damaged at byte " in refused.value.stderr
    journal.unlink()
    with pytest.raises(ServerDidNotStart) as refused:
        start_weir("--data-dir", store.folder)
    assert "the journal ends with row 0, but row " in refused.value.stderr


def test_what_a_crash_left_after_the_last_sync_is_cut_off(store):
    store.create_table()
    store.put("whole")
    store.end()
    with newest_journal(store.folder).open("ab") as journal:
        journal.write(b"the beginning of a row")
    store.start()
    assert [item["Artist"]["S"] for item in store.items()] == ["whole"]
    store.put("later")
    store.end()
    store.start()
    assert [item["Artist"]["S"] for item in store.items()] == ["later", "whole"]


def test_a_folder_of_a_newer_version_is_refused(store, start_weir):
    store.create_table()
    store.end()
    journal = newest_journal(store.folder)
    contents = bytearray(journal.read_bytes())
    contents[8] = 200
    journal.write_bytes(contents)
    with pytest.raises(ServerDidNotStart) as refused:
        start_weir("--data-dir", store.folder)
    assert "was written by a newer version of weir" in refused.value.stderr


def put_many(store, count, size, prefix="many"):
    """Puts items of about `size` bytes each."""
    filler = "x" * size

    def put(number):
        store.put(f"{prefix}-{number}", Genre="genre", Filler=filler)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(put, range(count)))


def test_records_beyond_the_memory_for_them_are_read_from_the_folder(start_weir, tmp_path):
    flags = ("--stream-max-bytes", str(1 << 20), "--stream-shards", "2")
    store = Store(start_weir, tmp_path / "data", *flags)
    store.create_table()
    iterators = store.iterators()
    put_many(store, 300, 30_000)  # 9 MB
    put_many(store, 300, 1000)  # in their place
    written = store.records(iterators)
    assert len(written) == 600
    listing = store.control(f"/_weir/shards?table={TABLE}")
    assert not listing["RecordsDropped"]
    end = time.monotonic() + 20
    while listing["LogBytes"] > 1 << 20:
        assert time.monotonic() < end, listing["LogBytes"]
        listing = store.control(f"/_weir/shards?table={TABLE}")
    store.end()
    store.start(*flags)
    assert store.records(iterators) == written
    health = store.control("/_weir/health?verbose")
    assert health["memory"]["streams"] == {"bytes": 0, "limitBytes": 1 << 20}
    store.control("/_weir/clock", {"advance": "25h"})
    assert store.records() == []


def test_a_damaged_record_fails_its_reader_and_nothing_else(store, weir_binary):
    store.create_table()
    put_many(store, 500, 40_000)  # 20 MB: enough for a checkpoint at the end
    store.end()
    assert list(store.folder.glob("checkpoint-*"))
    oldest = min(store.folder.glob("journal-*"))
    flip_bit(oldest)
    store.start()
    assert store.items()
    with pytest.raises(ClientError) as failed:
        store.records()
    assert failed.value.response["Error"]["Code"] == "InternalServerError"
    assert f"A record cannot be read from the data folder: {oldest} is damaged at byte " in str(failed.value)
    store.put("still-served")
    store.end()
    code, lines, _ = weir_data(weir_binary, "check", store.folder)
    assert (code, lines[-1]) == (1, "damaged")


def test_the_health_report_tells_of_the_folder(store):
    store.create_table()
    put_many(store, 10, 1000)
    end = time.monotonic() + 20
    while True:
        folder = store.control("/_weir/health?verbose")["dataFolder"]
        written = sum(journal.stat().st_size for journal in store.folder.glob("journal-*"))
        if folder["syncedRows"] == folder["rows"] and folder["journal"]["bytes"] == written:
            break
        assert time.monotonic() < end, folder
    assert folder["rows"] > 10
    assert (folder["path"], folder["durability"]) == (str(store.folder), "interval")
    assert (folder["writable"], folder["failure"]) == (True, None)
    assert folder["journal"]["files"] == 1
    assert folder["checkpoint"] == {"rows": 0, "bytes": 0, "failure": None}


def test_a_full_disk_refuses_writes_until_there_is_room(store):
    """The limit on the size of files stands for the end of the disk."""
    store.end()
    store.start("--durability", "always")
    store.create_table()
    store.put("before")
    pid = store.server.process.pid
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (10, resource.RLIM_INFINITY))
    seen = set()
    for number in range(5):
        with pytest.raises(ClientError) as failure:
            store.put(f"refused-{number}")
        answer = failure.value.response
        assert answer["ResponseMetadata"]["HTTPStatusCode"] == 500
        seen.add(answer["Error"]["Code"])
    assert seen == {"InternalServerError"}
    assert any(item["Artist"]["S"] == "before" for item in store.items())
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    deadline = time.monotonic() + 20
    while True:
        try:
            store.put("after")
            break
        except ClientError:
            assert time.monotonic() < deadline
            time.sleep(0.05)
    present = store.items()
    store.kill()
    store.start()
    assert store.items() == present
    assert {"before", "after"} <= {item["Artist"]["S"] for item in present}


def test_dynamodb_locals_flags_keep_the_data(start_weir, tmp_path):
    flags = ("-jar", "DynamoDBLocal.jar", "-sharedDb", "-dbPath", "./data")
    first = start_weir(*flags)
    dynamodb = client("dynamodb", first.endpoint)
    dynamodb.create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "Artist", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "Artist", "AttributeType": "S"}],
    )
    dynamodb.put_item(TableName=TABLE, Item={"Artist": {"S": "kept"}})
    assert "InMemory:\tfalse\n" in first.stdout_lines
    assert "DbPath:\t./data\n" in first.stdout_lines
    foreign = tmp_path / "data" / "shared-local-instance.db"
    foreign.write_bytes(b"DynamoDB Local's")
    assert first.stop() == 0
    second = start_weir(*flags)
    dynamodb = client("dynamodb", second.endpoint)
    assert dynamodb.scan(TableName=TABLE)["Items"] == [{"Artist": {"S": "kept"}}]
    assert "shared-local-instance.db" in second.stderr
    assert foreign.read_bytes() == b"DynamoDB Local's"


def weir_data(binary, *arguments):
    done = subprocess.run(
        [binary, "data", *arguments], capture_output=True, timeout=60, text=True, check=False
    )
    return done.returncode, done.stdout.splitlines(), done.stderr


def test_a_folder_is_looked_at_and_salvaged(store, weir_binary, tmp_path):
    store.create_table()
    for number in range(10):
        store.put(f"artist-{number}", Genre="genre")
    code, _, error = weir_data(weir_binary, "check", store.folder)
    assert code == 1
    assert "is used by another server" in error
    store.end()
    code, lines, error = weir_data(weir_binary, "check", store.folder)
    assert (code, error, lines[-1]) == (0, "", "whole")
    assert any(line.startswith(f"table {TABLE}: 10 items, ") for line in lines)
    journal = newest_journal(store.folder)
    contents = flip_bit(journal, b"artist-8")
    code, lines, _ = weir_data(weir_binary, "check", store.folder)
    assert (code, lines[-1]) == (1, "damaged")
    assert any(line.startswith(f"damage: {journal} is damaged at byte ") for line in lines)
    salvaged = tmp_path / "salvaged"
    code, lines, error = weir_data(weir_binary, "salvage", store.folder, "--into", salvaged)
    assert (code, error) == (0, "")
    assert journal.read_bytes() == contents
    code, _, error = weir_data(weir_binary, "salvage", store.folder, "--into", salvaged)
    assert (code, "is not empty" in error) == (1, True)
    store.folder = salvaged
    store.start()
    expected = [f"artist-{number}" for number in range(8)]
    assert [item["Artist"]["S"] for item in store.items()] == expected
    assert len(store.items(IndexName="ByGenre")) == 8
    recorded = [record["dynamodb"]["Keys"]["Artist"]["S"] for record in store.records()]
    assert recorded == expected
    store.put("written-on")
    assert len(store.records()) == 9
    store.end()
    store.start()
    assert len(store.items()) == 9
    assert len(store.records()) == 9


def test_salvage_keeps_the_records_after_a_gap(store, weir_binary, tmp_path):
    store.create_table()
    put_many(store, 2000, 40_000)  # 80 MB: two files of the journal, and a checkpoint
    store.put("late")
    store.end()
    flip_bit(min(store.folder.glob("journal-*")))
    salvaged = tmp_path / "salvaged"
    code, _, error = weir_data(weir_binary, "salvage", store.folder, "--into", salvaged)
    assert (code, error) == (0, "")
    store.folder = salvaged
    store.start()
    listed = store.dynamodb.get_paginator("scan").paginate(TableName=TABLE, Select="COUNT")
    assert sum(page["Count"] for page in listed) == 2001
    keys = [record["dynamodb"]["Keys"]["Artist"]["S"] for record in store.records()]
    assert keys[-1] == "late"
    assert 1 < len(keys) < 1500


def test_a_missing_folder_is_not_made_by_looking(weir_binary, tmp_path):
    missing = tmp_path / "missing"
    code, lines, error = weir_data(weir_binary, "check", missing)
    assert (code, lines) == (1, [])
    assert "missing" in error
    assert not missing.exists()


def test_bad_flags_for_data(weir_binary):
    for flags in (
        ["-dbPath"],
        ["-inMemory", "-dbPath", "data"],
        ["--data-dir", ""],
        ["--durability", "sometimes"],
        ["--data-dir", "/proc/no-such-folder"],
    ):
        done = subprocess.run([weir_binary, *flags], capture_output=True, timeout=20, text=True)
        assert done.returncode not in (0, None), flags
        assert done.stderr, flags
