# SPDX-License-Identifier: Apache-2.0
"""A consumer in another language: a process that prints the records that it gets."""

import subprocess
import threading

from .history import Seen


class Printer:
    """Reads the consumer's lines `shard key n number`. The process ends when its input does."""

    def __init__(self, command, log):
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
        )
        self.seen = []  # grows while the consumer runs
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            shard, key, n, number = line.split()
            self.seen.append(Seen(shard, key, int(n), int(number)))

    def running(self):
        return self.process.poll() is None

    def stop(self, deadline):
        """Closes the consumer's input, so that it ends, and kills it after `deadline` seconds.
        Returns its exit code.
        """
        self.process.stdin.close()
        try:
            code = self.process.wait(deadline)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        self._reader.join(deadline)
        return code
