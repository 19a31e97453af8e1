# SPDX-License-Identifier: Apache-2.0
"""Random attribute values, items and keys, valid and faulty.

Each attribute mostly has one type (`n1` is a number, `s1` a string), so that random expressions are
true as often as false. Keys come from small pools, so that requests meet the same items.
"""

import base64
from decimal import Decimal

TYPES = ("S", "N", "B", "SS", "NS", "BS", "M", "L", "BOOL", "NULL")

# Name -> the type that it has most of the time. Some are reserved words or need a placeholder.
ATTRIBUTES = {
    "n1": "N",
    "n2": "N",
    "count": "N",
    "s1": "S",
    "s2": "S",
    "name": "S",
    "b1": "B",
    "ss": "SS",
    "ns": "NS",
    "bs": "BS",
    "l1": "L",
    "l2": "L",
    "m1": "M",
    "m2": "M",
    "t1": "BOOL",
    "z1": "NULL",
    "dotted.name": "S",
    "Größe": "N",
}

KEY_STRINGS = ("a", "b", "ab", "abc", "ä", "B")
KEY_NUMBERS = ("0", "1", "-1", "2.5", "10", "1E2")
KEY_BINARIES = (b"a", b"\x00", b"\xff", b"ab", b"a\x00")

STRINGS = ("", "a", "b", "ab", "abc", "ba", "A", "ä", "日本", "\U0001f600", "S", "N", "x y", "0")
NUMBERS = (
    "0", "1", "2", "3", "-1", "5", "10", "42", "100", "0.5", "-2.5", "1.50", "007", "+3", ".5",
    "5.", "-0", "1e3", "1E-3", "123456789012345678901234567890", "1e125", "-1e125", "1e-130",
    "99999999999999999999999999999999999999", "0.1234567890123456789012345678901234567",
)  # fmt: skip
BAD_NUMBERS = (
    "", " ", "abc", "1 ", " 1", "1e", "e1", "--1", "1.2.3", "0x10", "NaN", "Infinity", "1e126",
    "-1e126", "1e-131", "1" * 39, "1,000", "1_0", "9e125e", "1e99999", "1e-99999", "1+2", "+-1",
)  # fmt: skip
BINARIES = (b"", b"a", b"ab", b"\x00\xff", b"abc", b"b")


def encoded(data):
    return base64.b64encode(data).decode()


def order(value):
    """The Python value by which values of a key type are sorted."""
    ((kind, data),) = value.items()
    if kind == "N":
        return Decimal(data)
    return data.encode() if kind == "S" else base64.b64decode(data)


