# SPDX-License-Identifier: Apache-2.0
"""Makes PartiQL statements of DynamoDB's dialect by a grammar, with their parameters.

Every text from here is well-formed, and its operands mostly have the right types. Values are first
written as marks, which `finish` replaces from left to right, since parameters are in that order.
"""

import json
import re

from .values import ATTRIBUTES, Values, order

# Names that need quotes: words of PartiQL, and names with special characters.
NEED_QUOTES = {"name", "count", "dotted.name", "Größe"}
NAMES = tuple(ATTRIBUTES)
ORDERED = ("S", "N", "B")
TYPE_TESTS = ("MISSING", "NULL", "BOOLEAN", "BLOB", "STRING", "NUMERIC", "STRUCT", "LIST")
_MARK = re.compile("\x00(.*?)\x00")
_PLAIN_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE]-?\d+)?")


def literal(value):
    """The value as it is written in a statement; None if only a parameter can hold it."""
    ((kind, data),) = value.items()
    if kind == "S":
        return "'" + data.replace("'", "''") + "'"
    if kind == "N":
        return data if _PLAIN_NUMBER.fullmatch(data) else None
    if kind in ("BOOL", "NULL"):
        return {"BOOL": str(data).lower(), "NULL": "null"}[kind]
    if kind in ("SS", "NS"):
        return _joined("<<{}>>", [literal({kind[0]: element}) for element in data])
    if kind == "L":
        return _joined("[{}]", [literal(element) for element in data])
    if kind == "M":
        parts = [literal(inner) for inner in data.values()]
        names = ["'" + name.replace("'", "''") + "'" for name in data]
        return _joined("{{{}}}", [p and f"{n}: {p}" for n, p in zip(names, parts, strict=False)])
    return None


def _joined(form, parts):
    return None if None in parts else form.format(", ".join(parts))


