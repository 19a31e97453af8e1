# SPDX-License-Identifier: Apache-2.0
"""Functions that run from the folder in which their code is written, as users of LocalStack ask for
it: the S3Bucket is `hot-reload`, and the S3Key is the folder.
"""

import time

import pytest
from clients import client
from lambda_code import ROLE, events, settle
from tables import unique_name

# Weir looks at a folder at most once a second.
DEADLINE = 30.0
PAUSE = 0.05

ONE = "def handler(event, context):\n    return 'one'\n"


@pytest.fixture
def create(functions):
    """create(folder) is the name of a new function that runs from a folder."""
    def make(folder):
        name = unique_name()
        functions.client.create_function(
            FunctionName=name, Runtime="python3.11", Role=ROLE, Handler="app.handler", Timeout=20,
            Code={"S3Bucket": "hot-reload", "S3Key": str(folder)})
        functions.names.append(name)
        functions.client.get_waiter("function_active_v2").wait(FunctionName=name)
        return name
    return make


def await_value(functions, name, wanted):
    """Invokes the function until it returns that."""
    end = time.monotonic() + DEADLINE
    while (value := functions.invoke(name)[0]) != wanted:
        assert time.monotonic() < end, value
        time.sleep(PAUSE)


def test_nothing_is_written_to_the_folder(functions, create, tmp_path):
    (tmp_path / "app.py").write_text(ONE)
    assert functions.invoke(create(tmp_path))[0] == "one"
    assert list(tmp_path.iterdir()) == [tmp_path / "app.py"]


def test_changes_are_used(functions, create, tmp_path):
    (tmp_path / "app.py").write_text(ONE)
    name = create(tmp_path)
    assert functions.invoke(name)[0] == "one"
    (tmp_path / "app.py").write_text(ONE.replace("one", "two"))  # of the same size
    await_value(functions, name, "two")
    (tmp_path / "words.py").write_text("WORD = 'three'\n")
    (tmp_path / "app.py").write_text(
        "import words\n\ndef handler(event, context):\n    return words.WORD\n")
    await_value(functions, name, "three")
    (tmp_path / "words.py").write_text("WORD = 'four'\n")
    await_value(functions, name, "four")


def test_mistake_is_shown_and_mended(functions, create, tmp_path):
    (tmp_path / "app.py").write_text("def handler(event, context)\n    return 'one'\n")
    name = create(tmp_path)
    error, answer = functions.invoke(name)
    assert answer["FunctionError"] == "Unhandled"
    assert error["errorType"] == "Runtime.UserCodeSyntaxError"
    (tmp_path / "app.py").write_text(ONE)
    await_value(functions, name, "one")


def test_function_that_had_a_zip(functions, create, tmp_path):
    name = functions.create("python3.11", "app.handler", {"app.py": ONE})
    assert functions.invoke(name)[0] == "one"
    (tmp_path / "app.py").write_text(ONE.replace("one", "from the folder"))
    functions.client.update_function_code(
        FunctionName=name, S3Bucket="hot-reload", S3Key=str(tmp_path))
    functions.client.get_waiter("function_updated_v2").wait(FunctionName=name)
    assert functions.invoke(name)[0] == "from the folder"


def test_trigger_of_a_folder(functions, create, tmp_path, make_table, dynamodb, endpoint):
    (tmp_path / "app.py").write_text(
        "import json\n\ndef handler(event, context):\n    print('EVENT ' + json.dumps(event))\n")
    name = create(tmp_path)
    table = make_table(view="KEYS_ONLY")
    functions.map(name, table.describe()["LatestStreamArn"])
    dynamodb.put_item(TableName=table.name, Item={"pk": {"S": "a"}})
    settle(endpoint)
    [event] = events(client("logs", endpoint), name)
    assert event["Records"][0]["dynamodb"]["Keys"] == {"pk": {"S": "a"}}


@pytest.mark.parametrize("folder", ["code", "$PWD/code", "/no/such/folder", __file__])
def test_what_is_no_folder_is_refused(lambdas, folder):
    with pytest.raises(lambdas.exceptions.InvalidParameterValueException) as caught:
        lambdas.create_function(
            FunctionName=unique_name(), Runtime="python3.11", Role=ROLE, Handler="app.handler",
            Code={"S3Bucket": "hot-reload", "S3Key": folder})
    assert "absolute path of a folder" in caught.value.response["Error"]["Message"]
