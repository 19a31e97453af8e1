# SPDX-License-Identifier: Apache-2.0
"""runtimes/code/bootstrap.py does as AWS's runtime for Python does."""

import re
import signal
import sys

import pytest
from fake_runtime_api import ARN

ECHO = "def handler(event, context):\n    return event\n"
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"


def test_what_a_handler_returns_is_the_response(start_python):
    function = start_python(ECHO)
    for value in (None, True, 0, 1.5, "text ü €", [], {"a": [1, {"b": None}]}):
        assert function.returned(value) == value
    assert function.api.connections == 1


def test_handlers_may_be_in_folders_and_packages(start_python):
    files = {"lib/deep/app.py": ECHO}
    assert start_python(files, "lib.deep.app.handler").returned(1) == 1
    assert start_python(files, "lib/deep/app.handler").returned(2) == 2


def test_the_functions_folder_comes_first_and_the_bootstraps_own_is_not_searched(start_python):
    files = {
        "app.py": "import sys, bootstrap\ndef handler(event, context):\n"
        "    return [bootstrap.name, sys.path[0], any('runtimes' in path for path in sys.path)]\n",
        "bootstrap.py": "name = 'of the function'\n",
    }
    name, first, has_own = start_python(files).returned()
    assert name == "of the function"
    assert first.endswith("/code")
    assert not has_own


def test_the_context_says_what_is_called_by_whom_and_until_when(start_python):
    code = """
def handler(event, context):
    client = context.client_context
    return {
        "members": [context.aws_request_id, context.function_name, context.function_version,
                    context.memory_limit_in_mb, context.log_group_name, context.log_stream_name,
                    context.invoked_function_arn, context.tenant_id],
        "left": context.get_remaining_time_in_millis(),
        "identity": [context.identity.cognito_identity_id, context.identity.cognito_identity_pool_id],
        "client": client and [client.custom, client.env, client.client and client.client.app_title],
    }
"""
    function = start_python(code)
    context = function.returned()
    assert context["members"] == [
        "00000000-0000-0000-0000-000000000001",
        "orders",
        "7",
        "256",
        "/aws/lambda/orders",
        "2026/12/01/[7]0123",
        ARN,
        None,
    ]
    assert 0 < context["left"] <= 60_000
    assert context["identity"] == [None, None]
    assert context["client"] is None
    context = function.returned(
        headers={
            "Lambda-Runtime-Client-Context": '{"custom":{"a":1},"client":{"app_title":"t"}}',
            "Lambda-Runtime-Cognito-Identity": '{"cognitoIdentityId":"i","cognitoIdentityPoolId":"p"}',
            "Lambda-Runtime-Deadline-Ms": "1",
        }
    )
    assert context["left"] == 0
    assert context["identity"] == ["i", "p"]
    assert context["client"] == [{"a": 1}, None, "t"]


def test_the_context_shows_its_members(start_python):
    shown = start_python("def handler(event, context):\n    return repr(context)\n").returned()
    assert shown.startswith("LambdaContext([aws_request_id=00000000-0000-0000-0000-000000000001,")
    assert shown.endswith(
        "client_context=None,identity=CognitoIdentity([cognito_identity_id=None,"
        "cognito_identity_pool_id=None]),tenant_id=None])"
    )


def test_a_client_context_that_is_no_json_fails_the_invocation(start_python):
    error = start_python(ECHO).failed(headers={"Lambda-Runtime-Client-Context": "{"})
    assert error["errorType"] == "Runtime.LambdaContextUnmarshalError"
    assert error["errorMessage"].startswith("Unable to parse Client Context JSON: Expecting property name")


def test_the_trace_id_is_in_the_environment(start_python):
    code = "import os\ndef handler(event, context):\n    return os.environ.get('_X_AMZN_TRACE_ID')\n"
    function = start_python(code)
    assert function.returned(headers={"Lambda-Runtime-Trace-Id": "Root=1"}) == "Root=1"
    assert function.returned() is None


