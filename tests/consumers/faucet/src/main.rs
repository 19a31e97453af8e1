// SPDX-License-Identifier: Apache-2.0
//! Reads a stream with faucet's DynamoDB source, from the trim horizon on, and prints what it is
//! given, in that order: `shard key n number` for each record, where `pk` (S) is the key and `n`
//! (N) counts its writes. Ends when its input does.

use std::collections::HashMap;
use std::error::Error;
use std::io::Write;

use faucet_core::Source;
use faucet_source_dynamodb::{DynamoDbSource, DynamoDbSourceConfig};
use futures::StreamExt;
use serde_json::{Value, json};
use tokio::io::AsyncReadExt;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn settings(endpoint: &str, stream_arn: &str) -> Outcome<DynamoDbSourceConfig> {
    // arn:aws:dynamodb:region:account:table/name/stream/label
    let region = stream_arn.split(':').nth(3).ok_or("no region in the ARN")?;
    let table = stream_arn.split('/').nth(1).ok_or("no table in the ARN")?;
    Ok(serde_json::from_value(json!({
        "table_name": table,
        "region": region,
        "endpoint_url": endpoint,
        "mode": "streams",
        "stream_arn": stream_arn,
        "poll_interval_ms": 500,
        "shard_concurrency": 8,
        "idle_termination_secs": 3600, // it asks for some end; the input ends sooner
        "batch_size": 1, // a page is held back until it is full
    }))?)
}

fn text<'a>(record: &'a Value, pointer: &str) -> Outcome<&'a str> {
    record
        .pointer(pointer)
        .and_then(Value::as_str)
        .ok_or_else(|| format!("no {pointer} in {record}").into())
}

fn line(record: &Value) -> Outcome<String> {
    let n = record.pointer("/after/n").ok_or("no n in the new image")?;
    let shard = text(record, "/shard_id")?;
    let key = text(record, "/key/pk")?;
    Ok(format!(
        "{shard} {key} {n} {}",
        text(record, "/sequence_number")?
    ))
}

async fn print_all(source: &DynamoDbSource) -> Outcome<()> {
    let context = HashMap::new();
    let mut pages = source.stream_pages(&context, 1);
    let mut out = std::io::stdout();
    while let Some(page) = pages.next().await {
        for record in page?.records {
            writeln!(out, "{}", line(&record)?)?;
        }
        out.flush()?;
    }
    Err("the source ended by itself".into())
}

async fn input_ends() -> Outcome<()> {
    let mut ignored = [0; 64];
    let mut input = tokio::io::stdin();
    while input.read(&mut ignored).await? > 0 {}
    Ok(())
}

#[tokio::main]
async fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let endpoint = arguments.next().ok_or("no endpoint")?;
    let stream_arn = arguments.next().ok_or("no stream ARN")?;
    let source = DynamoDbSource::new(settings(&endpoint, &stream_arn)?).await?;
    let outcome = tokio::select! {
        outcome = print_all(&source) => outcome,
        outcome = input_ends() => outcome,
    };
    if let Err(error) = outcome {
        eprintln!("{error}");
        std::process::exit(1);
    }
    std::process::exit(0); // not after the threads that wait on the input
}
