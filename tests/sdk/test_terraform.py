# SPDX-License-Identifier: Apache-2.0
"""The whole life of a table under Terraform's AWS provider: create, plan, change, plan, destroy."""

import copy

import pytest
from clients import client
from tables import unique_name
from terraform import Provider

ON_DEMAND_INDEX = {
    "name": "by-status",
    "hash_key": "status",
    "range_key": "created",
    "projection_type": "INCLUDE",
    "non_key_attributes": ["customer", "total"],
}
ADDED_INDEX = {"name": "by-customer", "hash_key": "customer", "projection_type": "KEYS_ONLY"}


def configuration(name, **arguments):
    config = {
        "name": name,
        "billing_mode": "PAY_PER_REQUEST",
        "hash_key": "id",
        "range_key": "created",
        "attribute": {"id": "S", "created": "N", "status": "S"},
        "global_secondary_index": [ON_DEMAND_INDEX],
        "stream_enabled": True,
        "stream_view_type": "NEW_AND_OLD_IMAGES",
        "server_side_encryption": False,
        "deletion_protection_enabled": False,
        "table_class": "STANDARD",
        "point_in_time_recovery": True,
        "ttl": "",
        "tags": {"team": "sales", "environment": "test"},
    }
    config.update(arguments)
    return config


def provisioned(name, **arguments):
    index = {**ON_DEMAND_INDEX, "read_capacity": 3, "write_capacity": 2}
    return configuration(name, billing_mode="PROVISIONED", read_capacity=5, write_capacity=4,
                         global_secondary_index=[index], **arguments)


@pytest.fixture
def provider(dynamodb):
    return Provider(dynamodb)


@pytest.fixture
def apply(provider, request):
    """apply(config) creates or changes the table, and checks that there is no drift afterwards."""
    applied = []

    def run(config, with_ttl=False):
        if applied:
            provider.update(applied[-1], config)
        else:
            provider.create(config)
        applied.append(copy.deepcopy(config))
        for _ in range(2):  # plans twice
            assert provider.read(config["name"], with_ttl) == config

    yield run
    if applied:
        if applied[-1]["deletion_protection_enabled"]:
            provider.client.update_table(
                TableName=applied[-1]["name"], DeletionProtectionEnabled=False)
        provider.destroy(applied[-1]["name"])


@pytest.mark.parametrize("make", [configuration, provisioned])
def test_create_and_plan(apply, make):
    apply(make(unique_name()))


def test_created_answer_is_consistent_with_later_reads(provider, fresh_name):
    created = provider.create(configuration(fresh_name))
    read = provider.describe(fresh_name)
    for member in ("TableArn", "TableId", "CreationDateTime", "LatestStreamArn"):
        assert created[member] == read[member]
    provider.destroy(fresh_name)


@pytest.mark.parametrize("change", [
    {"tags": {"team": "buying", "cost": "7"}},
    {"tags": {}},
    {"point_in_time_recovery": False},
    {"stream_enabled": False, "stream_view_type": ""},
    {"server_side_encryption": True},
    {"deletion_protection_enabled": True},
    {"table_class": "STANDARD_INFREQUENT_ACCESS"},
], ids=lambda change: next(iter(change)))
def test_change_of_one_argument_and_back(apply, change):
    name = unique_name()
    apply(configuration(name))
    apply(configuration(name, **change))
    apply(configuration(name))


def test_change_of_everything_at_once(apply):
    name = unique_name()
    apply(configuration(name))
    apply(configuration(
        name, tags={"only": "this"}, point_in_time_recovery=False, server_side_encryption=True,
        table_class="STANDARD_INFREQUENT_ACCESS", stream_enabled=False, stream_view_type=""))


def test_capacity_of_table_and_index(apply):
    name = unique_name()
    apply(provisioned(name))
    changed = provisioned(name)
    changed["write_capacity"] = 9
    changed["global_secondary_index"] = [
        {**ON_DEMAND_INDEX, "read_capacity": 1, "write_capacity": 8}]
    apply(changed)
    # Changes only the index.
    changed = copy.deepcopy(changed)
    changed["global_secondary_index"][0]["read_capacity"] = 6
    apply(changed)


def test_billing_modes(apply):
    name = unique_name()
    apply(configuration(name))
    apply(provisioned(name))
    apply(configuration(name))


def test_index_added_and_taken_away(apply):
    name = unique_name()
    apply(configuration(name))
    both = configuration(name, attribute={"id": "S", "created": "N", "status": "S",
                                          "customer": "S"})
    both["global_secondary_index"] = [ON_DEMAND_INDEX, ADDED_INDEX]
    apply(both)
    apply(configuration(name))


def test_ttl(apply):
    name = unique_name()
    apply(configuration(name, ttl="expires"), with_ttl=True)
    apply(configuration(name, ttl="expires", tags={}), with_ttl=True)


def test_destroy_of_a_protected_table_fails(provider, dynamodb, fresh_name):
    provider.create(configuration(fresh_name, deletion_protection_enabled=True))
    with pytest.raises(dynamodb.exceptions.ClientError) as caught:
        provider.destroy(fresh_name)
    assert "protected against deletion" in caught.value.response["Error"]["Message"]
    dynamodb.update_table(TableName=fresh_name, DeletionProtectionEnabled=False)
    provider.destroy(fresh_name)


def test_states_that_take_time(start_weir):
    """The provider's waiters work with a server whose states take time to change."""
    server = start_weir("--transient-status-delay", "0.2")
    provider = Provider(client("dynamodb", server.endpoint))
    config = provisioned(unique_name())
    assert provider.create(config)["TableStatus"] == "CREATING"
    assert provider.read(config["name"], with_ttl=False) == config
    changed = {**config, "read_capacity": 8, "tags": {}, "server_side_encryption": True}
    provider.update(config, changed)
    assert provider.read(config["name"], with_ttl=False) == changed
    provider.destroy(config["name"])