def test_an_exception_is_the_error_and_is_logged(start_python):
    code = 'def inner():\n    raise ValueError("no ü")\n\ndef handler(event, context):\n    inner()\n'
    function = start_python(code)
    error = function.failed()
    assert list(error) == ["errorMessage", "errorType", "requestId", "stackTrace"]
    assert error["errorMessage"] == "no ü"
    assert error["errorType"] == "ValueError"
    assert error["requestId"] == "00000000-0000-0000-0000-000000000001"
    assert [re.sub(r'"/.*/', '"', entry) for entry in error["stackTrace"]] == [
        '  File "app.py", line 5, in handler\n    inner()\n',
        '  File "app.py", line 2, in inner\n    raise ValueError("no ü")\n',
    ]
    (line,) = function.printed()
    assert re.sub(r'"/.*?/app', '"app', line) == "\r".join(
        [
            "[ERROR] ValueError: no ü",
            "Traceback (most recent call last):",
            '\u00a0\u00a0File "app.py", line 5, in handler',
            "\u00a0\u00a0\u00a0\u00a0inner()",
            '\u00a0\u00a0File "app.py", line 2, in inner',
            '\u00a0\u00a0\u00a0\u00a0raise ValueError("no ü")',
        ]
    )
    assert function.failed()["requestId"] == "00000000-0000-0000-0000-000000000002"


def test_an_exception_without_a_text_has_its_type_alone(start_python):
    function = start_python("class Own(Exception): pass\ndef handler(event, context):\n    raise Own\n")
    error = function.failed()
    assert (error["errorType"], error["errorMessage"]) == ("Own", "")
    assert function.printed()[0].startswith("[ERROR] Own\rTraceback")


def test_what_is_no_json_is_a_marshal_error(start_python):
    function = start_python("def handler(event, context):\n    return eval(event)\n")
    error = function.failed("{'a': set()}")
    assert error == {
        "errorMessage": "Unable to marshal response: Object of type set is not JSON serializable",
        "errorType": "Runtime.MarshalError",
        "requestId": "00000000-0000-0000-0000-000000000001",
        "stackTrace": [],
    }
    assert function.printed() == [
        "[ERROR] Runtime.MarshalError: Unable to marshal response: "
        "Object of type set is not JSON serializable\rTraceback (most recent call last):"
    ]
    assert function.failed("{b'1': 1}")["errorMessage"].startswith("Unable to marshal response: keys must be")
    assert function.failed("(lambda a: a.append(a) or a)([])")["errorMessage"] == (
        "Unable to marshal response: Circular reference detected"
    )


def test_a_coroutine_is_no_json(start_python):
    function = start_python("async def handler(event, context):\n    return 1\n")
    assert function.failed()["errorMessage"] == (
        "Unable to marshal response: Object of type coroutine is not JSON serializable"
    )


def test_decimals_are_numbers_with_all_their_digits(start_python):
    code = (
        "from decimal import Decimal\ndef handler(event, context):\n"
        "    return {'a': Decimal('1.10'), 'b': [Decimal('12345678901234567890.123456789'), Decimal('5E+2')],"
        " 'c': Decimal('NaN'), 'd': '\"0\"'}\n"
    )
    assert start_python(code).invoke().text == (
        '{"a": 1.10, "b": [12345678901234567890.123456789, 5E+2], "c": NaN, "d": "\\"0\\""}'
    )


def test_bytes_within_are_text_and_alone_are_the_response(start_python):
    function = start_python("def handler(event, context):\n    return eval(event)\n")
    assert function.returned("{'a': b'text'}") == {"a": "text"}
    outcome = function.invoke("b'not json'")
    assert (outcome.kind, outcome.text) == ("response", "not json")
    assert outcome.headers["Content-Type"] == "application/unknown"


@pytest.mark.parametrize(
    ("runtime", "text"), [("python3.11", '"\\u20ac"'), ("python3.12", '"€"'), ("python3.13", '"€"')]
)
def test_later_runtimes_do_not_escape(start_python, runtime, text):
    function = start_python(ECHO, environment={"AWS_EXECUTION_ENV": f"AWS_Lambda_{runtime}"})
    assert function.invoke("€").text == text
    assert function.returned(text='"\\ud800"') == "\ud800"


def test_an_event_that_is_no_json_is_an_unmarshal_error(start_python):
    error = start_python(ECHO).failed(text="{")
    assert error["errorType"] == "Runtime.UnmarshalError"
    assert error["errorMessage"].startswith("Unable to unmarshal input: Expecting property name")


def test_a_missing_module_fails_the_start(start_python):
    function = start_python({}, "app.handler")
    assert function.init_error() == {
        "errorMessage": "Unable to import module 'app': No module named 'app'",
        "errorType": "Runtime.ImportModuleError",
        "requestId": "",
        "stackTrace": [],
    }
    assert function.exit_code() == 1
    assert function.printed() == [
        "[ERROR] Runtime.ImportModuleError: Unable to import module 'app': No module named 'app'"
        "\rTraceback (most recent call last):"
    ]
    error = start_python("import absent_module\n", "app.handler").init_error()
    assert error["errorMessage"] == "Unable to import module 'app': No module named 'absent_module'"


