# SPDX-License-Identifier: Apache-2.0
"""Functions that misbehave, and requests that are made to harm what runs functions."""

import concurrent.futures
import os

import pytest
from function_calls import (
    FUNCTIONS,
    LAMBDA,
    MAPPINGS,
    Server,
    await_end,
    await_that,
    is_alive,
    send,
)
from hostile_calls import MEGABYTE, await_resident

KILOBYTE = 1 << 10

# What a handler needs to speak to its own Runtime API.
API = """
import http.client, os, socket, subprocess, time
ADDRESS = os.environ["AWS_LAMBDA_RUNTIME_API"]

def call(method, path, body=b"", **headers):
    api = http.client.HTTPConnection(ADDRESS, timeout=10)
    api.request(method, "/2018-06-01/runtime/" + path, body, headers)
    answer = api.getresponse()
    return [answer.status, answer.read().decode()]
"""


@pytest.fixture
def server(start_weir):
    started = start_weir()
    opened = Server(started.endpoint)
    opened.process = started
    return opened


def echo(server, name="echo"):
    """A function that still works shows that nothing was harmed."""
    answer = server.invoke(name, {"alive": True})
    assert answer.status == 200 and answer.json() == {"alive": True}, answer


@pytest.fixture
def working(server):
    server.create("echo", "def handler(event, context):\n    return event\n")
    yield server
    echo(server)


# --- Requests ------------------------------------------------------------------------------------

DEEP = 200_000
DEEP_VALUES = {
    "arrays": b"[" * DEEP + b"]" * DEEP,
    "objects": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "filters": b'{"Filters":' + b"[" * DEEP + b"]" * DEEP + b"}",
    "patterns": b'{"Filters":[{"Pattern":' + b"[" * DEEP + b"]" * DEEP + b"}]}",
    "destinations": b'{"OnFailure":{"Destination":' + b"[" * DEEP + b"]" * DEEP + b"}}",
}
MEMBERS = [
    "FilterCriteria",
    "DestinationConfig",
    "FunctionResponseTypes",
    "Enabled",
    "BatchSize",
    "FunctionName",
    "EventSourceArn",
    "Tags",
    "SourceAccessConfigurations",
    "Environment",
    "Code",
    "Layers",
]


@pytest.mark.parametrize("kind", DEEP_VALUES)
def test_deep_json_is_refused(working, kind):
    targets = [
        ("POST", MAPPINGS),
        ("PUT", MAPPINGS + "00000000-0000-0000-0000-000000000000"),
        ("POST", FUNCTIONS),
        ("PUT", f"{FUNCTIONS}/echo/code"),
        ("PUT", f"{FUNCTIONS}/echo/configuration"),
    ]
    for method, target in targets:
        for member in MEMBERS:
            body = b'{"' + member.encode() + b'":' + DEEP_VALUES[kind] + b"}"
            answer = working.call(method, target, body)
            assert 400 <= answer.status < 500, (target, member, answer)


