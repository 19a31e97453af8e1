# SPDX-License-Identifier: Apache-2.0
"""Checks of refused requests: the error's name and AWS's exact text."""

import contextlib

import pytest
from botocore.exceptions import ClientError

VALIDATION = "ValidationException"

# The envelope of faults that PutItem, UpdateItem and DeleteItem find in the request alone. Faults
# that show only with the table or the item come without it.
ONE = "1 validation error detected: "
INVALID = "One or more parameter values were invalid: "
NOT_VALID = "One or more parameter values are not valid. "


class Refusal:
    """The error that a `with refused(...)` block caught; set when the block ends."""

    message = None
    response = None


@contextlib.contextmanager
def refused(code, message=None):
    """Expects the block to end in the error `code` with exactly the text `message`.

    Without `message` (if AWS's wording is unknown or varies), the caller may check the yielded
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
    """One clause of the generic member check. `value` is written as the service echoes it, with
    quotes.
    """
    return f"Value {value} at '{path}' failed to satisfy constraint: Member must {rule}"
