# SPDX-License-Identifier: Apache-2.0
"""Breaks the text of an expression in one place."""

import re

_TOKEN = re.compile(r"[#:]?\w+|<>|<=|>=|\s+|.", re.DOTALL)
_STRANGE = ("?", "&", "'", '"', "$", ";", "\\", "!", "é", "#", ":", "::a", "1", "01", "a1", "_a")
_PIECES = (
    "AND", "OR", "NOT", "IN", "BETWEEN", "SET", "REMOVE", "ADD", "DELETE", "(", ")", ",", ".", "=",
    "<", "<>", "<=", "+", "-", "[", "]", "[0]", "[1", "a", "size", "contains", "size(a)", "a.b",
)  # fmt: skip
_FUNCTIONS = (
    "attribute_exists", "attribute_not_exists", "attribute_type", "begins_with", "contains", "size",
    "if_not_exists", "list_append", "Size", "foo", "CONTAINS",
)  # fmt: skip
_RESERVED = ("name", "status", "size", "Year", "DATE", "data", "abort", "zone", "key", "and", "set")


def _words(tokens):
    return [i for i, token in enumerate(tokens) if not token.isspace()]


def _replace_word(tokens, rng, choices):
    names = [i for i in _words(tokens) if re.fullmatch(r"[#:]?\w+", tokens[i])]
    if names:
        tokens[rng.choice(names)] = rng.choice(choices)


def _drop(tokens, rng):
    del tokens[rng.choice(_words(tokens))]


def _double(tokens, rng):
    at = rng.choice(_words(tokens))
    tokens.insert(at, tokens[at] + " ")


def _swap(tokens, rng):
    words = _words(tokens)
    one, other = rng.choice(words), rng.choice(words)
    tokens[one], tokens[other] = tokens[other], tokens[one]


def _insert(tokens, rng):
    tokens.insert(rng.randint(0, len(tokens)), f" {rng.choice(_PIECES + _STRANGE)} ")


def _replace(tokens, rng):
    tokens[rng.choice(_words(tokens))] = rng.choice(_PIECES + _STRANGE)


def _cut(tokens, rng):
    del tokens[rng.randint(1, len(tokens)) :]


def _rename_function(tokens, rng):
    found = [i for i in range(len(tokens) - 1) if tokens[i + 1] == "(" and tokens[i].isidentifier()]
    if found:
        tokens[rng.choice(found)] = rng.choice(_FUNCTIONS)


def _parentheses(tokens, rng):
    tokens[:] = ["("] * rng.choice((1, 2)) + tokens + [")"] * rng.choice((1, 2))


def _deeper(tokens, rng):
    names = [i for i in _words(tokens) if re.fullmatch(r"#?[a-z]\w*", tokens[i])]
    if names:
        at = rng.choice(names)
        tokens[at] += rng.choice((".a", "[0]", "[99999999999]", "[-1]", "[01]", "." * 2, ".a" * 40))


_MUTATIONS = (
    _drop,
    _drop,
    _double,
    _swap,
    _insert,
    _replace,
    _cut,
    _parentheses,
    _deeper,
    _rename_function,
    lambda tokens, rng: _replace_word(tokens, rng, _RESERVED),
    lambda tokens, rng: _replace_word(tokens, rng, ("#undefined", ":undefined", "pk", "sk")),
    lambda tokens, rng: tokens.__setitem__(slice(None), [rng.choice(("", " ", "  \t"))]),
)


def mutate(text, rng):
    """The text with one change. It may still be well-formed by chance."""
    tokens = _TOKEN.findall(text)
    if tokens and _words(tokens):
        rng.choice(_MUTATIONS)(tokens, rng)
    return "".join(tokens)
