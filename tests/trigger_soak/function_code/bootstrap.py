# SPDX-License-Identifier: Apache-2.0
"""The function of a custom runtime, which speaks the Runtime API by itself."""

import http.client
import json
import os

import witness

BASE = "/2018-06-01/runtime/invocation/"


def main():
    api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    while True:
        api.request("GET", BASE + "next")
        invocation = api.getresponse()
        event = json.loads(invocation.read())
        request = invocation.headers["Lambda-Runtime-Aws-Request-Id"]
        try:
            outcome, answer = "response", witness.handle(event, request)
        except Exception as error:
            outcome = "error"
            answer = {"errorMessage": str(error), "errorType": type(error).__name__}
        api.request("POST", f"{BASE}{request}/{outcome}", json.dumps(answer))
        api.getresponse().read()


if __name__ == "__main__":
    main()