class Values:
    """Draws values from `rng`."""

    def __init__(self, rng):
        self.rng = rng

    def number(self):
        rng = self.rng
        draw = rng.random()
        if draw < 0.55:
            return str(rng.randint(-4, 12))
        if draw < 0.85:
            return rng.choice(NUMBERS)
        digits = str(rng.randint(1, 10 ** rng.randint(1, 30)))
        sign = rng.choice(("", "-"))
        if rng.random() < 0.5:
            return f"{sign}{digits}.{rng.randint(0, 10**6)}"
        return f"{sign}{digits}e{rng.randint(-60, 60)}"

    def scalar(self, kind):
        rng = self.rng
        if kind == "S":
            return {"S": rng.choice(STRINGS)}
        if kind == "N":
            return {"N": self.number()}
        if kind == "B":
            return {"B": encoded(rng.choice(BINARIES))}
        if kind == "BOOL":
            return {"BOOL": rng.random() < 0.5}
        return {"NULL": True}

    def _set(self, kind):
        rng = self.rng
        size = rng.randint(1, 4)
        if kind == "SS":
            return {"SS": rng.sample(STRINGS, size)}
        if kind == "NS":
            return {"NS": [str(n) for n in rng.sample(range(-3, 8), size)]}
        return {"BS": [encoded(b) for b in rng.sample(BINARIES, size)]}

    def of(self, kind, depth=0):
        """A value of that type; maps and lists hold further values."""
        rng = self.rng
        if kind in ("SS", "NS", "BS"):
            return self._set(kind)
        if kind == "L":
            return {"L": [self.any(depth + 1) for _ in range(rng.randint(0, 4))]}
        if kind == "M":
            names = rng.sample(("a", "b", "c", "n", "l"), rng.randint(0, 4))
            return {"M": {name: self.any(depth + 1) for name in names}}
        return self.scalar(kind)

    def any(self, depth=0):
        if depth < 3 and self.rng.random() < 0.25:
            return self.of(self.rng.choice(("M", "L", "SS", "NS", "BS")), depth)
        return self.scalar(self.rng.choice(("S", "N", "N", "S", "B", "BOOL", "NULL")))

    def for_attribute(self, name):
        """A value that mostly has the attribute's usual type."""
        if self.rng.random() < 0.88:
            return self.of(ATTRIBUTES.get(name, "S"))
        return self.of(self.rng.choice(TYPES))

    def attributes(self):
        """Non-key attributes of an item."""
        rng = self.rng
        names = rng.sample(list(ATTRIBUTES), rng.randint(0, 9))
        return {name: self.for_attribute(name) for name in names}

    def key_value(self, kind):
        rng = self.rng
        if kind == "S":
            return {"S": rng.choice(KEY_STRINGS)}
        if kind == "N":
            return {"N": rng.choice(KEY_NUMBERS)}
        return {"B": encoded(rng.choice(KEY_BINARIES))}

    def key(self, schema):
        return {name: self.key_value(kind) for name, kind in schema.key}

    def item(self, schema):
        item = {**self.attributes(), **self.key(schema)}
        for name, kind in schema.index_keys:
            if self.rng.random() < 0.75:
                item[name] = self.key_value(kind)
        return item

    def padding(self):
        """A long string, for sizes that cost more than one capacity unit."""
        return {"S": "p" * self.rng.choice((900, 1100, 3900, 4200, 9000))}


class BadValues:
    """Draws values that the service refuses, each with one fault."""

    def __init__(self, rng):
        self.rng = rng
        self.good = Values(rng)

    def any(self):
        draw = self.rng.randrange(13)
        if draw < 4:
            return {"N": self.rng.choice(BAD_NUMBERS)}
        if draw == 4:
            return {"NS": ["1", self.rng.choice(BAD_NUMBERS)]}
        return self._shape_fault(draw)

    def _shape_fault(self, draw):
        rng = self.rng
        inner = lambda: self.any()  # noqa: E731 - a faulty value one level deeper
        return {
            5: dict,
            6: lambda: {"S": "a", "N": "1"},
            7: lambda: {rng.choice(("SS", "NS", "BS")): []},
            8: lambda: {"SS": ["a", "b", "a"]},
            9: lambda: {"NS": ["1", "1.0"]},
            10: lambda: {"BS": ["YQ==", "YQ=="]},
            11: lambda: {"NULL": False},
            12: lambda: {"L": [inner()]} if rng.random() < 0.5 else {"M": {"a": inner()}},
        }[draw]()

    def wrong_json(self):
        """A value whose JSON does not fit its type: a SerializationException."""
        return self.rng.choice(
            (
                {"S": 1}, {"S": True}, {"S": ["a"]}, {"S": {"a": "b"}}, {"N": 1}, {"N": 1.5},
                {"B": "a"}, {"B": "a==="}, {"B": "YQ="}, {"B": 1}, {"SS": "a"}, {"SS": [1]},
                {"NS": [1]}, {"BS": ["?"]}, {"L": {}}, {"L": "a"}, {"M": []}, {"M": "a"},
                {"BOOL": "maybe"}, {"BOOL": 1}, {"NULL": "maybe"}, {"L": ["a"]}, {"M": {"a": 1}},
                "a", 1, [], True,
            )
        )  # fmt: skip
