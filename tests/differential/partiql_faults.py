# SPDX-License-Identifier: Apache-2.0
"""Breaks the texts of PartiQL statements and the members around them."""

import copy
import re

from .values import BadValues

_TOKEN = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|\w+|<<|>>|<>|<=|>=|\s+|.", re.DOTALL)
_PIECES = (
    "AND", "OR", "NOT", "IN", "BETWEEN", "SELECT", "FROM", "WHERE", "SET", "REMOVE", "VALUE", "(",
    ")", ",", ".", "=", "<", "<>", "+", "-", "[", "]", "[0]", "{", "}", "<<", ">>", "*", "?", ";",
    "'a'", '"a"', "1", "null", "true", "MISSING", "IS", "RETURNING", "ORDER BY", "a", "size(a)",
    "--", "/*", "'", '"', "$", "@", "!", "é", "1e", "1.2.3", ":a", "#a", "||", "LIKE", "AS x",
)  # fmt: skip


def _words(tokens):
    return [i for i, token in enumerate(tokens) if not token.isspace()]


def break_text(text, rng):
    """The text with one token removed, repeated, swapped, replaced or inserted, or with its end cut
    off.
    """
    tokens = _TOKEN.findall(text)
    words = _words(tokens)
    if not words:
        return text
    at, draw = rng.choice(words), rng.randrange(7)
    if draw < 2:
        del tokens[at]
    elif draw == 2:
        tokens.insert(at, tokens[at] + " ")
    elif draw == 3:
        other = rng.choice(words)
        tokens[at], tokens[other] = tokens[other], tokens[at]
    elif draw == 4:
        tokens.insert(at, f" {rng.choice(_PIECES)} ")
    elif draw == 5:
        tokens[at] = rng.choice(_PIECES)
    else:
        del tokens[at:]
    return "".join(tokens)


def _holder(request, rng):
    """The object that has a Statement: the body, or an element of its list."""
    for member in ("Statements", "TransactStatements"):
        elements = request.body.get(member)
        if isinstance(elements, list) and elements:
            element = rng.choice(elements)
            return element if isinstance(element, dict) else None
    return request.body if "Statement" in request.body else None


def text_fault(request, rng, schema):
    holder = _holder(request, rng)
    if holder and isinstance(holder.get("Statement"), str):
        holder["Statement"] = break_text(holder["Statement"], rng)


def table_fault(request, rng, schema):
    holder = _holder(request, rng)
    if holder and isinstance(holder.get("Statement"), str):
        name = rng.choice(("none-such", "ab", "a b", "", "x" * 256, "ta/ble"))
        holder["Statement"] = holder["Statement"].replace(f'"{schema.name}"', f'"{name}"')


def statement_fault(request, rng, schema):
    holder = _holder(request, rng)
    if holder is None:
        return
    text = rng.choice(("", " ", "x" * 8193, 5, None, [], True, ";", "SELECT"))
    holder["Statement"] = text
    if text is None and rng.random() < 0.5:
        del holder["Statement"]


def parameters_fault(request, rng, schema):
    holder = _holder(request, rng)
    if holder is None:
        return
    known = holder.get("Parameters")
    draw = rng.randrange(5)
    if draw == 0 or not isinstance(known, list) or not known:
        odd = ([], [{}], [{"S": "a"}], "a", 5, [None], ["a"], {}, [BadValues(rng).any()])
        holder["Parameters"] = rng.choice(odd)
    elif draw == 1:
        known.pop()
        if not known:
            del holder["Parameters"]
    elif draw == 2:
        known.append({"S": "a"})
    else:
        bad = BadValues(rng)
        known[rng.randrange(len(known))] = bad.any() if draw == 3 else bad.wrong_json()


def read_fault(request, rng, schema):
    member = rng.choice(("Limit", "Limit", "NextToken", "ConsistentRead"))
    odd = {
        "Limit": (0, -1, "1", 1.5, 2**31, None, []),
        "NextToken": ("", "x", 5, "e30=", "x" * 32769),
        "ConsistentRead": (0, "true", "maybe", None),
    }
    request.body[member] = rng.choice(odd[member])
    request.paged = False


def on_failure_fault(request, rng, schema):
    holder = _holder(request, rng)
    if holder:
        words = ("X", "", "ALL_NEW", 5, "ALL_OLD")
        holder["ReturnValuesOnConditionCheckFailure"] = rng.choice(words)


def list_fault(request, rng, schema):
    member = "Statements" if "Statements" in request.body else "TransactStatements"
    elements = request.body.get(member)
    draw = rng.randrange(4)
    if draw == 0 or not isinstance(elements, list) or not elements:
        request.body[member] = rng.choice(([], "a", {}, 5, None))
    elif draw == 1:
        elements.extend(copy.deepcopy(elements[:1]) * rng.choice((1, 25, 100)))
    elif draw == 2:
        select = {"Statement": f'SELECT * FROM "{schema.name}" WHERE pk = \'a\' AND sk = \'a\''}
        elements.append(select)
    else:
        elements.append(rng.choice(({}, "a", 5, None, [], {"Statement": None}, {"Parameters": []})))


STATEMENT = (text_fault,) * 6 + (table_fault, statement_fault, parameters_fault, parameters_fault)
STATEMENT += (read_fault, on_failure_fault)
LIST = (text_fault,) * 4 + (table_fault, statement_fault, parameters_fault, on_failure_fault)
LIST += (list_fault, list_fault)
