# SPDX-License-Identifier: Apache-2.0
"""One request of a generator, and what the harness must know about it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Request:
    operation: str
    body: dict
    schema: object = None  # the schema of its table, for the rules
    fault: str = ""
    after: dict | None = None  # the body of the update whose effect this GetItem checks
    sort_key: str | None = None  # the attribute that the items of a PartiQL read are sorted by
    paged: bool = False  # a read whose pages are followed to the end
    then: Request | None = None  # a request to send right after this one, whatever the answer is
