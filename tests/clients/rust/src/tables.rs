// SPDX-License-Identifier: Apache-2.0
//! Tests of tables: making, settings, deleting.

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::client::Waiters;
use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType,
    LocalSecondaryIndex, Projection, ProjectionType, ScalarAttributeType, StreamSpecification,
    StreamViewType, TableStatus, TimeToLiveSpecification, TimeToLiveStatus,
};

use crate::check::Outcome;
use crate::{TABLE, key};

/// Bounds the waiters, which Weir lets go at their first look.
const WAIT_TIME: Duration = Duration::from_secs(60);

fn attribute(name: &str, kind: ScalarAttributeType) -> Result<AttributeDefinition, BuildError> {
    AttributeDefinition::builder()
        .attribute_name(name)
        .attribute_type(kind)
        .build()
}

fn schema(hash: &str, range: &str) -> Result<Vec<KeySchemaElement>, BuildError> {
    let element = |name, kind| {
        KeySchemaElement::builder()
            .attribute_name(name)
            .key_type(kind)
            .build()
    };
    Ok(vec![
        element(hash, KeyType::Hash)?,
        element(range, KeyType::Range)?,
    ])
}

/// Makes the table of the other tests.
pub async fn create(client: Client) -> Outcome {
    let all = Projection::builder()
        .projection_type(ProjectionType::All)
        .build();
    let by_kind = GlobalSecondaryIndex::builder()
        .index_name("by-kind")
        .set_key_schema(Some(schema("kind", "number")?))
        .projection(all.clone())
        .build()?;
    let by_stock = LocalSecondaryIndex::builder()
        .index_name("by-stock")
        .set_key_schema(Some(schema("shelf", "stock")?))
        .projection(all)
        .build()?;
    let stream = StreamSpecification::builder()
        .stream_enabled(true)
        .stream_view_type(StreamViewType::NewAndOldImages)
        .build()?;
    let request = client
        .create_table()
        .table_name(TABLE)
        .billing_mode(BillingMode::PayPerRequest)
        .set_key_schema(Some(schema("shelf", "number")?))
        .attribute_definitions(attribute("shelf", ScalarAttributeType::S)?)
        .attribute_definitions(attribute("number", ScalarAttributeType::N)?)
        .attribute_definitions(attribute("kind", ScalarAttributeType::S)?)
        .attribute_definitions(attribute("stock", ScalarAttributeType::N)?)
        .global_secondary_indexes(by_kind)
        .local_secondary_indexes(by_stock)
        .stream_specification(stream);
    request.clone().send().await?;
    let waiter = client.wait_until_table_exists().table_name(TABLE);
    let description = waiter.wait(WAIT_TIME).await?.into_result()?;
    let table = description.table.expect("the waiter has seen the table");
    assert_eq!(table.table_status, Some(TableStatus::Active));
    let error = request
        .send()
        .await
        .expect_err("the table is there")
        .into_service_error();
    assert!(error.is_resource_in_use_exception(), "{error:?}");
    Ok(())
}

/// Enables the time to live.
pub async fn time_to_live(client: Client) -> Outcome {
    let setting = TimeToLiveSpecification::builder()
        .attribute_name("expires")
        .enabled(true)
        .build()?;
    client
        .update_time_to_live()
        .table_name(TABLE)
        .time_to_live_specification(setting)
        .send()
        .await?;
    let answer = client
        .describe_time_to_live()
        .table_name(TABLE)
        .send()
        .await?;
    let description = answer.time_to_live_description.expect("it is described");
    assert_eq!(
        description.time_to_live_status,
        Some(TimeToLiveStatus::Enabled)
    );
    Ok(())
}

/// Deletes the table. Nothing else can use it then.
pub async fn delete(client: Client) -> Outcome {
    client.delete_table().table_name(TABLE).send().await?;
    client
        .wait_until_table_not_exists()
        .table_name(TABLE)
        .wait(WAIT_TIME)
        .await?;
    assert!(client.list_tables().send().await?.table_names().is_empty());
    let request = client
        .get_item()
        .table_name(TABLE)
        .set_key(Some(key("a", 1)));
    let error = request
        .send()
        .await
        .expect_err("there is no table")
        .into_service_error();
    assert!(error.is_resource_not_found_exception(), "{error:?}");
    Ok(())
}
