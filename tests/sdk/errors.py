# SPDX-License-Identifier: Apache-2.0
"""Checks of refused requests: the error's name and AWS's exact text."""

import contextlib

import pytest
from botocore.exceptions import ClientError

VALIDATION = "ValidationException"

# PutItem, UpdateItem and DeleteItem wrap what is wrong with the request itself in this; faults
# that only the table or the item can show come without it.
ONE = "1 validation error detected: "
INVALID = "One or more parameter values were invalid: "
NOT_VALID = "One or more parameter values are not valid. "


class Refusal:
    """What a `with refused(...)` block caught; filled in when the block ends."""

    message = None
    response = None


@contextlib.contextmanager
def refused(code, message=None):
    """Expects the block to end in the error `code` with exactly the text `message`.

    Without `message` (AWS's wording is unknown or varies) the caller may look at the yielded
    Refusal.
    """
    refusal = Refusal()
    with pytest.raises(ClientError) as caught:
        yield refusal
    refusal.response = caught.value.response
    refusal.message = refusal.response["Error"]["Message"]
    assert refusal.response["Error"]["Code"] == code, refusal.message
    if message is not None:
        assert refusal.message == message


def constraint(value, path, rule):
    """One clause of the generic member check; `value` as it is echoed, quotes included."""
    return f"Value {value} at '{path}' failed to satisfy constraint: Member must {rule}"
