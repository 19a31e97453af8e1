# SPDX-License-Identifier: Apache-2.0
"""Runs a Python function as AWS's runtime does.

Asks the Runtime API for invocations, calls the handler, and answers with what it returns or raises.
Weir starts it as `python3 bootstrap.py`; it needs Python 3.8 or later, and the standard library alone.
The texts, the order of members and what is printed are those of AWS's runtime:
https://github.com/aws/aws-lambda-python-runtime-interface-client

A log event of several lines is printed as one line, with a carriage return in place of each line break
within it, as AWS's runtime does where it has nothing but stdout.
"""

import decimal
import http.client
import importlib
import json
import logging
import math
import os
import re
import sys
import time
import traceback

# What AWS's runtime has beside the standard library, for functions to import.
BUNDLED = {"boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "urllib3"}

# Up to 3.11, AWS's runtime escapes what is not ASCII.
ESCAPES = os.environ.get("AWS_EXECUTION_ENV", "") in {
    f"AWS_Lambda_python3.{minor}" for minor in (8, 9, 10, 11)
}

# Stands for a decimal in JSON until its digits take the place. Nothing else is likely to contain it.
MARK = os.urandom(16).hex()


class Fault(Exception):
    """What the runtime finds wrong with a function by itself."""

    def __init__(self, kind, message, trace=None):
        super().__init__(message)
        self.kind = "Runtime." + kind
        self.trace = trace


def to_json(value):
    """Encodes as AWS's runtime does: decimals are numbers with all their digits, and bytes are text."""
    decimals = []

    def encode_other(other):
        if isinstance(other, decimal.Decimal):
            if other.is_nan():
                return math.nan
            decimals.append(str(other))
            return f"{MARK}{len(decimals) - 1}{MARK}"
        if isinstance(other, bytes):
            return other.decode()
        raise TypeError(f"Object of type {type(other).__name__} is not JSON serializable")

    text = json.dumps(value, default=encode_other, ensure_ascii=ESCAPES)
    if decimals:
        text = re.sub(f'"{MARK}([0-9]+){MARK}"', lambda found: decimals[int(found[1])], text)
    # A lone surrogate becomes an escape, which JSON has, too.
    return text.encode(errors="backslashreplace")


class RuntimeApi:
    """https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html, by one connection."""

    def __init__(self, address):
        # It sets TCP_NODELAY, and connects again if the other side has said that it would close.
        self._connection = http.client.HTTPConnection(address)

    def next(self):
        """Waits for the next invocation; returns its headers and its event."""
        status, headers, body = self._exchange("GET", "invocation/next")
        if status != 200:
            sys.exit(f"The Runtime API has no further invocation: it answered {status}.")
        return headers, body

    def respond(self, request_id, body, content_type):
        self._exchange("POST", f"invocation/{request_id}/response", body, {"Content-Type": content_type})

    def fail(self, path, error):
        headers = {
            "Content-Type": "application/json",
            "Lambda-Runtime-Function-Error-Type": error["errorType"].encode("ascii", "replace"),
        }
        self._exchange("POST", path, to_json(error), headers)

    def _exchange(self, method, path, body=None, headers=None):
        try:
            self._connection.request(method, "/2018-06-01/runtime/" + path, body, headers or {})
            response = self._connection.getresponse()
            return response.status, response.headers, response.read()
        except (OSError, http.client.HTTPException):
            # The process is about to be ended, for new code or with the server: no matter for the
            # function's log.
            sys.exit(1)


class Record:
    """Has the members that MEMBERS names, which are None where `values` lacks them."""

    MEMBERS = ()

    def __init__(self, values):
        for member in self.MEMBERS:
            setattr(self, member, values.get(member))

    def __repr__(self):
        members = ",".join(f"{name}={value}" for name, value in self._shown())
        return f"{type(self).__name__}([{members}])"

    def _shown(self):
        return [(member, getattr(self, member)) for member in self.MEMBERS]


class CognitoIdentity(Record):
    MEMBERS = ("cognito_identity_id", "cognito_identity_pool_id")


class Client(Record):
    MEMBERS = ("installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name")


class ClientContext(Record):
    MEMBERS = ("custom", "env", "client")

    def __init__(self, values):
        super().__init__(values)
        if self.client is not None:
            self.client = Client(self.client)


class LambdaContext(Record):
    """https://docs.aws.amazon.com/lambda/latest/dg/python-context.html"""

    # As many as AWS's runtime shows of a context.
    MEMBERS = (
        "aws_request_id",
        "log_group_name",
        "log_stream_name",
        "function_name",
        "memory_limit_in_mb",
        "function_version",
        "invoked_function_arn",
        "client_context",
        "identity",
        "tenant_id",
    )

    def __init__(self, headers):
        client = json_header(headers, "Lambda-Runtime-Client-Context", "Client Context")
        cognito = json_header(headers, "Lambda-Runtime-Cognito-Identity", "Cognito Identity") or {}
        super().__init__(
            {
                "aws_request_id": headers["Lambda-Runtime-Aws-Request-Id"],
                "log_group_name": os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME"),
                "log_stream_name": os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME"),
                "function_name": os.environ.get("AWS_LAMBDA_FUNCTION_NAME"),
                "memory_limit_in_mb": os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"),
                "function_version": os.environ.get("AWS_LAMBDA_FUNCTION_VERSION"),
                "invoked_function_arn": headers["Lambda-Runtime-Invoked-Function-Arn"],
                "client_context": None if client is None else ClientContext(client),
                "identity": CognitoIdentity(
                    {
                        "cognito_identity_id": cognito.get("cognitoIdentityId"),
                        "cognito_identity_pool_id": cognito.get("cognitoIdentityPoolId"),
                    }
                ),
            }
        )
        self._deadline_ms = int(headers.get("Lambda-Runtime-Deadline-Ms", 0))

    def get_remaining_time_in_millis(self):
        return max(self._deadline_ms - int(time.time() * 1000), 0)

    def log(self, message):
        sys.stdout.write(str(message))


def json_header(headers, name, title):
    text = headers[name]
    if not text:
        return None
    try:
        # http.client takes headers for Latin-1.
        return json.loads(text.encode("latin-1"))
    except ValueError as error:
        raise Fault("LambdaContextUnmarshalError", f"Unable to parse {title} JSON: {error}") from None


class Unbuffered:
    """A text stream whose writes arrive at once, so that nothing is lost when the process is killed."""

    def __init__(self, stream):
        self._stream = stream

    def __getattr__(self, name):
        return getattr(self._stream, name)

    def write(self, text):
        self._stream.write(text)
        self._stream.flush()

    def writelines(self, lines):
        self._stream.writelines(lines)
        self._stream.flush()


class LogHandler(logging.Handler):
    """The handler of the root logger. Prints a line for each record, with the id of the request."""

    def __init__(self):
        super().__init__()
        self.request_id = ""
        formatter = logging.Formatter(
            "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s", "%Y-%m-%dT%H:%M:%S"
        )
        formatter.converter = time.gmtime
        self.setFormatter(formatter)

    def emit(self, record):
        record.aws_request_id = self.request_id
        print_event(self.format(record).split("\n"))


def print_event(lines):
    sys.stdout.write("\r".join(lines) + "\n")


def explain(error):
    """The text of an exception; it says more if what is missing would be there on AWS."""
    text = str(error)
    missing = (getattr(error, "name", None) or "").partition(".")[0]
    if isinstance(error, ModuleNotFoundError) and missing in BUNDLED:
        package = "python-dateutil" if missing == "dateutil" else missing
        text += (
            f" (AWS's runtime bundles it; here, install it by `{sys.executable} -m pip install {package}`, "
            "or put it into the function's zip)"
        )
    return text


def find_handler(name):
    """Imports the module, and returns the handler in it."""
    try:
        module_name, function_name = name.rsplit(".", 1)
    except ValueError as error:
        raise Fault("MalformedHandlerName", f"Bad handler '{name}': {error}") from None
    if module_name.split(".")[0] in sys.builtin_module_names:
        raise Fault("BuiltInModuleConflict", f"Cannot use built-in module {module_name} as a handler module")
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        text = f"Unable to import module '{module_name}': {explain(error)}"
        raise Fault("ImportModuleError", text) from None
    except SyntaxError as error:
        text = f"Syntax error in module '{module_name}': {error}"
        trace = [f'  File "{error.filename}" Line {error.lineno}\n    {error.text}']
        raise Fault("UserCodeSyntaxError", text, trace) from None
    try:
        return getattr(module, function_name)
    except AttributeError:
        text = f"Handler '{function_name}' missing on module '{module_name}'"
        raise Fault("HandlerNotFound", text) from None


def describe(error, request_id):
    """What the Runtime API is told of an exception."""
    if isinstance(error, Fault):
        kind, message, trace = error.kind, str(error), error.trace or []
    else:
        frames = traceback.extract_tb(error.__traceback__)
        while len(frames) > 1 and frames[0].filename == __file__:
            del frames[0]
        kind, message = type(error).__name__, explain(error)
        # Without what later versions of Python show beneath a line.
        trace = traceback.format_list([(at.filename, at.lineno, at.name, at.line) for at in frames])
    return {"errorMessage": message, "errorType": kind, "requestId": request_id, "stackTrace": trace}


def log_error(error):
    kind, message = error["errorType"], error["errorMessage"]
    lines = [f"[ERROR] {kind}: {message}" if message else f"[ERROR] {kind}"]
    lines.append("Traceback (most recent call last):")
    for entry in error["stackTrace"]:
        for line in entry.splitlines():
            text = line.lstrip(" ")
            lines.append("\u00a0" * (len(line) - len(text)) + text)
    print_event(lines)


def call(handler, headers, event):
    """Returns what the handler returns, as bytes, and their type."""
    context = LambdaContext(headers)
    try:
        event = json.loads(event)
    except ValueError as error:
        raise Fault("UnmarshalError", f"Unable to unmarshal input: {error}") from None
    response = handler(event, context)
    if isinstance(response, bytes):
        return response, "application/unknown"
    try:
        return to_json(response), "application/json"
    except Exception as error:
        raise Fault("MarshalError", f"Unable to marshal response: {error}") from None


def serve(api, handler, log):
    while True:
        headers, event = api.next()
        request_id = headers["Lambda-Runtime-Aws-Request-Id"]
        log.request_id = request_id
        trace_id = headers["Lambda-Runtime-Trace-Id"]
        if trace_id:
            os.environ["_X_AMZN_TRACE_ID"] = trace_id
        else:
            os.environ.pop("_X_AMZN_TRACE_ID", None)
        try:
            response, content_type = call(handler, headers, event)
        except Exception as raised:
            error = describe(raised, request_id)
            log_error(error)
            api.fail(f"invocation/{request_id}/error", error)
        else:
            api.respond(request_id, response, content_type)


def main():
    sys.stdout = Unbuffered(sys.stdout)
    sys.stderr = Unbuffered(sys.stderr)
    log = LogHandler()
    logging.getLogger().addHandler(log)
    # The function's folder stands where this program's own was.
    own = os.path.dirname(os.path.abspath(__file__))
    root = os.environ.get("LAMBDA_TASK_ROOT", os.getcwd())
    sys.path[:] = [root] + [folder for folder in sys.path if folder != own]

    api = RuntimeApi(os.environ["AWS_LAMBDA_RUNTIME_API"])
    try:
        handler = find_handler(os.environ["_HANDLER"])
    except Exception as raised:
        error = describe(raised, "")
        log_error(error)
        api.fail("init/error", error)
        sys.exit(1)
    serve(api, handler, log)


if __name__ == "__main__":
    main()
