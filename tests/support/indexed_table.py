# SPDX-License-Identifier: Apache-2.0
"""The table of the tests and measurements that look at a data folder."""


def indexed_table(name, by, view="NEW_AND_OLD_IMAGES"):
    """The members of a CreateTable: a table on demand with the key pk, an index by-`by` of all
    attributes over the attribute `by`, and a stream with that view. Both attributes are strings.
    """
    return {
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        "AttributeDefinitions": [
            {"AttributeName": "pk", "AttributeType": "S"},
            {"AttributeName": by, "AttributeType": "S"},
        ],
        "GlobalSecondaryIndexes": [
            {
                "IndexName": f"by-{by}",
                "KeySchema": [{"AttributeName": by, "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        "StreamSpecification": {"StreamEnabled": True, "StreamViewType": view},
    }
