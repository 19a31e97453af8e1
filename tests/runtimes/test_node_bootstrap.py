# SPDX-License-Identifier: Apache-2.0
"""runtimes/code/bootstrap.mjs does as AWS's runtime for Node does."""

import json
import re
import signal

import pytest
from fake_runtime_api import ARN

ECHO = "exports.handler = async (event) => event;\n"
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
FIRST = "00000000-0000-0000-0000-000000000001"


def test_what_a_handler_returns_is_the_response(start_node):
    function = start_node(ECHO)
    for value in (None, True, 0, 1.5, "text ü €", [], {"a": [1, {"b": None}]}):
        assert function.returned(value) == value
    assert function.api.connections == 1


@pytest.mark.parametrize(
    ("files", "handler"),
    [
        ({"index.js": ECHO}, "index.handler"),
        ({"index.cjs": ECHO}, "index.handler"),
        ({"index.mjs": "export const handler = async (event) => event;\n"}, "index.handler"),
        (
            {"index.js": "export const handler = async (e) => e;\n", "package.json": '{"type":"module"}'},
            "index.handler",
        ),
        ({"lib/deep/app.js": ECHO}, "lib/deep/app.handler"),
        ({"index.js": "exports.a = { b: { handler: async (event) => event } };\n"}, "index.a.b.handler"),
        ({"node_modules/packed/index.js": ECHO}, "packed.handler"),
        # Beside each other, CommonJS comes first.
        ({"index.js": ECHO, "index.mjs": "export const handler = async () => 'esm';\n"}, "index.handler"),
    ],
)
def test_modules_of_both_kinds_are_found(start_node, files, handler):
    assert start_node(files, handler).returned("event") == "event"


@pytest.mark.parametrize(
    "code",
    [
        "async (event) => event + 1",
        "(event, context, callback) => callback(null, event + 1)",
        "(event, context, callback) => { setTimeout(() => callback(null, event + 1), 5); }",
        "(event, context) => { context.succeed(event + 1); }",
        "(event, context) => { context.done(null, event + 1); }",
        "(event) => ({ then: (resolve) => resolve(event + 1) })",
        # The first one counts.
        "async (event, context) => { context.succeed(event + 1); context.fail('late'); return 0; }",
    ],
)
def test_handlers_finish_in_many_ways(start_node, code):
    function = start_node(f"exports.handler = {code};\n")
    assert function.returned(1) == 2
    assert function.returned(2) == 3


def test_a_handler_that_returns_without_a_promise_has_returned_null(start_node):
    function = start_node("exports.handler = (event) => event;\n")
    assert function.returned(1) is None
    function = start_node("exports.handler = async () => undefined;\n")
    assert function.returned(1) is None


def test_an_async_handler_whose_promise_never_settles_fails(start_node):
    function = start_node("exports.handler = async (event) => event || new Promise(() => {});\n")
    error = function.failed()
    assert error["errorType"] == "Runtime.NodeJsExit"
    assert error["errorMessage"].startswith("The Lambda runtime client detected an unexpected Node.js exit")
    assert "\tERROR\tInvoke Error \t" in function.printed()[0]
    assert function.returned(1) == 1
    assert start_node("exports.handler = () => new Promise(() => {});\n").returned() is None


def test_a_callback_waits_for_an_empty_event_loop(start_node):
    code = """
exports.handler = (event, context, callback) => {
  context.callbackWaitsForEmptyEventLoop = event;
  setTimeout(() => console.log('timer'), event ? 50 : 600000);
  callback(null, 'done');
};
"""
    function = start_node(code)
    assert function.returned(True) == "done"
    (line,) = function.printed()
    assert line.endswith("\tINFO\ttimer")
    assert function.returned(False) == "done"
    assert len(function.printed()) == 1


def test_the_context_says_what_is_called_by_whom_and_until_when(start_node):
    code = """
exports.handler = async (event, context) => ({
  members: Object.keys(context),
  values: [context.awsRequestId, context.functionName, context.functionVersion, context.memoryLimitInMB,
           context.logGroupName, context.logStreamName, context.invokedFunctionArn],
  left: context.getRemainingTimeInMillis(),
  given: [context.clientContext, context.identity],
  trace: process.env._X_AMZN_TRACE_ID,
});
"""
    function = start_node(code)
    context = function.returned()
    assert context["members"] == [
        "callbackWaitsForEmptyEventLoop",
        "succeed",
        "fail",
        "done",
        "functionVersion",
        "functionName",
        "memoryLimitInMB",
        "logGroupName",
        "logStreamName",
        "clientContext",
        "identity",
        "invokedFunctionArn",
        "awsRequestId",
        "tenantId",
        "getRemainingTimeInMillis",
    ]
    assert context["values"] == [
        FIRST,
        "orders",
        "7",
        "256",
        "/aws/lambda/orders",
        "2026/12/01/[7]0123",
        ARN,
    ]
    assert 0 < context["left"] <= 60_000
    assert context["given"] == [None, None]
    assert "trace" not in context
    context = function.returned(
        headers={
            "Lambda-Runtime-Client-Context": '{"custom":{"a":1}}',
            "Lambda-Runtime-Cognito-Identity": '{"cognitoIdentityId":"i"}',
            "Lambda-Runtime-Trace-Id": "Root=1",
        }
    )
    assert context["given"] == [{"custom": {"a": 1}}, {"cognitoIdentityId": "i"}]
    assert context["trace"] == "Root=1"
    assert "trace" not in function.returned()


