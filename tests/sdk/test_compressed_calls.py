# SPDX-License-Identifier: Apache-2.0
"""Compression with boto3: requests by its own compressor, and answers that an event handler
decompresses, since boto3 does not ask for compressed ones. tests/wire/test_compression.py tests the
bytes.
"""

import gzip
import zlib

import pytest
from botocore.config import Config
from botocore.session import Session
from values import S

DECOMPRESS = {"gzip": gzip.decompress, "deflate": zlib.decompress}
ITEM = {"pk": S("a"), "v": S("long enough to be worth it: \u00e4" * 500)}


@pytest.fixture
def client(endpoint, region):
    """A client that compresses every request, which the service model does not make it do yet."""
    client = Session().create_client(
        "dynamodb", endpoint_url=endpoint, region_name=region, aws_access_key_id="weirtest",
        aws_secret_access_key="secret",
        config=Config(request_min_compression_size_bytes=1, retries={"total_max_attempts": 1},
                      proxies={}))
    for operation in client.meta.service_model._service_description["operations"].values():
        operation["requestcompression"] = {"encodings": ["gzip"]}
    yield client
    client.close()


def test_compressed_requests(client, table):
    sent = []
    client.meta.events.register("before-send", lambda request, **_: sent.append(request))
    client.put_item(TableName=table.name, Item=ITEM)
    assert client.get_item(TableName=table.name, Key={"pk": S("a")})["Item"] == ITEM
    assert [request.headers["Content-Encoding"] for request in sent] == [b"gzip", b"gzip"]
    assert b"long enough" not in sent[0].body
    assert table.get({"pk": S("a")}) == ITEM


@pytest.mark.parametrize("name", DECOMPRESS)
def test_compressed_answers(client, table, name):
    table.put(ITEM)
    seen = []

    def ask(params, **_):
        params["headers"]["Accept-Encoding"] = name

    def decompress(response_dict, **_):
        headers, body = response_dict["headers"], response_dict["body"]
        assert headers["Content-Encoding"] == name
        assert headers["Content-Length"] == str(len(body))
        # SDKs that check the CRC do so before they decompress.
        assert headers["x-amz-crc32"] == str(zlib.crc32(body))
        response_dict["body"] = DECOMPRESS[name](body)
        seen.append((len(body), len(response_dict["body"])))

    client.meta.events.register("before-call", ask)
    client.meta.events.register("before-parse", decompress)
    assert client.get_item(TableName=table.name, Key={"pk": S("a")})["Item"] == ITEM
    assert client.scan(TableName=table.name)["Items"] == [ITEM]
    assert len(seen) == 2
    assert all(10 * compressed < plain for compressed, plain in seen)


def test_boto3_asks_for_no_compression(dynamodb, table):
    table.put(ITEM)
    reply = dynamodb.get_item(TableName=table.name, Key={"pk": S("a")})
    assert "content-encoding" not in reply["ResponseMetadata"]["HTTPHeaders"]
