//! Documents fetched from real servers on the loopback interface: honest ones, broken ones, and hostile ones.

mod answers;
mod certificates;
mod places;
mod server;

use std::time::Duration;

use seseragi_net::{FetchOptions, Fetcher};

/// A fetcher with a time limit that a test can wait for.
fn fetcher() -> Fetcher {
    with(FetchOptions::default())
}

fn with(options: FetchOptions) -> Fetcher {
    Fetcher::new(options).expect("the options are good")
}

const QUICK: Duration = Duration::from_millis(300);
