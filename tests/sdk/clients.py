# SPDX-License-Identifier: Apache-2.0
"""boto3 clients as the suite uses them."""

import boto3
from botocore.config import Config

# Neither is anybody's default, so that a server that invents them is found out.
REGION = "eu-central-1"
ACCESS_KEY = "weirtest"


def client(service, endpoint, **config):
    """A boto3 client of the suite's account for the server at `endpoint`."""
    session = boto3.session.Session(
        aws_access_key_id=ACCESS_KEY, aws_secret_access_key="secret", region_name=REGION
    )
    # One attempt: an error that a retry would hide is an error. No proxy: the server is local.
    settings = Config(retries={"total_max_attempts": 1}, proxies={}, **config)
    return session.client(service, endpoint_url=endpoint, config=settings)
