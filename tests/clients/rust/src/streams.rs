// SPDX-License-Identifier: Apache-2.0
//! A test of the client of streams.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodbstreams::types::{AttributeValue, Record, ShardIteratorType};

use crate::check::Outcome;
use crate::{TABLE, key, number, part, put};

fn is_of_shelf(record: &Record, shelf: &str) -> bool {
    let keys = record.dynamodb().and_then(|change| change.keys());
    keys.and_then(|keys| keys.get("shelf")) == Some(&AttributeValue::S(shelf.into()))
}

/// Writes, and reads the records of these writes from all shards.
pub async fn records(client: Client, streams: aws_sdk_dynamodbstreams::Client) -> Outcome {
    let table = client
        .describe_table()
        .table_name(TABLE)
        .send()
        .await?
        .table;
    let arn = table
        .and_then(|table| table.latest_stream_arn)
        .expect("the table has a stream");
    put(&client, &part("s", 1, 1.0)).await?;
    client
        .update_item()
        .table_name(TABLE)
        .set_key(Some(key("s", 1)))
        .update_expression("SET stock = :two")
        .expression_attribute_values(":two", number(2))
        .send()
        .await?;
    client
        .delete_item()
        .table_name(TABLE)
        .set_key(Some(key("s", 1)))
        .send()
        .await?;

    let mut found = Vec::new();
    let answer = streams.describe_stream().stream_arn(&arn).send().await?;
    let description = answer.stream_description.expect("it is described");
    for shard in description.shards() {
        let mut iterator = streams
            .get_shard_iterator()
            .stream_arn(&arn)
            .set_shard_id(shard.shard_id.clone())
            .shard_iterator_type(ShardIteratorType::TrimHorizon)
            .send()
            .await?
            .shard_iterator;
        while iterator.is_some() {
            let answer = streams
                .get_records()
                .set_shard_iterator(iterator)
                .send()
                .await?;
            let records = answer.records.unwrap_or_default();
            // The last shard is open, and its reader gets iterators for ever.
            iterator = if records.is_empty() {
                None
            } else {
                answer.next_shard_iterator
            };
            found.extend(
                records
                    .into_iter()
                    .filter(|record| is_of_shelf(record, "s")),
            );
        }
    }
    let names: Vec<_> = found
        .iter()
        .filter_map(|record| record.event_name())
        .collect();
    assert_eq!(
        names.iter().map(|name| name.as_str()).collect::<Vec<_>>(),
        ["INSERT", "MODIFY", "REMOVE"]
    );
    let change = found[1].dynamodb().expect("a record has its change");
    let stock = |image: Option<&std::collections::HashMap<String, AttributeValue>>| {
        image
            .and_then(|image| image.get("stock"))
            .and_then(|value| value.as_n().ok())
            .cloned()
    };
    assert_eq!(stock(change.old_image()), Some("1".into()));
    assert_eq!(stock(change.new_image()), Some("2".into()));

    let wrong = streams.get_records().shard_iterator("x").send().await;
    let error = wrong
        .expect_err("it is not an iterator")
        .into_service_error();
    assert_eq!(error.meta().code(), Some("ValidationException"));
    Ok(())
}
