# SPDX-License-Identifier: Apache-2.0
"""The order of a Scan and the bounds of its segments: both follow the MD5 of the partition key, as
the tests of a public project recorded from the service.
"""

import hashlib
from decimal import Context, Decimal

import pytest
from reading import filled, scan
from values import B, N, S


def number_bytes(number):
    """The bytes of a number that the service hashes: an exponent, then base-100 digits, each plus
    one.
    """
    if number == 0:
        return b"\x80"
    sign, digits, exponent = Decimal(number).normalize(Context(prec=40)).as_tuple()
    first = exponent + len(digits)  # the decimal exponent of the first digit, and one
    odd = first % 2
    digits = [0] * odd + list(digits)
    digits += [0] * (len(digits) % 2)
    pairs = [10 * high + low for high, low in zip(digits[::2], digits[1::2], strict=False)]
    exponent_byte = ((first + odd) // 2 - 64) % 256
    if not sign:
        return bytes([exponent_byte] + [pair + 1 for pair in pairs])
    end = [102] if len(pairs) < 20 else []
    return bytes([exponent_byte ^ 0xFF] + [101 - pair for pair in pairs] + end)


def hashed(content):
    return hashlib.md5(b"Outliers" + content).digest()


# Includes sizes around the end of MD5's first and second block.
STRINGS = [S(f"key-{n}") for n in range(60)] + [S("\u00e4\U0001F600")] + [
    S("x" * size) for size in (46, 47, 48, 55, 56, 57, 64, 111, 112, 2048)]
NUMBERS = [N(n) for n in range(-25, 26)] + [N(n) for n in (
    "420", "-420", "12340", "0.012", "-0.012", "1e125", "-1e125", "1e-130", "-1e-130", "1.5",
    "-" + "12" * 19, "12" * 19, "-0.5", "-99.99")]
BINARIES = [B(bytes([n, 255 - n])) for n in range(60)] + [B(b"\0")]


def content_of(value):
    [(kind, content)] = value.items()
    if kind == "N":
        return number_bytes(Decimal(content))
    return content.encode() if kind == "S" else content


@pytest.mark.parametrize("kind, keys", [("S", STRINGS), ("N", NUMBERS), ("B", BINARIES)])
def test_a_scan_goes_by_the_hash(dynamodb, kind, keys):
    with filled(dynamodb, [{"pk": key} for key in keys], f"pk:{kind}") as table:
        order = [content_of(item["pk"]) for item in scan(table)["Items"]]
        assert order == sorted(map(content_of, keys), key=hashed)
        for total in (1, 2, 3, 7, 100, 5000):
            for segment in {0, 1, total // 2, total - 1} & set(range(total)):
                low, high = (-(-4096 * place // total) for place in (segment, segment + 1))
                page = scan(table, Segment=segment, TotalSegments=total)
                assert [content_of(item["pk"]) for item in page["Items"]] == [
                    content for content in order
                    if low <= int.from_bytes(hashed(content)[:2], "big") >> 4 < high]
