# SPDX-License-Identifier: Apache-2.0
"""Clients and tables for the suite that tests the server through boto3 and the AWS CLI."""

import pytest
from clients import REGION, client
from lambda_code import Functions
from tables import Table, definition, unique_name


@pytest.fixture(scope="session")
def region():
    return REGION


@pytest.fixture(scope="session")
def dynamodb(endpoint):
    return client("dynamodb", endpoint)


@pytest.fixture(scope="session")
def unchecked(endpoint):
    """A client that sends requests which boto3 itself would refuse."""
    return client("dynamodb", endpoint, parameter_validation=False)


@pytest.fixture(scope="session")
def streams(endpoint):
    return client("dynamodbstreams", endpoint)


@pytest.fixture(scope="session")
def unchecked_streams(endpoint):
    return client("dynamodbstreams", endpoint, parameter_validation=False)


@pytest.fixture(scope="session")
def lambdas(endpoint):
    return client("lambda", endpoint)


@pytest.fixture(scope="session")
def logs(endpoint):
    return client("logs", endpoint)


@pytest.fixture
def functions(lambdas):
    """Makes functions and mappings, which are deleted when the test ends."""
    made = Functions(lambdas)
    yield made
    made.delete_all()


def _delete_if_there(client, name):
    table = Table(client, name)
    try:
        table.describe()
        table.await_active()
        client.delete_table(TableName=name)
    except client.exceptions.ResourceNotFoundException:
        pass


@pytest.fixture
def make_table(dynamodb):
    """make_table("pk:S", "sk:N", view="NEW_IMAGE", units=(5, 5)) -> a new ACTIVE Table, which is
    deleted when the test ends.
    """
    names = []

    def make(*keys, view=None, units=None):
        name = unique_name()
        dynamodb.create_table(**definition(name, *(keys or ("pk:S",)), view=view, units=units))
        names.append(name)
        table = Table(dynamodb, name)
        table.await_active()
        return table

    yield make
    for name in names:
        _delete_if_there(dynamodb, name)


@pytest.fixture
def fresh_name(dynamodb):
    """A name that no table has. A table that the test creates by this name is deleted when it ends.
    """
    name = unique_name()
    yield name
    _delete_if_there(dynamodb, name)


@pytest.fixture
def table(make_table):
    """An on-demand table with the partition key `pk` (S) and no stream."""
    return make_table()
