# SPDX-License-Identifier: Apache-2.0
"""The clock of a server, which a test can stop and move."""

from __future__ import annotations

import datetime
from typing import Any, Callable, Union

Time = Union[datetime.date, str, float]
Span = Union[datetime.timedelta, str, float]


def _json_time(time: Time) -> str | float:
    if not isinstance(time, datetime.datetime):
        return time.isoformat() if isinstance(time, datetime.date) else time
    if time.tzinfo is None:
        raise ValueError(f"{time!r} has no time zone; datetime.timezone.utc, for example")
    return time.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Clock:
    """What all of the server's times come from: records, iterators, time to live.

    Methods that change it return the new time, as a datetime in UTC, when all that is due by then
    has happened, each thing at its own time. They raise WeirError for a change that the server
    refuses, such as one back in time.
    """

    def __init__(self, request: Callable[..., Any]) -> None:
        """`request` is Server.request."""
        self._request = request

    @property
    def now(self) -> datetime.datetime:
        """The server's time, in UTC."""
        return self._time(self._request("GET", "/_weir/clock"))

    @property
    def is_frozen(self) -> bool:
        return bool(self._request("GET", "/_weir/clock")["frozen"])

    def freeze(self, at: Time | None = None) -> datetime.datetime:
        """Stops the clock, and then moves it forward to `at`, if that is given."""
        return self._change(freeze=True) if at is None else self._change(freeze=True, set=at)

    def advance(self, span: Span) -> datetime.datetime:
        """Moves the clock forward, whether it is stopped or not.

        `span` is a timedelta, seconds, or a text such as "24h", "1d2h30m" or "500ms".
        """
        if isinstance(span, datetime.timedelta):
            span = span.total_seconds()
        return self._change(advance=span)

    def set(self, time: Time) -> datetime.datetime:
        """Moves the clock forward to `time`, whether it is stopped or not.

        `time` is a datetime with a time zone, a date (its start in UTC), seconds since 1970, or a
        text such as "2030-02-01T12:00:00Z". Raises ValueError for a datetime without a time zone.
        """
        return self._change(set=time)

    def resume(self) -> datetime.datetime:
        """Lets the clock run on from the time that it shows."""
        return self._change(resume=True)

    def _change(self, **members: Any) -> datetime.datetime:
        if "set" in members:
            members["set"] = _json_time(members["set"])
        return self._time(self._request("POST", "/_weir/clock", members))

    @staticmethod
    def _time(answer: dict[str, Any]) -> datetime.datetime:
        # Python 3.9 does not read the Z as a time zone by itself.
        time = datetime.datetime.strptime(answer["now"], "%Y-%m-%dT%H:%M:%S.%fZ")
        return time.replace(tzinfo=datetime.timezone.utc)