def test_what_aws_bundles_is_said_to_be_missing_here(start_python):
    # Without the packages of this Python.
    error = start_python("import boto3\n", flags=["-S"]).init_error()
    hint = (
        f" (AWS's runtime bundles it; here, install it by `{sys.executable} -m pip install boto3`, "
        "or put it into the function's zip)"
    )
    assert error["errorType"] == "Runtime.ImportModuleError"
    assert error["errorMessage"] == "Unable to import module 'app': No module named 'boto3'" + hint
    late = start_python("def handler(event, context):\n    import boto3.session\n", flags=["-S"]).failed()
    assert late["errorType"] == "ModuleNotFoundError"
    assert late["errorMessage"] == "No module named 'boto3'" + hint


def test_a_missing_handler_fails_the_start(start_python):
    error = start_python(ECHO, "app.other").init_error()
    assert error["errorType"] == "Runtime.HandlerNotFound"
    assert error["errorMessage"] == "Handler 'other' missing on module 'app'"


def test_a_syntax_error_fails_the_start(start_python):
    function = start_python("def handler(:\n    pass\n")
    error = function.init_error()
    assert error["errorType"] == "Runtime.UserCodeSyntaxError"
    assert error["errorMessage"] == "Syntax error in module 'app': invalid syntax (app.py, line 1)"
    (entry,) = error["stackTrace"]
    assert re.fullmatch(r'  File "/.*/app\.py" Line 1\n    def handler\(:\n', entry)


def test_an_exception_of_the_module_fails_the_start(start_python):
    error = start_python("1 / 0\n").init_error()
    assert error["errorType"] == "ZeroDivisionError"
    assert error["errorMessage"] == "division by zero"
    assert (
        re.sub(r'"/.*/', '"', error["stackTrace"][-1]) == '  File "app.py", line 1, in <module>\n    1 / 0\n'
    )


def test_bad_handler_names_fail_the_start(start_python):
    error = start_python(ECHO, "app").init_error()
    assert error["errorType"] == "Runtime.MalformedHandlerName"
    assert error["errorMessage"] == "Bad handler 'app': not enough values to unpack (expected 2, got 1)"
    error = start_python(ECHO, "sys.exit").init_error()
    assert error["errorType"] == "Runtime.BuiltInModuleConflict"
    assert error["errorMessage"] == "Cannot use built-in module sys as a handler module"


def test_log_records_have_the_requests_id(start_python):
    code = """
import logging
logging.warning("at the start")
logger = logging.getLogger()
logger.setLevel(logging.INFO)

def handler(event, context):
    logger.info("value %d", event)
    logger.debug("not shown")
    logging.getLogger("own").error("two\\nlines")
    try:
        1 / 0
    except ZeroDivisionError:
        logger.exception("caught")
"""
    function = start_python(code)
    function.returned(5)
    start, info, error, caught = function.printed()
    request_id = "00000000-0000-0000-0000-000000000001"
    assert re.fullmatch(rf"\[WARNING\]\t{TIME}\t\tat the start", start)
    assert re.fullmatch(rf"\[INFO\]\t{TIME}\t{request_id}\tvalue 5", info)
    assert re.fullmatch(rf"\[ERROR\]\t{TIME}\t{request_id}\ttwo\rlines", error)
    assert re.fullmatch(
        rf"\[ERROR\]\t{TIME}\t{request_id}\tcaught\rTraceback .*\rZeroDivisionError: division by zero", caught
    )


def test_what_is_printed_arrives_before_the_process_is_killed(start_python):
    code = """
import os, signal, sys
def handler(event, context):
    print("line")
    print("error", file=sys.stderr)
    context.log("part")
    print(" of a line", end="")
    os.kill(os.getpid(), signal.SIGKILL)
"""
    function = start_python(code)
    function.send()
    assert function.exit_code() == -signal.SIGKILL
    assert function.printed() == ["line", "error"]
    assert function._output_file.read_text().endswith("part of a line")


def test_sys_exit_ends_the_process(start_python):
    for code, status in (("sys.exit(3)", 3), ("sys.exit()", 0), ("os._exit(4)", 4)):
        function = start_python(f"import os, sys\ndef handler(event, context):\n    {code}\n")
        function.send()
        assert function.exit_code() == status
        assert function.api.outcomes.empty()


def test_a_runtime_api_that_is_gone_ends_the_process(start_python):
    function = start_python(ECHO)
    assert function.returned(1) == 1
    function.api.invocations.put(None)
    assert function.exit_code() == 1
    assert function.printed() == []
