# SPDX-License-Identifier: Apache-2.0
"""The real AWS CLI, for the tests that use the server through it."""

import json
import os
import subprocess
import sys

# The exit codes of the CLI's first and second major version after an error from the service.
SERVICE_ERROR = (255, 254)


class Cli:
    """Runs the `aws` of the tests' Python environment, without any configuration of the user's."""

    def __init__(self, endpoint, folder):
        inherited = {name: value for name, value in os.environ.items()
                     if not name.upper().startswith("AWS_") and "PROXY" not in name.upper()}
        self.endpoint = endpoint
        self.environment = {
            **inherited,
            "AWS_ACCESS_KEY_ID": "weirtest",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_DEFAULT_REGION": "eu-central-1",
            "AWS_CONFIG_FILE": str(folder / "no-config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(folder / "no-credentials"),
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_MAX_ATTEMPTS": "1",
            "AWS_PAGER": "",
        }

    def start(self, service, command, *arguments, endpoint_flag=True):
        line = [sys.executable, "-m", "awscli", service, command, *map(str, arguments)]
        environment = dict(self.environment)
        if endpoint_flag:
            line += ["--endpoint-url", self.endpoint]
        else:
            environment["AWS_ENDPOINT_URL"] = self.endpoint
        return subprocess.run(line, env=environment, capture_output=True, text=True,
                              timeout=50, check=False)

    def __call__(self, service, command, *arguments, endpoint_flag=True):
        """The command's JSON output; None if it prints nothing."""
        done = self.start(service, command, *arguments, endpoint_flag=endpoint_flag)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout.strip() else None
