// SPDX-License-Identifier: Apache-2.0
//! Uses the server through the AWS SDK for Rust, with items from and to structures by serde_dynamo:
//! waiters, paginators, errors as enumerations, and the client of streams.

mod check;
mod streams;
mod tables;

use std::collections::{BTreeSet, HashMap};
use std::process::ExitCode;

use aws_config::BehaviorVersion;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::operation::execute_statement::ExecuteStatementError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{
    AttributeValue, ConditionCheck, Delete, Get, KeysAndAttributes, Put, PutRequest, ReturnValue,
    ReturnValuesOnConditionCheckFailure, TransactGetItem, TransactWriteItem, Update, WriteRequest,
};
use serde::{Deserialize, Serialize};
use serde_dynamo::{from_item, from_items, to_item};

use check::{Outcome, Tests};

const TABLE: &str = "parts";
const MOST_WRITES_OF_A_BATCH: usize = 25;

type Item = HashMap<String, AttributeValue>;

#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
struct Part {
    shelf: String,
    number: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    stock: f64,
    #[serde(
        default,
        skip_serializing_if = "BTreeSet::is_empty",
        with = "serde_dynamo::string_set"
    )]
    labels: BTreeSet<String>,
    #[serde(default)]
    history: Vec<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<Size>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
struct Size {
    width: i64,
    unit: String,
}

fn part(shelf: &str, number: i64, stock: f64) -> Part {
    Part {
        shelf: shelf.into(),
        number,
        stock,
        ..Part::default()
    }
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.into())
}

