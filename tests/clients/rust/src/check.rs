// SPDX-License-Identifier: Apache-2.0
//! Runs the tests of the program.

use std::any::Any;
use std::error::Error;
use std::future::Future;

/// What a test answers with. A test fails by an error, or by a panic, as of `assert_eq!`.
pub type Outcome = Result<(), Box<dyn Error + Send + Sync>>;

/// Counts the tests that have failed.
#[derive(Default)]
pub struct Tests {
    failed: usize,
}

impl Tests {
    /// Runs a test, and prints `passed NAME` or `FAILED NAME: why`.
    pub async fn run(&mut self, name: &str, test: impl Future<Output = Outcome> + Send + 'static) {
        let why = match tokio::spawn(test).await {
            Ok(Ok(())) => return println!("passed {name}"),
            Ok(Err(error)) => format!("{error:?}"),
            Err(error) => text_of(error.into_panic()),
        };
        self.failed += 1;
        println!("FAILED {name}: {}", why.replace('\n', " "));
    }

    /// Whether all tests have passed.
    pub fn passed(&self) -> bool {
        self.failed == 0
    }
}

fn text_of(panic: Box<dyn Any + Send>) -> String {
    match panic.downcast::<String>() {
        Ok(text) => *text,
        Err(other) => other
            .downcast_ref::<&str>()
            .unwrap_or(&"panicked")
            .to_string(),
    }
}
