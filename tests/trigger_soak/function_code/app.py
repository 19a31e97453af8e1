# SPDX-License-Identifier: Apache-2.0
"""The function of a Python runtime."""

import witness


def handler(event, context):
    return witness.handle(event, context.aws_request_id)