fn number(value: i64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

fn key(shelf: &str, id: i64) -> Item {
    HashMap::from([("shelf".into(), text(shelf)), ("number".into(), number(id))])
}

fn numbers(items: Vec<Item>) -> Vec<i64> {
    let parts: Vec<Part> = from_items(items).expect("items of the table are parts");
    parts.into_iter().map(|part| part.number).collect()
}

async fn put(client: &Client, value: &Part) -> Outcome {
    client
        .put_item()
        .table_name(TABLE)
        .set_item(Some(to_item(value)?))
        .send()
        .await?;
    Ok(())
}

async fn get(
    client: &Client,
    shelf: &str,
    id: i64,
) -> Result<Option<Part>, aws_sdk_dynamodb::Error> {
    let request = client
        .get_item()
        .table_name(TABLE)
        .set_key(Some(key(shelf, id)));
    let item = request.consistent_read(true).send().await?.item;
    Ok(item.map(|item| from_item(item).expect("an item of the table is a part")))
}

async fn fill(client: &Client, shelf: &str, count: i64) -> Outcome {
    let mut requests = Vec::new();
    for id in 0..count {
        let parity = if id % 2 == 0 { "even" } else { "odd" };
        let kind = Some(format!("{parity} {shelf}"));
        let item = to_item(Part {
            kind,
            ..part(shelf, id, id as f64)
        })?;
        let put = PutRequest::builder().set_item(Some(item)).build()?;
        requests.push(WriteRequest::builder().put_request(put).build());
    }
    for batch in requests.chunks(MOST_WRITES_OF_A_BATCH) {
        let request = client
            .batch_write_item()
            .request_items(TABLE, batch.to_vec());
        assert!(
            request
                .send()
                .await?
                .unprocessed_items()
                .is_some_and(HashMap::is_empty)
        );
    }
    Ok(())
}

async fn put_and_get(client: Client) -> Outcome {
    let value = Part {
        kind: Some("bolt".into()),
        labels: BTreeSet::from(["new".into(), "red".into()]),
        history: vec![1, 2],
        size: Some(Size {
            width: 3,
            unit: "mm".into(),
        }),
        ..part("a", 1, 12.5)
    };
    put(&client, &value).await?;
    assert_eq!(get(&client, "a", 1).await?, Some(value));
    assert_eq!(get(&client, "a", 404).await?, None);
    Ok(())
}

async fn condition(client: Client) -> Outcome {
    put(&client, &part("b", 1, 7.0)).await?;
    let error = client
        .put_item()
        .table_name(TABLE)
        .set_item(Some(to_item(part("b", 1, 8.0))?))
        .condition_expression("attribute_not_exists(shelf)")
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
        .send()
        .await
        .expect_err("the item is there")
        .into_service_error();
    let PutItemError::ConditionalCheckFailedException(failed) = error else {
        return Err(error.into());
    };
    assert_eq!(failed.message(), Some("The conditional request failed"));
    let old: Part = from_item(failed.item.expect("it was asked for"))?;
    assert_eq!(old.stock, 7.0);
    Ok(())
}

async fn update(client: Client) -> Outcome {
    let value = Part {
        kind: Some("nut".into()),
        history: vec![1],
        ..part("c", 1, 1.0)
    };
    put(&client, &value).await?;
    let request = client
        .update_item()
        .table_name(TABLE)
        .set_key(Some(key("c", 1)))
        .update_expression(
            "SET history = list_append(history, :two) ADD stock :one, labels :new REMOVE kind",
        )
        .condition_expression("stock < :five")
        .expression_attribute_values(":two", AttributeValue::L(vec![number(2)]))
        .expression_attribute_values(":one", number(1))
        .expression_attribute_values(":new", AttributeValue::Ss(vec!["new".into()]))
        .expression_attribute_values(":five", number(5))
        .return_values(ReturnValue::AllNew);
    let updated: Part = from_item(
        request
            .clone()
            .send()
            .await?
            .attributes
            .expect("all were asked for"),
    )?;
    let labels = BTreeSet::from(["new".into()]);
    assert_eq!(
        updated,
        Part {
            labels,
            history: vec![1, 2],
            ..part("c", 1, 2.0)
        }
    );
    let refused = request.condition_expression("stock > :five").send().await;
    let error = refused.expect_err("the stock is 2").into_service_error();
    assert!(error.is_conditional_check_failed_exception(), "{error:?}");
    Ok(())
}

async fn query(client: Client) -> Outcome {
    fill(&client, "d", 30).await?;
    let mut pages = client
        .query()
        .table_name(TABLE)
        .key_condition_expression("shelf = :shelf AND #number >= :least")
        .expression_attribute_names("#number", "number")
        .expression_attribute_values(":shelf", text("d"))
        .expression_attribute_values(":least", number(5))
        .scan_index_forward(false)
        .into_paginator()
        .page_size(7)
        .send();
    let mut sizes = Vec::new();
    let mut found = Vec::new();
    while let Some(page) = pages.next().await {
        let items = page?.items.unwrap_or_default();
        sizes.push(items.len());
        found.extend(numbers(items));
    }
    assert_eq!(sizes, [7, 7, 7, 4]);
    assert_eq!(found, (5..30).rev().collect::<Vec<_>>());
    Ok(())
}

async fn indexes(client: Client) -> Outcome {
    fill(&client, "e", 10).await?;
    put(&client, &part("e", 0, 100.0)).await?;
    let odd = client
        .query()
        .table_name(TABLE)
        .index_name("by-kind")
        .key_condition_expression("kind = :kind AND #number > :least")
        .expression_attribute_names("#number", "number")
        .expression_attribute_values(":kind", text("odd e"))
        .expression_attribute_values(":least", number(4))
        .into_paginator()
        .page_size(2)
        .items()
        .send();
    assert_eq!(numbers(odd.collect::<Result<_, _>>().await?), [5, 7, 9]);
    let full = client
        .query()
        .table_name(TABLE)
        .index_name("by-stock")
        .key_condition_expression("shelf = :shelf AND stock >= :least")
        .expression_attribute_values(":shelf", text("e"))
        .expression_attribute_values(":least", number(8))
        .send()
        .await?;
    assert_eq!(numbers(full.items.unwrap_or_default()), [8, 9, 0]);
    Ok(())
}

async fn scan(client: Client) -> Outcome {
    fill(&client, "f", 40).await?;
    let mut found = BTreeSet::new();
    for segment in 0..4 {
        let items = client
            .scan()
            .table_name(TABLE)
            .segment(segment)
            .total_segments(4)
            .filter_expression("shelf = :shelf")
            .expression_attribute_values(":shelf", text("f"))
            .into_paginator()
            .page_size(9)
            .items()
            .send();
        for id in numbers(items.collect::<Result<_, _>>().await?) {
            assert!(found.insert(id), "{id} was found twice");
        }
    }
    assert_eq!(found, (0..40).collect());
    Ok(())
}

async fn batches(client: Client) -> Outcome {
    fill(&client, "g", 30).await?;
    let keys = (20..40).map(|id| key("g", id)).collect();
    let wanted = KeysAndAttributes::builder().set_keys(Some(keys)).build()?;
    let answer = client
        .batch_get_item()
        .request_items(TABLE, wanted)
        .send()
        .await?;
    assert!(answer.unprocessed_keys().is_some_and(HashMap::is_empty));
    let mut found = numbers(
        answer
            .responses
            .expect("there are items")
            .remove(TABLE)
            .unwrap_or_default(),
    );
    found.sort();
    assert_eq!(found, (20..30).collect::<Vec<_>>());
    Ok(())
}

fn put_action(value: &Part) -> Result<TransactWriteItem, Box<dyn std::error::Error + Send + Sync>> {
    let put = Put::builder()
        .table_name(TABLE)
        .set_item(Some(to_item(value)?))
        .build()?;
    Ok(TransactWriteItem::builder().put(put).build())
}

async fn transaction(client: Client) -> Outcome {
    fill(&client, "h", 3).await?;
    let update = Update::builder()
        .table_name(TABLE)
        .set_key(Some(key("h", 0)))
        .update_expression("ADD stock :five")
        .expression_attribute_values(":five", number(5))
        .build()?;
    let delete = Delete::builder()
        .table_name(TABLE)
        .set_key(Some(key("h", 1)))
        .build()?;
    let check = ConditionCheck::builder()
        .table_name(TABLE)
        .set_key(Some(key("h", 2)))
        .condition_expression("stock = :two")
        .expression_attribute_values(":two", number(2))
        .build()?;
    let request = client
        .transact_write_items()
        .client_request_token("rust-1")
        .transact_items(put_action(&part("h", 10, 0.0))?)
        .transact_items(TransactWriteItem::builder().update(update).build())
        .transact_items(TransactWriteItem::builder().delete(delete).build())
        .transact_items(TransactWriteItem::builder().condition_check(check).build());
    // The second request has the token of the first, so it changes nothing.
    request.clone().send().await?;
    request.clone().send().await?;
    let mut reading = client.transact_get_items();
    for id in [0, 1] {
        let get = Get::builder()
            .table_name(TABLE)
            .set_key(Some(key("h", id)))
            .build()?;
        reading = reading.transact_items(TransactGetItem::builder().get(get).build());
    }
    let found = reading.send().await?.responses.unwrap_or_default();
    let updated: Part = from_item(found[0].item.clone().expect("it was updated"))?;
    assert_eq!((updated.stock, found[1].item()), (5.0, None));
    let changed = request
        .transact_items(put_action(&part("h", 11, 0.0))?)
        .send()
        .await;
    let error = changed
        .expect_err("the token is that of another request")
        .into_service_error();
    assert!(
        error.is_idempotent_parameter_mismatch_exception(),
        "{error:?}"
    );
    Ok(())
}

async fn cancelled_transaction(client: Client) -> Outcome {
    put(&client, &part("i", 1, 7.0)).await?;
    let delete = Delete::builder()
        .table_name(TABLE)
        .set_key(Some(key("i", 1)))
        .condition_expression("attribute_not_exists(shelf)")
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
        .build()?;
    let error = client
        .transact_write_items()
        .transact_items(put_action(&part("i", 2, 0.0))?)
        .transact_items(TransactWriteItem::builder().delete(delete).build())
        .send()
        .await
        .expect_err("the item is there")
        .into_service_error();
    let TransactWriteItemsError::TransactionCanceledException(cancelled) = error else {
        return Err(error.into());
    };
    let reasons = cancelled
        .cancellation_reasons
        .expect("a reason for each action");
    let codes: Vec<_> = reasons
        .iter()
        .map(|reason| reason.code().unwrap_or_default())
        .collect();
    assert_eq!(codes, ["None", "ConditionalCheckFailed"]);
    let old: Part = from_item(reasons[1].item.clone().expect("it was asked for"))?;
    assert_eq!(old.stock, 7.0);
    assert_eq!(get(&client, "i", 2).await?, None);
    Ok(())
}

async fn statements(client: Client) -> Outcome {
    fill(&client, "j", 5).await?;
    let rows = client
        .execute_statement()
        .statement(r#"SELECT * FROM parts WHERE shelf = ? AND "number" >= ?"#)
        .parameters(text("j"))
        .parameters(number(2))
        .send()
        .await?;
    assert_eq!(numbers(rows.items.unwrap_or_default()), [2, 3, 4]);
    let again = client
        .execute_statement()
        .statement("INSERT INTO parts VALUE {'shelf': 'j', 'number': 1}");
    let error = again
        .send()
        .await
        .expect_err("the item is there")
        .into_service_error();
    assert!(
        matches!(error, ExecuteStatementError::DuplicateItemException(_)),
        "{error:?}"
    );
    Ok(())
}

async fn invalid_request(client: Client) -> Outcome {
    let request = client
        .put_item()
        .table_name(TABLE)
        .item("number", number(1));
    let error = request
        .send()
        .await
        .expect_err("the key is incomplete")
        .into_service_error();
    assert_eq!(error.code(), Some("ValidationException"));
    let expected = "One or more parameter values were invalid: Missing the key shelf in the item";
    assert_eq!(error.message(), Some(expected));
    Ok(())
}

#[tokio::main]
async fn main() -> ExitCode {
    let settings = aws_config::load_defaults(BehaviorVersion::latest()).await;
    let client = Client::new(&settings);
    let streams = aws_sdk_dynamodbstreams::Client::new(&settings);
    let mut tests = Tests::default();
    macro_rules! run {
        ($name:literal, $test:path $(, $more:expr)?) => {
            tests.run($name, $test(client.clone() $(, $more)?)).await
        };
    }
    run!("a table is made, and its waiter ends", tables::create);
    run!("structures come back", put_and_get);
    run!(
        "a put whose condition does not hold shows the item",
        condition
    );
    run!("an update under a condition", update);
    run!("a paginator reads all pages of a query", query);
    run!("queries of a global and of a local index", indexes);
    run!("the segments of a scan find every item once", scan);
    run!("a batch reads the items that are there", batches);
    run!("a transaction with a token writes once", transaction);
    run!(
        "a cancelled transaction shows the item that was the reason",
        cancelled_transaction
    );
    run!("PartiQL selects and refuses", statements);
    run!("an invalid request has its code and text", invalid_request);
    run!(
        "a stream has the records in order",
        streams::records,
        streams
    );
    run!("time to live is enabled", tables::time_to_live);
    run!(
        "a deleted table is ResourceNotFoundException, and the waiter ends",
        tables::delete
    );
    if tests.passed() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
