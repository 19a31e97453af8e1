# SPDX-License-Identifier: Apache-2.0
"""The life of a trigger under Terraform's AWS provider: create, plan, change, plan, destroy."""

import json

import pytest
from lambda_code import NODE_ECHO, PYTHON_ECHO, ROLE, events, settle, zipped
from tables import unique_name
from terraform_lambda import Alias, Function, LogGroup, Mapping, Permission

CODE = zipped(**{"app.py": PYTHON_ECHO})
NEW_CODE = zipped(**{"app.py": "def handler(event, context):\n    return 'new'\n"})
OPEN = json.dumps({"dynamodb": {"NewImage": {"state": {"S": ["open"]}}}})
SHUT = json.dumps({"dynamodb": {"NewImage": {"state": {"S": ["shut"]}}}})


class Apply:
    """Creates, changes and destroys one resource, and checks that each plan shows no drift."""

    def __init__(self, resource):
        self.resource = resource
        self.config = None

    def __call__(self, config):
        if self.config is None:
            self.resource.create(config)
        else:
            self.resource.update(self.config, config)
        self.config = config
        for _ in range(2):  # plans twice
            assert self.resource.read(config) == config

    def change(self, **arguments):
        self({**self.config, **arguments})

    def destroy(self):
        if self.config is not None:
            self.resource.destroy(self.config)
            assert self.resource.read(self.config) is None
            self.config = None


@pytest.fixture
def applied():
    """applied(resource) is the Apply of a resource, which is destroyed when the test ends."""
    made = []

    def make(resource):
        made.append(Apply(resource))
        return made[-1]

    yield make
    for one in reversed(made):
        one.destroy()


