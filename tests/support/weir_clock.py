# SPDX-License-Identifier: Apache-2.0
"""The clock of a server under test."""

import json
import urllib.request

DEADLINE = 600.0  # seconds; only the largest measurements take nearly as long


class Clock:
    """The control endpoint /_weir/clock of a server."""

    def __init__(self, endpoint):
        self._url = endpoint + "/_weir/clock"
        # No proxy: the server is local.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def _call(self, body=None):
        with self._opener.open(self._url, data=body, timeout=DEADLINE) as answer:
            return json.load(answer)

    def now(self):
        """Seconds since 1970."""
        return self._call()["epochSeconds"]

    def change(self, **members):
        """change(advance="24h"), change(set=…, freeze=True); returns the new time."""
        return self._call(json.dumps(members).encode())["epochSeconds"]

    def settle(self):
        """Returns when everything that is due has happened."""
        return self.change(advance=0)