def test_a_client_context_that_is_no_json_fails_the_invocation(start_node):
    error = start_node(ECHO).failed(headers={"Lambda-Runtime-Client-Context": "{"})
    assert error["errorType"] == "Error"
    assert error["errorMessage"].startswith("Cannot parse ClientContext as json: SyntaxError: ")


@pytest.mark.parametrize(
    "code",
    [
        "async () => { throw new TypeError('no ü'); }",
        "() => { throw new TypeError('no ü'); }",
        "(event, context, callback) => { callback(new TypeError('no ü')); }",
        "(event, context) => { context.fail(new TypeError('no ü')); }",
        "(event, context) => { context.done(new TypeError('no ü')); }",
    ],
)
def test_an_error_is_reported_and_logged(start_node, code):
    function = start_node(f"exports.handler = {code};\n")
    error = function.failed()
    assert list(error) == ["errorType", "errorMessage", "trace"]
    assert (error["errorType"], error["errorMessage"]) == ("TypeError", "no ü")
    assert error["trace"][0] == "TypeError: no ü"
    assert re.fullmatch(r"    at .*/index\.js:1:\d+\)?", error["trace"][1])
    (line,) = function.printed()
    start, logged = line.split("\tERROR\tInvoke Error \t")
    assert re.fullmatch(rf"{TIME}\t{FIRST}", start)
    assert json.loads(logged) == {
        "errorType": "TypeError",
        "errorMessage": "no ü",
        "stack": error["trace"],
    }
    assert function.failed()["errorMessage"] == "no ü"


def test_what_is_thrown_need_not_be_an_error(start_node):
    function = start_node("exports.handler = async (event) => { throw event; };\n")
    assert function.failed("text") == {"errorType": "string", "errorMessage": "text", "trace": []}
    assert function.failed({"a": 1}) == {
        "errorType": "object",
        "errorMessage": "[object Object]",
        "trace": [],
    }
    handled = start_node("exports.handler = (event, context) => { context.fail(); };\n").failed()
    assert handled == {"errorType": "string", "errorMessage": "handled", "trace": []}


def test_members_of_errors_are_logged(start_node):
    code = """
class Refused extends Error {}
exports.handler = async () => { throw Object.assign(new Refused('no'), { code: 'E1', more: [1] }); };
"""
    function = start_node(code)
    assert function.failed()["errorType"] == "Error"
    logged = json.loads(function.printed()[0].split("\tERROR\tInvoke Error \t")[1])
    assert list(logged) == ["errorType", "errorMessage", "code", "more", "stack"]
    assert (logged["code"], logged["more"]) == ("E1", [1])


def test_a_response_that_is_no_json_is_an_error(start_node):
    function = start_node("exports.handler = async () => 1n;\n")
    error = function.failed()
    assert (error["errorType"], error["errorMessage"]) == ("Error", "Unable to stringify response body")
    assert function.failed()["errorMessage"] == "Unable to stringify response body"


def test_console_lines_have_time_request_and_level(start_node):
    code = """
console.log('at the start');
exports.handler = async (event) => {
  console.log('value %d', event, { a: 1 });
  console.info('two\\nlines');
  console.warn(new Date(0));
  console.error('e');
  console.debug('d');
  console.trace('t');
  console.fatal('f');
  console.log();
};
"""
    function = start_node(code)
    function.returned(5)
    lines = [line.split("\t") for line in function.printed()]
    assert all(re.fullmatch(TIME, line[0]) for line in lines)
    assert [line[1:] for line in lines] == [
        ["undefined", "INFO", "at the start"],
        [FIRST, "INFO", "value 5 { a: 1 }"],
        [FIRST, "INFO", "two\rlines"],
        [FIRST, "WARN", "1970-01-01T00:00:00.000Z"],
        [FIRST, "ERROR", "e"],
        [FIRST, "DEBUG", "d"],
        [FIRST, "TRACE", "t"],
        [FIRST, "FATAL", "f"],
        [FIRST, "INFO", "undefined"],
    ]


def test_an_unhandled_rejection_fails_the_invocation_and_ends_the_process(start_node):
    function = start_node(
        "exports.handler = (event, context, callback) => { Promise.reject(new TypeError('lost')); };\n"
    )
    error = function.failed()
    assert error["errorType"] == "Runtime.UnhandledPromiseRejection"
    assert error["errorMessage"] == "TypeError: lost"
    assert error["trace"][0] == "Runtime.UnhandledPromiseRejection: TypeError: lost"
    assert function.exit_code() == 128
    (line,) = function.printed()
    logged = json.loads(line.split(f"\t{FIRST}\tERROR\tUnhandled Promise Rejection \t")[1])
    assert list(logged) == ["errorType", "errorMessage", "reason", "promise", "stack"]
    assert logged["reason"]["errorMessage"] == "lost"