def function_config(**arguments):
    name = unique_name()
    return {
        "function_name": name,
        "code": CODE,
        "description": "",
        "memory_size": 128,
        "publish": False,
        "role": ROLE,
        "tags": {"team": "sales"},
        "timeout": 3,
        "architectures": ["x86_64"],
        "ephemeral_storage": 512,
        "handler": "app.handler",
        "runtime": "python3.11",
        "logging_config": {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{name}"},
        "tracing_config": "PassThrough",
        "environment": {},
        "reserved_concurrent_executions": -1,
        **arguments,
    }


@pytest.fixture
def function(applied, lambdas):
    return applied(Function(lambdas))


def test_function_without_versions(function):
    function(function_config())
    arn = function.resource.arn(function.config)
    assert function.resource.latest_version(function.config) == ("$LATEST", arn + ":$LATEST")


@pytest.mark.parametrize("change", [
    {"description": "changed"},
    {"memory_size": 256, "timeout": 30},
    {"environment": {"WORD": "one", "OTHER": "two"}},
    {"role": ROLE + "-two"},
    {"runtime": "nodejs20.x", "handler": "index.handler",
     "code": zipped(**{"index.js": NODE_ECHO})},
    {"code": NEW_CODE},
    {"ephemeral_storage": 1024},
    {"tracing_config": "Active"},
    {"reserved_concurrent_executions": 0},
    {"reserved_concurrent_executions": 5},
    {"tags": {"team": "buying", "cost": "7"}},
    {"tags": {}},
    {"logging_config": {"LogFormat": "JSON", "LogGroup": "/functions/all",
                        "ApplicationLogLevel": "DEBUG", "SystemLogLevel": "WARN"}},
], ids=lambda change: next(iter(change)))
def test_function_changed_and_back(function, change):
    config = function_config()
    function(config)
    function({**config, **change})
    function(config)


def test_function_of_another_architecture(function):
    """The code has to be there once more for a change of the architecture."""
    function(function_config(architectures=["arm64"]))
    function.change(architectures=["x86_64"])


def test_function_that_publishes(function):
    function(function_config(publish=True, environment={"WORD": "one"}))
    arn = function.resource.arn(function.config)
    assert function.resource.latest_version(function.config) == ("1", arn + ":1")
    function.change(tags={})  # not a change of the function itself
    assert function.resource.latest_version(function.config) == ("1", arn + ":1")
    function.change(environment={"WORD": "two"})
    assert function.resource.latest_version(function.config) == ("2", arn + ":2")
    function.change(code=NEW_CODE)
    assert function.resource.latest_version(function.config) == ("3", arn + ":3")


def test_function_that_starts_to_publish(function):
    function(function_config())
    function.change(publish=True)
    assert function.resource.latest_version(function.config)[0] == "1"


def test_alias(function, applied, lambdas):
    function(function_config(publish=True))
    function.change(code=NEW_CODE)
    alias = applied(Alias(lambdas))
    alias({"description": "", "function_name": function.config["function_name"],
           "function_version": "1", "name": "live", "weights": {}})
    alias.change(weights={"2": 0.25})
    alias.change(description="half", weights={"2": 0.5})
    alias.change(weights={})
    alias.change(function_version="2")
    alias.change(function_version="$LATEST", description="")


@pytest.mark.parametrize("arguments", [
    {"principal": "s3.amazonaws.com", "source_arn": "arn:aws:s3:::pictures",
     "source_account": "000000000000"},
    {"principal": "arn:aws:iam::000000000000:role/caller"},
    {"principal": "*"},
    {"principal": "events.amazonaws.com", "qualifier": "live"},
], ids=lambda arguments: arguments["principal"])
def test_permission(function, applied, lambdas, arguments):
    function(function_config(publish=True))
    name = function.config["function_name"]
    alias = applied(Alias(lambdas))
    alias({"description": "", "function_name": name, "function_version": "1", "name": "live",
           "weights": {}})
    permission = applied(Permission(lambdas))
    permission({"action": "lambda:InvokeFunction", "function_name": name, "principal": "",
                "statement_id": "AllowIt", "qualifier": "", "source_account": "", "source_arn": "",
                **arguments})
    permission.change(action="lambda:GetFunction")


@pytest.fixture
def mapping_config(function, make_table):
    """mapping_config(**arguments) is a mapping of a new table to a new function."""
    def make(**arguments):
        function(function_config())
        table = make_table(view="NEW_AND_OLD_IMAGES")
        return {
            "batch_size": 100,
            "bisect_batch_on_function_error": False,
            "function_response_types": [],
            "maximum_batching_window_in_seconds": 0,
            "maximum_record_age_in_seconds": -1,
            "maximum_retry_attempts": -1,
            "parallelization_factor": 1,
            "enabled": True,
            "event_source_arn": table.describe()["LatestStreamArn"],
            "function_name": function.config["function_name"],
            "filters": [],
            "starting_position": "TRIM_HORIZON",
            "tags": {},
            **arguments,
        }
    return make


@pytest.mark.parametrize("change", [
    {"batch_size": 1, "maximum_batching_window_in_seconds": 5},
    {"bisect_batch_on_function_error": True},
    {"function_response_types": ["ReportBatchItemFailures"]},
    {"maximum_record_age_in_seconds": 3600, "maximum_retry_attempts": 3},
    {"maximum_retry_attempts": 0},
    {"enabled": False},
    {"filters": [OPEN]},
    {"filters": [OPEN, SHUT]},
    {"tags": {"team": "sales"}},
], ids=lambda change: "-".join(f"{name}" for name in change))
def test_mapping_changed_and_back(applied, lambdas, mapping_config, change):
    mapping = applied(Mapping(lambdas))
    config = mapping_config()
    mapping(config)
    mapping({**config, **change})
    mapping(config)


def test_mapping_with_everything(applied, lambdas, mapping_config):
    mapping = applied(Mapping(lambdas))
    mapping(mapping_config(
        batch_size=10, bisect_batch_on_function_error=True, enabled=False, filters=[OPEN],
        function_response_types=["ReportBatchItemFailures"], maximum_batching_window_in_seconds=1,
        maximum_record_age_in_seconds=60, maximum_retry_attempts=5, starting_position="LATEST",
        tags={"team": "sales", "cost": "7"}))


def test_mapping_to_an_alias(function, applied, lambdas, mapping_config):
    config = mapping_config()
    name = config["function_name"]
    version = lambdas.publish_version(FunctionName=name)["Version"]
    alias = applied(Alias(lambdas))
    alias({"description": "", "function_name": name, "function_version": version, "name": "live",
           "weights": {}})
    mapping = applied(Mapping(lambdas))
    mapping({**config, "function_name": f"{function.resource.arn(function.config)}:live"})
    mapping.change(function_name=function.resource.arn(function.config))


def test_log_group(applied, logs):
    group = applied(LogGroup(logs))
    group({"name": "/functions/" + unique_name(), "log_group_class": "STANDARD",
           "retention_in_days": 14, "tags": {"team": "sales"}})
    group.change(retention_in_days=30)
    group.change(retention_in_days=0, tags={"team": "buying", "cost": "7"})
    group.change(tags={})


def test_trigger_that_was_applied_fires(
    function, applied, lambdas, logs, dynamodb, endpoint, mapping_config
):
    """The log group is there before the function logs, as Terraform's configurations have it."""
    config = mapping_config(filters=[OPEN])
    name = config["function_name"]
    group = applied(LogGroup(logs))
    group({"name": f"/aws/lambda/{name}", "log_group_class": "STANDARD", "retention_in_days": 7,
           "tags": {}})
    mapping = applied(Mapping(lambdas))
    mapping(config)
    table = config["event_source_arn"].split("/")[1]
    for key, state in [("a", "open"), ("b", "shut")]:
        dynamodb.put_item(TableName=table, Item={"pk": {"S": key}, "state": {"S": state}})
    settle(endpoint)
    found = [record["dynamodb"]["Keys"]["pk"]["S"]
             for event in events(logs, name) for record in event["Records"]]
    assert found == ["a"]
    for one in (mapping, group, function):
        assert one.resource.read(one.config) == one.config
