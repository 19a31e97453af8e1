# SPDX-License-Identifier: Apache-2.0
"""The connection that control requests are sent on."""

from __future__ import annotations

import http.client
import json
import threading
import urllib.parse
from typing import Any

# Seconds. A change of the clock is answered when all that is due by then has happened.
ANSWER_DEADLINE = 600.0


class Connection:
    """One connection to a server, which is kept open. Threads may share it; they take turns."""

    def __init__(self, url: str) -> None:
        self._http = http.client.HTTPConnection(
            urllib.parse.urlsplit(url).netloc, timeout=ANSWER_DEADLINE
        )
        self._turn = threading.Lock()

    def request(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Sends `body` as JSON, unless it is None. Returns the status and what the answer says.

        Raises OSError or http.client.HTTPException if there is no answer.
        """
        payload = None if body is None else json.dumps(body).encode()
        with self._turn:
            try:
                answer = self._exchange(method, path, payload)
                return answer.status, json.loads(answer.read())
            except BaseException:  # Also Ctrl-C. The answer to come is not for the next request.
                self._http.close()
                raise

    def _exchange(
        self, method: str, path: str, payload: bytes | None
    ) -> http.client.HTTPResponse:
        was_open = self._http.sock is not None
        try:
            self._http.request(method, path, payload)
            return self._http.getresponse()
        except ConnectionError:
            if not was_open:
                raise
        # The server closes idle connections. It answers what it has read, so this request, which
        # got not a byte, has not been read and can be sent again.
        self._http.close()
        self._http.request(method, path, payload)
        return self._http.getresponse()

    def close(self) -> None:
        """Closes the connection. A later request opens it again."""
        self._http.close()
