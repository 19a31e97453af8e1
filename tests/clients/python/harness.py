# SPDX-License-Identifier: Apache-2.0
"""What the Python programs share: runs their tests, and checks what a test expects to be raised."""

import contextlib
import sys
import traceback


class Raised:
    """What `raises` has caught: `error` is the exception."""

    error = None


@contextlib.contextmanager
def raises(kind):
    """Fails unless the block raises an exception of this type, which is then in the `Raised`."""
    raised = Raised()
    try:
        yield raised
    except kind as error:
        raised.error = error
        return
    raise AssertionError(f"{kind.__name__} was not raised")


def equal(actual, expected):
    """Fails unless the two are equal, and shows both."""
    assert actual == expected, f"{actual!r}, not {expected!r}"


def run(tests):
    """Calls the functions, prints `passed TEST` or `FAILED TEST: why` for each, and ends the
    process. A test's name is the first line of its documentation."""
    failed = 0
    for test in tests:
        name = test.__doc__.splitlines()[0].rstrip(".")
        try:
            test()
        except Exception as error:
            failed += 1
            print(f"FAILED {name}: {type(error).__name__}: {error}".replace("\n", " "), flush=True)
            traceback.print_exc()
        else:
            print(f"passed {name}")
    sys.exit(1 if failed else 0)
