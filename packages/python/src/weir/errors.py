# SPDX-License-Identifier: Apache-2.0
"""The one exception of this package."""

from __future__ import annotations


class WeirError(Exception):
    """What a server refused, or why there is none.

    `status` is the HTTP status of the server's answer, or None if there was no answer: the server
    did not start, or has ended. `message` is the text.
    """

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
