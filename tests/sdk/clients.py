# SPDX-License-Identifier: Apache-2.0
"""The boto3 clients of the suite."""

import boto3
from botocore.config import Config

# Neither of these is a default, so that a server that makes them up is noticed.
REGION = "eu-central-1"
ACCESS_KEY = "weirtest"


def client(service, endpoint, **config):
    """A boto3 client with the suite's region and key for the server at `endpoint`."""
    session = boto3.session.Session(
        aws_access_key_id=ACCESS_KEY, aws_secret_access_key="secret", region_name=REGION
    )
    # One attempt, so that no retry hides an error. No proxy, since the server is local.
    settings = Config(retries={"total_max_attempts": 1}, proxies={}, **config)
    return session.client(service, endpoint_url=endpoint, config=settings)