class Statement:
    """One statement. After `finish`, `text` is complete, and `parameters` has its values in order.
    """

    def __init__(self, rng, schema, index=None):
        self.rng = rng
        self.schema = schema
        self.index = index
        self.values = Values(rng)
        self.parameters = []
        self.text = ""

    def finish(self, text, chance=0.5):
        """Replaces the marks by values, or by ?."""

        def put(match):
            value = json.loads(match[1])
            written = literal(value)
            if written is None or self.rng.random() < chance:
                self.parameters.append(value)
                return "?"
            return written

        self.text = _MARK.sub(put, text)
        return self

    def body(self):
        result = {"Statement": self.text}
        if self.parameters:
            result["Parameters"] = self.parameters
        return result

    # --- Pieces ---

    def value(self, value):
        return f"\x00{json.dumps(value)}\x00"

    def word(self, keyword):
        return self.rng.choice((keyword, keyword, keyword.lower()))

    def name(self, attribute):
        if attribute in NEED_QUOTES or self.rng.random() < 0.35:
            return f'"{attribute}"'
        return attribute

    def attribute(self, kind=None):
        if kind is None or self.rng.random() < 0.06:
            return self.rng.choice(NAMES)
        return self.rng.choice([n for n, k in ATTRIBUTES.items() if k == kind] or NAMES)

    def path(self, attribute):
        rng, text, kind = self.rng, self.name(attribute), ATTRIBUTES.get(attribute)
        chance = 0.4 if kind in ("M", "L") else 0.02
        while rng.random() < chance:
            chance = 0.25
            is_list = (kind == "L") != (rng.random() < 0.1)
            text += f"[{rng.choice((0, 0, 1, 2))}]" if is_list else "." + rng.choice("abcn")
            kind = rng.choice(("L", "M"))
        return text

    def table(self):
        text = f'"{self.schema.name}"'
        return f'{text}."{self.index.name}"' if self.index else text

    def operand(self, kind):
        draw = self.rng.random()
        if draw < 0.06:
            return self.path(self.attribute(kind))
        if draw < 0.09:
            return self.value(self.values.any())
        return self.value(self.values.of(kind))

    # --- Conditions ---

    def condition(self, depth=0):
        rng, draw = self.rng, self.rng.random()
        if depth < 2 and draw < 0.2:
            joined = f" {self.word(rng.choice(('AND', 'OR')))} ".join(
                self.condition(depth + 1) for _ in range(2)
            )
            return f"({joined})"
        if depth < 2 and draw < 0.27:
            return f"{self.word('NOT')} ({self.condition(depth + 1)})"
        return self._predicate()

    def _predicate(self):
        rng, draw = self.rng, self.rng.random()
        negation = "NOT " if rng.random() < 0.2 else ""
        kind = rng.choice(ORDERED)
        path = self.path(self.attribute(kind))
        if draw < 0.35:
            return self._comparison()
        if draw < 0.45:
            low, high = sorted((self.values.of(kind) for _ in range(2)), key=order)
            return f"{path} {negation}BETWEEN {self.value(low)} AND {self.value(high)}"
        if draw < 0.55:
            inner = ", ".join(self.value(self.values.of(kind)) for _ in range(rng.randint(1, 3)))
            return f"{path} {negation}IN {'[' if rng.random() < 0.5 else '('}{inner})".replace(
                f"[{inner})", f"[{inner}]"
            )
        if draw < 0.75:
            negation = "NOT " if rng.random() < 0.4 else ""
            return f"{self.path(self.attribute())} IS {negation}{rng.choice(TYPE_TESTS)}"
        return self._function()

    def _comparison(self):
        rng = self.rng
        operator = rng.choice(("=", "<>", "<", "<=", ">", ">="))
        kind = rng.choice(ORDERED + (("L", "M", "SS", "BOOL", "NULL") if operator in "=<>" else ()))
        left = self.path(self.attribute(kind))
        if rng.random() < 0.12:
            left, kind = f"size({self.path(self.attribute())})", "N"
        right = self.operand(kind)
        if rng.random() < 0.08:
            left, right = right, left
        return f"{left} {operator} {right}"

    def _function(self):
        rng = self.rng
        name = rng.choice(("begins_with", "contains", "attribute_type", "attribute_exists"))
        spelt = rng.choice((name, name, name.upper()))
        if name == "attribute_exists":
            return f"{spelt}({self.path(self.attribute())})"
        if name == "attribute_type":
            kind = rng.choice(("S", "N", "B", "SS", "NS", "M", "L", "BOOL", "NULL"))
            return f"{spelt}({self.path(self.attribute())}, {self.value({'S': kind})})"
        kind = "S" if name == "begins_with" else rng.choice(("S", "SS", "NS", "L"))
        inner = {"SS": "S", "NS": "N", "L": rng.choice("SN")}.get(kind, kind)
        return f"{spelt}({self.path(self.attribute(kind))}, {self.value(self.values.of(inner))})"

    def _equals(self, name, kind):
        return f"{self.name(name)} = {self.value(self.values.key_value(kind))}"

    def whole_key(self, key=None):
        key = key or self.values.key(self.schema)
        parts = [f"{self.name(name)} = {self.value(value)}" for name, value in key.items()]
        if self.rng.random() < 0.15:
            parts.reverse()
        return " AND ".join(parts)

    def partition(self):
        """Conditions on the partition key, and mostly on the sort key, of the table or index that
        is read.
        """
        rng, key = self.rng, (self.index or self.schema).key
        parts = [self._equals(*key[0])]
        if len(key) > 1 and rng.random() < 0.6:
            (name, kind), values = key[1], self.values
            operator = rng.choice(("=", "<", "<=", ">", ">=", "BETWEEN", "begins_with"))
            if operator == "begins_with" and kind == "S":
                value = self.value(values.key_value(kind))
                parts.append(f"begins_with({self.name(name)}, {value})")
            elif operator == "BETWEEN":
                low, high = sorted((values.key_value(kind) for _ in range(2)), key=order)
                parts.append(
                    f"{self.name(name)} BETWEEN {self.value(low)} AND {self.value(high)}"
                )
            else:
                operator = "=" if operator == "begins_with" else operator
                value = self.value(values.key_value(kind))
                parts.append(f"{self.name(name)} {operator} {value}")
        return " AND ".join(parts)

    # --- Statements ---

    def select(self, where, order_by=""):
        text = f"{self.word('SELECT')} {self.columns()} {self.word('FROM')} {self.table()}"
        text += f" {self.word('WHERE')} {where}" if where else ""
        return self.finish(text + order_by)

    def columns(self):
        rng = self.rng
        if rng.random() < 0.6:
            return "*"
        names = rng.sample(NAMES + tuple(sorted(self.schema.key_names)), rng.randint(1, 3))
        return ", ".join(self.path(n) if n in ATTRIBUTES else self.name(n) for n in names)

    def insert(self, key):
        item = {**self.values.item(self.schema), **key}
        parts = [f"'{name}': {self.value(value)}" for name, value in item.items()]
        self.rng.shuffle(parts)
        return self.finish(f"INSERT INTO {self.table()} VALUE {{{', '.join(parts)}}}")

    def update(self, key, may_return=True):
        rng = self.rng
        attributes = rng.sample(NAMES, rng.choice((1, 1, 2, 3)))
        clauses = []
        for attribute in attributes:
            if rng.random() < 0.2:
                clauses.append(f"REMOVE {self._target(attribute)}")
            elif clauses and clauses[-1].startswith("SET") and rng.random() < 0.5:
                clauses[-1] += f", {self._set(attribute)}"
            else:
                clauses.append(f"SET {self._set(attribute)}")
        text = f"UPDATE {self.table()} {' '.join(clauses)} WHERE {self.whole_key(key)}"
        if rng.random() < 0.25:
            text += f" AND {self.condition()}"
        if may_return and rng.random() < 0.4:
            what = f"{rng.choice(('ALL', 'MODIFIED'))} {rng.choice(('OLD', 'NEW'))}"
            text += f" RETURNING {what} *"
        return self.finish(text)

    def delete(self, key, may_return=True):
        text = f"DELETE FROM {self.table()} WHERE {self.whole_key(key)}"
        if self.rng.random() < 0.25:
            text += f" AND {self.condition()}"
        if may_return and self.rng.random() < 0.4:
            text += " RETURNING ALL OLD *"
        return self.finish(text)

    def exists(self, key):
        text = f"SELECT * FROM {self.table()} WHERE {self.whole_key(key)}"
        return self.finish(f"EXISTS({text} AND {self.condition()})")

    def _target(self, attribute):
        return self.path(attribute) if self.rng.random() < 0.25 else self.name(attribute)

    def _set(self, attribute):
        rng, kind = self.rng, ATTRIBUTES[attribute]
        target, value = self._target(attribute), self.value(self.values.of(kind))
        draw, name = rng.random(), self.name(attribute)
        if kind == "N" and draw < 0.3:
            return f"{target} = {name} {rng.choice('+-')} {value}"
        if kind == "L" and draw < 0.3:
            return f"{target} = list_append({name}, {value})"
        if kind in ("SS", "NS", "BS") and draw < 0.4:
            return f"{target} = {rng.choice(('set_add', 'set_delete'))}({name}, {value})"
        if draw < 0.42:
            return f"{target} = if_not_exists({self.name(self.attribute(kind))}, {value})"
        if draw < 0.48:
            # The name is in quotes: Dynoxide reads a bare name as a string, which its answers might
            # not show.
            return f'{target} = "{self.attribute(kind)}"'
        return f"{target} = {value}"