def test_an_uncaught_exception_fails_the_invocation_and_ends_the_process(start_node):
    function = start_node(
        "exports.handler = () => new Promise(() => setTimeout(() => { throw new TypeError('lost'); }, 1));\n"
    )
    error = function.failed()
    assert (error["errorType"], error["errorMessage"]) == ("TypeError", "lost")
    assert function.exit_code() == 129
    assert f"\t{FIRST}\tERROR\tUncaught Exception \t" in function.printed()[0]


def test_a_missing_module_fails_the_start(start_node):
    function = start_node({}, "index.handler")
    error = function.init_error()
    assert error["errorType"] == "Runtime.ImportModuleError"
    assert error["errorMessage"].startswith("Error: Cannot find module 'index'\nRequire stack:\n- /")
    assert function.exit_code() == 129
    (line,) = function.printed()
    assert "\tundefined\tERROR\tUncaught Exception \t" in line
    error = start_node("require('absent');\n").init_error()
    assert error["errorType"] == "Runtime.ImportModuleError"
    assert error["errorMessage"].startswith("Error: Cannot find module 'absent'\n")
    error = start_node({"index.mjs": "import 'absent';\n"}).init_error()
    assert error["errorType"] == "Error"
    assert error["errorMessage"].startswith("Cannot find package 'absent' imported from /")


def test_what_aws_bundles_is_said_to_be_missing_here(start_node):
    hint = (
        "\n(AWS's runtime bundles @aws-sdk/client-sts; here, install it by `npm install @aws-sdk/client-sts` "
        "in the function's folder, and pack its node_modules into the zip)"
    )
    error = start_node("require('@aws-sdk/client-sts/deep');\n").init_error()
    assert error["errorType"] == "Runtime.ImportModuleError"
    assert error["errorMessage"].startswith("Error: Cannot find module '@aws-sdk/client-sts/deep'\n")
    assert error["errorMessage"].endswith(hint)
    function = start_node({"index.mjs": "export const handler = () => import('@aws-sdk/client-sts');\n"})
    assert function.failed()["errorMessage"].endswith(hint)
    assert json.loads(function.printed()[0].split("\t")[-1])["errorMessage"].endswith(hint)


def test_a_missing_handler_fails_the_start(start_node):
    error = start_node(ECHO, "index.other").init_error()
    assert error["errorType"] == "Runtime.HandlerNotFound"
    assert error["errorMessage"] == "index.other is undefined or not exported"
    assert error["trace"][0] == "Runtime.HandlerNotFound: index.other is undefined or not exported"
    error = start_node("exports.handler = 1;\n").init_error()
    assert error["errorMessage"] == "index.handler is not a function"


@pytest.mark.parametrize("name", ["index.js", "index.mjs"])
def test_a_syntax_error_fails_the_start(start_node, name):
    error = start_node({name: "const = 1;\n"}).init_error()
    assert error["errorType"] == "Runtime.UserCodeSyntaxError"
    assert error["errorMessage"] == "SyntaxError: Unexpected token '='"


def test_an_exception_of_the_module_fails_the_start(start_node):
    function = start_node("throw new RangeError('early');\n")
    error = function.init_error()
    assert (error["errorType"], error["errorMessage"]) == ("RangeError", "early")
    assert function.exit_code() == 129


def test_bad_handler_names_fail_the_start(start_node):
    error = start_node(ECHO, "index").init_error()
    assert (error["errorType"], error["errorMessage"]) == ("Runtime.MalformedHandlerName", "Bad handler")
    error = start_node(ECHO, "../code/index.handler").init_error()
    assert error["errorMessage"] == (
        "'../code/index.handler' is not a valid handler name. "
        "Use absolute paths when specifying root directories in handler names."
    )


def test_streamed_responses_are_refused_by_name(start_node):
    code = "exports.handler = awslambda.streamifyResponse(async (event, stream) => stream.end());\n"
    error = start_node(code).init_error()
    assert error["errorMessage"] == (
        "Weir does not stream responses: awslambda.streamifyResponse is not supported"
    )


def test_process_exit_ends_the_process(start_node):
    function = start_node("exports.handler = () => { console.log('last'); process.exit(3); };\n")
    function.send()
    assert function.exit_code() == 3
    assert function.api.outcomes.empty()
    assert function.printed()[0].endswith("\tINFO\tlast")


def test_what_is_printed_arrives_before_the_process_is_killed(start_node):
    kill = "process.kill(process.pid, 'SIGKILL')"
    function = start_node(f"exports.handler = () => {{ process.stdout.write('line\\n'); {kill}; }};\n")
    function.send()
    assert function.exit_code() == -signal.SIGKILL
    assert function.printed() == ["line"]


def test_a_runtime_api_that_is_gone_ends_the_process(start_node):
    function = start_node(ECHO)
    assert function.returned(1) == 1
    function.api.invocations.put(None)
    assert function.exit_code() == 1
    assert function.printed() == []
