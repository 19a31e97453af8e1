# SPDX-License-Identifier: Apache-2.0
"""What a generator makes: one request, and what the harness has to know about it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Request:
    operation: str
    body: dict
    schema: object = None  # of the table that it is about, for the rules
    fault: str = ""
    after: dict | None = None  # the body of the update that this GetItem looks behind
    sort_key: str | None = None  # the attribute that the items of a PartiQL read are sorted by
    paged: bool = False  # a read whose pages are followed to the end
    then: Request | None = None  # sent right after it, whatever the answer is