def test_large_bodies_take_a_bounded_amount_of_memory(working):
    size = 8 * MEGABYTE
    for target in (MAPPINGS, FUNCTIONS):
        for body in (b"[" * size + b"]" * size, b'{"a":[' + b"{}," * (size // 2) + b"1]}"):
            assert 400 <= working.call("POST", target, body).status < 500
    await_resident(working.process, 400 * MEGABYTE)


@pytest.mark.parametrize("name", ["..", "../echo", "/etc", "a\0b", "ünicode", "a/b", ""])
def test_names_are_no_paths(working, name):
    code = {"S3Bucket": "hot-reload", "S3Key": "/"}
    definition = {"FunctionName": name, "Runtime": "python3.11", "Handler": "app.handler"}
    definition |= {"Role": "arn:aws:iam::000000000000:role/functions", "Code": code}
    assert working.call("POST", FUNCTIONS, definition).status == 400
    listed = working.send("GET", "/_weir/functions").json()["functions"]
    assert [function["name"] for function in listed] == ["echo"]


def test_a_nul_adds_nothing_to_the_environment(working):
    """What a process gets is told to its keeper as texts with a NUL after each."""
    working.create("show", "import os\ndef handler(event, context):\n    return list(os.environ)\n")
    path = f"{FUNCTIONS}/show/configuration"
    more = "\0AWS_LAMBDA_SMUGGLED=1"
    variable = {"Environment": {"Variables": {"OWN": more}}}
    for settings in (variable, {"Handler": "app.handler" + more}):
        answer = working.call("PUT", path, settings)
        assert answer.status in (200, 400), answer
        variables = working.result("show")
        assert "AWS_LAMBDA_SMUGGLED" not in variables, settings
    folder = {"S3Bucket": "hot-reload", "S3Key": "/\0etc"}
    assert working.call("PUT", f"{FUNCTIONS}/show/code", folder).status == 400


# --- The Runtime API -----------------------------------------------------------------------------


def test_a_handler_can_answer_once_and_for_itself_only(working):
    working.create("first", API + "def handler(event, context):\n    return ADDRESS\n")
    other = working.result("first")
    code = API + """
def handler(event, context):
    own = f"invocation/{context.aws_request_id}/response"
    return {
        "strange": call("POST", "invocation/00000000-0000-0000-0000-000000000000/response", b"1"),
        "path": call("POST", "invocation/../../x/response", b"1"),
        "next": call("GET", "invocation/next"),
        "init": call("POST", "init/error", b"{}"),
        "foreign": call("POST", own, b"1", Host="evil.example"),
        "page": call("POST", own, b"1", Origin="http://localhost:3000"),
    }
"""
    working.create("asking", code)
    statuses = {name: answer[0] for name, answer in working.result("asking").items()}
    refused = dict.fromkeys(("next", "init", "foreign", "page"), 403)
    assert statuses == {"strange": 400, "path": 404} | refused
    code = API + """
def handler(event, context):
    own = f"invocation/{context.aws_request_id}/response"
    call("POST", own, b'"first"')
    call("POST", own, b'"second"')
    return "third"
"""
    working.create("twice", code)
    assert working.result("twice") == "first"
    # One function's port takes nothing for another.
    target = "/2018-06-01/runtime/invocation/00000000-0000-0000-0000-000000000000/response"
    assert send(other, "POST", target, b"1").status in (400, 403)
    assert working.result("first") == other


def test_a_runtime_api_survives_garbage_and_many_connections(working):
    code = API + """
def handler(event, context):
    host, port = ADDRESS.split(":")
    garbage = [b"\\0" * 1000, b"GET / HTTP/9.9\\r\\n\\r\\n"]
    garbage.append(b"GET / HTTP/1.1\\r\\nX: " + b"a" * 200000)
    post = f"POST /x HTTP/1.1\\r\\nHost: {ADDRESS}\\r\\nContent-Length: "
    garbage += [f"{post}{length}\\r\\n\\r\\n".encode() for length in ("-1", "9" * 30, "none")]
    held = []
    for number in range(300):
        try:
            held.append(socket.create_connection((host, int(port)), timeout=0.2))
            held[-1].sendall(garbage[number % len(garbage)])
        except OSError:
            pass
    return len(held) > 0
"""
    working.create("noisy", code)
    assert working.result("noisy")
    assert working.result("noisy")


@pytest.mark.parametrize("megabytes", [7, 100])
def test_large_results_are_refused(working, megabytes):
    code = API + """
def handler(event, context):
    own = f"invocation/{context.aws_request_id}/response"
    try:
        call("POST", own, b"1" * (event["megabytes"] << 20))
    except OSError:
        pass
"""
    working.create("large", code, MemorySize=2048)
    result = working.result("large", {"megabytes": megabytes})
    assert result["errorType"] == "Function.ResponseSizeTooLarge"
    await_resident(working.process, 400 * MEGABYTE)


# --- Processes -----------------------------------------------------------------------------------

# Writes the ids of this process and of two that try to get away from it, and then hangs.
FAMILY = API + """
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)

def handler(event, context):
    away = subprocess.Popen(["sleep", "1000"], start_new_session=True)
    # A process whose parent has ended.
    start = "from subprocess import *; print(Popen(['sleep', '1000'], stdout=-3, stderr=-3).pid)"
    orphan = subprocess.run(["python3", "-c", start], capture_output=True, text=True).stdout
    path = os.path.join(event["folder"], str(os.getpid()))
    with open(path + ".part", "w") as file:
        file.write(f"{os.getpid()} {away.pid} {orphan}")
    os.rename(path + ".part", path)
    time.sleep(event.get("seconds", 1000))
"""


def family_of(folder):
    """The processes that functions have named in a folder."""
    files = [name for name in os.listdir(folder) if name.isdigit()]
    return [int(number) for name in files for number in (folder / name).read_text().split()]


def start_families(server, folder, count, **settings):
    """Starts `count` invocations at once. Returns their processes, and a function that waits for
    their answers.
    """
    server.create("family", FAMILY, **settings)
    pool = concurrent.futures.ThreadPoolExecutor(count)
    payload = {"folder": str(folder)}
    answers = [pool.submit(server.invoke, "family", payload) for _ in range(count)]
    await_that(lambda: len(family_of(folder)) == 3 * count, "not all functions run")
    processes = family_of(folder)
    assert all(map(is_alive, processes))
    return processes, lambda: pool.shutdown(cancel_futures=True) or answers


def test_no_process_outlives_a_server_that_is_killed(server, tmp_path):
    processes, join = start_families(server, tmp_path, 10)
    server.process.process.kill()
    server.process.wait()
    await_end(processes)
    assert all(answer.exception() for answer in join())


def test_no_process_outlives_a_reset(server, tmp_path):
    processes, join = start_families(server, tmp_path, 4)
    assert server.send("POST", "/_weir/reset").status == 200
    await_end(processes)
    assert [answer.result().status for answer in join()] == [500] * 4
    assert server.send("GET", "/_weir/functions").json() == {"functions": []}


@pytest.mark.parametrize("method", ["DELETE", "timeout", "stop"])
def test_no_process_outlives_its_function(server, tmp_path, method):
    processes, join = start_families(server, tmp_path, 1, Timeout=1 if method == "timeout" else 20)
    if method == "DELETE":
        assert server.call("DELETE", f"{FUNCTIONS}/family").status == 204
        server.process.stop()
    elif method == "stop":
        server.process.stop()
    await_end(processes)
    join()


def test_what_is_printed_without_end_takes_a_bounded_amount_of_memory(working):
    code = API + """
def handler(event, context):
    while True:
        os.write(1, event["text"].encode() * 1000)
"""
    working.create("printing", code, Timeout=1)
    for text in ("x" * KILOBYTE, "\n", "a line\n"):
        result = working.result("printing", {"text": text})
        assert result["errorType"] == "Sandbox.Timedout", result
    await_resident(working.process, 400 * MEGABYTE)


def test_a_family_is_bounded_by_the_memory_of_its_function(working, tmp_path):
    code = API + """
def handler(event, context):
    for _ in range(400):
        if os.fork() == 0:
            time.sleep(1000)
    time.sleep(1000)
"""
    working.create("forking", code, MemorySize=128)
    result = working.result("forking")
    assert result["errorType"] == "Runtime.ExitError" and "killed" in result["errorMessage"], result


def test_a_function_that_calls_itself_comes_to_an_end(start_weir):
    server = Server(start_weir("--max-function-processes", "8").endpoint)
    code = API + """
import json, urllib.error, urllib.request

def handler(event, context):
    url = os.environ["AWS_ENDPOINT_URL_LAMBDA"] + event["path"]
    ask = urllib.request.Request(url, json.dumps(event).encode(), event["headers"])
    try:
        with urllib.request.urlopen(ask) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code
"""
    server.create("calling", code)
    event = {"path": f"{FUNCTIONS}/calling/invocations", "headers": LAMBDA}
    assert server.result("calling", event) == 429
