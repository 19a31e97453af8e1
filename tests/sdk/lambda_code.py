# SPDX-License-Identifier: Apache-2.0
"""Functions for tests: their code as zips, and how they are created, called and waited for."""

import io
import json
import zipfile

from support.weir_clock import Clock
from tables import unique_name

ROLE = "arn:aws:iam::000000000000:role/functions"

# Each handler logs the event that it got, as the runtime's JSON text.
PYTHON_ECHO = """
import json

def handler(event, context):
    print("EVENT " + json.dumps(event))
    return {"got": len(event.get("Records", [])), "id": context.aws_request_id}
"""
NODE_ECHO = """
exports.handler = async (event, context) => {
  console.log('EVENT ' + JSON.stringify(event));
  return { got: (event.Records || []).length, id: context.awsRequestId };
};
"""


def zipped(**files):
    """A zip of files by name: `zipped(**{"app.py": text})`. Text whose name is `bootstrap` can be
    executed.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o100755 if name == "bootstrap" else 0o100644) << 16
            archive.writestr(entry, content)
    return buffer.getvalue()


class Functions:
    """Makes functions, each with a name of its own, and deletes them at the end."""

    def __init__(self, client):
        self.client = client
        self.names = []
        self.mappings = []

    def create(self, runtime, handler, code, **settings):
        """Creates a function from a zip or from files by name, and waits until it is active."""
        name = unique_name()
        settings = {"Timeout": 20, **settings}
        archive = code if isinstance(code, bytes) else zipped(**code)
        self.client.create_function(
            FunctionName=name, Runtime=runtime, Role=ROLE, Handler=handler,
            Code={"ZipFile": archive}, **settings)
        self.names.append(name)
        self.client.get_waiter("function_active_v2").wait(FunctionName=name)
        return name

    def map(self, function, stream_arn, **settings):
        """Creates a mapping from TRIM_HORIZON on. Returns its UUID."""
        settings = {"StartingPosition": "TRIM_HORIZON", **settings}
        answer = self.client.create_event_source_mapping(
            FunctionName=function, EventSourceArn=stream_arn, **settings)
        self.mappings.append(answer["UUID"])
        return answer["UUID"]

    def invoke(self, function, payload=None, **settings):
        """Returns what the function returned, and the answer."""
        answer = self.client.invoke(
            FunctionName=function, Payload=json.dumps(payload).encode(), **settings)
        text = answer["Payload"].read()
        return json.loads(text) if text else None, answer

    def delete_all(self):
        for uuid in self.mappings:
            self.client.delete_event_source_mapping(UUID=uuid)
        for name in self.names:
            self.client.delete_function(FunctionName=name)


def settle(endpoint, span="0s"):
    """Waits until all that triggers have to do by then is done: a change of the clock does that."""
    Clock(endpoint).change(advance=span)


def messages(logs, function):
    """All lines that a function has logged, in order."""
    lines = []
    token = {}
    while True:
        page = logs.filter_log_events(logGroupName=f"/aws/lambda/{function}", **token)
        lines += [event["message"] for event in page["events"]]
        if "nextToken" not in page:
            return lines
        token = {"nextToken": page["nextToken"]}


def events(logs, function):
    """The events that an echo function was called with."""
    found = []
    for message in messages(logs, function):
        at = message.find("EVENT ")
        if at >= 0:
            found.append(json.loads(message[at + len("EVENT "):]))
    return found
