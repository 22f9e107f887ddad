//! The rules of the crate, one sentence each, on paused time.

mod ending;
mod hub;
mod leaving;
mod model;
mod reading;
mod revoking;
mod storing;
mod timing;

use std::time::Duration;

use seseragi_flow::{Batch, Code, Finish, Terminal};
use seseragi_testkit::{Seen, Transcript};

/// A batch of one delta per character.
fn chars(text: &str) -> Batch {
    let mut batch = Batch::new();
    text.chars().for_each(|c| batch.push_text(c.encode_utf8(&mut [0; 4])));
    batch
}

/// Lets every other task do what it can at this moment.
async fn settle() {
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
}

/// Lets paused time pass.
async fn pass(time: Duration) {
    tokio::time::sleep(time).await;
    settle().await;
}

const fn ms(time: u64) -> Duration {
    Duration::from_millis(time)
}

const fn secs(time: u64) -> Duration {
    Duration::from_secs(time)
}

/// How it ended: finish, the code of the problem, and its reason.
fn end(terminal: Option<&Terminal>) -> (Finish, Option<Code>, String) {
    let terminal = terminal.expect("it ended");
    let problem = terminal.problem.as_ref();
    (terminal.finish, problem.map(|p| p.code), problem.map_or(String::new(), |p| p.reason.to_string()))
}

fn end_of(got: &Transcript) -> (Finish, Option<Code>, String) {
    end(got.terminal.as_ref())
}

fn well(finish: Finish) -> (Finish, Option<Code>, String) {
    (finish, None, String::new())
}

fn badly(finish: Finish, code: Code, reason: &str) -> (Finish, Option<Code>, String) {
    (finish, Some(code), reason.to_owned())
}

/// The runs among these frames, as (first, last, text).
fn runs(seen: &[Seen]) -> Vec<(u32, u32, &str)> {
    seen.iter()
        .filter_map(|seen| match seen {
            Seen::Run { first, last, text, .. } => Some((*first, *last, text.as_str())),
            _ => None,
        })
        .collect()
}
