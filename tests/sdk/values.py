# SPDX-License-Identifier: Apache-2.0
"""Short functions for DynamoDB's typed values: M(a=N(1), b=L(S("x"), NULL))."""


def S(text):
    return {"S": text}


def N(number):
    """A number. Pass a string if the digits matter."""
    return {"N": str(number)}


def B(data):
    return {"B": data}


def BOOL(flag):
    return {"BOOL": flag}


NULL = {"NULL": True}


def SS(*elements):
    return {"SS": list(elements)}


def NS(*elements):
    return {"NS": [str(element) for element in elements]}


def BS(*elements):
    return {"BS": list(elements)}


def L(*elements):
    return {"L": list(elements)}


def M(*maps, **members):
    """A map. A name that is no Python identifier is passed in a dict: M({"a b": S("x")})."""
    return {"M": {name: value for part in (*maps, members) for name, value in part.items()}}


def nested(levels, leaf, container=M):
    """`leaf` under `levels` maps (or lists)."""
    value = leaf
    for _ in range(levels):
        value = container(a=value) if container is M else container(value)
    return value
