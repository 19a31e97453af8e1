# SPDX-License-Identifier: Apache-2.0
"""Runs the programs of an unpacked image as a container engine does: with the image's entry point,
environment, user and working directory, in the image's files, as process 1 of a process namespace.
Needs root. The network is this machine's, unless a container asks for one of its own."""

import json
import os
import pathlib
import signal
import subprocess
import sys

from support.weir_server import READY_LINE

ENTER = pathlib.Path(__file__).with_name("enter.py")
DEADLINE = 60.0  # seconds; QEMU is slow


class Image:
    """The files and the configuration of an image."""

    def __init__(self, files, config):
        """`files` is the folder with the image's files, `config` what `buildah inspect` prints."""
        self.files = files
        document = json.loads(pathlib.Path(config).read_text())
        oci = document["OCIv1"]["config"]
        self.user = oci["User"]
        self.folder = oci["WorkingDir"]
        self.entry_point = oci["Entrypoint"]
        self.environment = dict(line.split("=", 1) for line in oci["Env"])
        self.health_check = document["Docker"]["config"]["Healthcheck"]["Test"]

    def command(self, arguments, *, user=None, folder=None):
        """The command line on this machine that runs `arguments` in the image."""
        enter = [sys.executable, "-B", ENTER, self.files]
        return [*enter, user or self.user, folder or self.folder, *arguments]

    def run(self, *arguments, variables=None):
        """Runs a program in a container without a server. Returns what subprocess.run does."""
        return subprocess.run(
            self.command(arguments),
            env=self.environment | (variables or {}),
            capture_output=True,
            text=True,
            timeout=DEADLINE,
        )


class Container:
    """A server that runs in an image. `url` and `port` are those of its ready line."""

    def __init__(self, image, arguments, *, entry_point=None, variables=None, network=(), **place):
        """`network=["--net"]` gives it a network of its own, with nothing but loopback. `place` may
        have other values than the image's for `user` and `folder`.
        """
        self.image = image
        self.environment = image.environment | (variables or {})
        self.place = place
        command = [*(entry_point or image.entry_point), *arguments]
        self.network = list(network)
        namespaces = ["unshare", "--pid", "--mount", *network, "--fork", "--kill-child"]
        self.launcher = subprocess.Popen(
            [*namespaces, *image.command(command, **place)],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        line = self.launcher.stdout.readline()
        match = READY_LINE.match(line.rstrip("\n"))
        if match is None or match["host"] != "127.0.0.1":
            self.launcher.kill()
            raise AssertionError(f"not a ready line: {line!r}\n{self.launcher.stderr.read()}")
        self.port = int(match["port"])
        self.url = f"http://{match['host']}:{self.port}"
        children = f"/proc/{self.launcher.pid}/task/{self.launcher.pid}/children"
        self.process = int(pathlib.Path(children).read_text())

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.stop()

    def enter(self, *namespaces):
        """What stands before a command line that is run in the container's namespaces."""
        return ["nsenter", "--target", str(self.process), *namespaces, *self.network]

    def run(self, arguments, **options):
        """Runs a program beside the server, as `docker exec` does."""
        return subprocess.run(
            [*self.enter("--pid", "--mount"), *self.image.command(arguments, **self.place)],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=DEADLINE,
            **options,
        )

    def check_health(self):
        """Runs the image's own health check, which must pass."""
        kind, *command = self.image.health_check
        assert kind == "CMD"
        done = self.run(command)
        assert done.returncode == 0, done.stderr

    def stop(self):
        """Ends the server as `docker stop` does; it must end by itself, with exit code 0."""
        if self.launcher.poll() is None:
            os.kill(self.process, signal.SIGTERM)
        _, log = self.launcher.communicate(timeout=DEADLINE)
        assert self.launcher.returncode == 0, log
