//! A load client: opens streams at one address on one wire, checks that every delta arrives in order, and reports
//! how late they were and what they cost the processes that it is told to watch.

mod args;
mod h1;
mod h2_streams;
mod process;
mod reader;
mod report;
mod socket;
mod tally;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use args::{Args, Wire};
use tally::Bench;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let bench = match Bench::new(Args::parse()) {
        Ok(bench) => Arc::new(bench),
        Err(problem) => {
            eprintln!("{problem}");
            return ExitCode::FAILURE;
        }
    };
    let in_time = timeout(Duration::from_secs(bench.args.timeout_s), run(&bench)).await;
    if in_time.is_err() {
        bench.failed("not all streams ended in time");
    }
    let (line, good) = report::line(&bench);
    println!("{line}");
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Opens all streams, evenly over the ramp, and waits for their ends.
async fn run(bench: &Arc<Bench>) {
    let mut tasks = JoinSet::new();
    let connections = match bench.args.wire {
        Wire::Grpc | Wire::Web2 => match h2_streams::connect(bench).await {
            Ok(connections) => connections,
            Err(error) => return bench.failed(&error),
        },
        Wire::Web1 => Vec::new(),
    };
    let ramp = Duration::from_millis(bench.args.ramp_ms);
    for index in 0..bench.args.streams {
        let wait = ramp * index / bench.args.streams;
        let sender = connections.get(index as usize % connections.len().max(1)).cloned();
        let bench = Arc::clone(bench);
        tasks.spawn(async move {
            sleep(wait).await;
            match sender {
                Some(sender) => h2_streams::stream(sender, &bench).await,
                None => h1::stream(&bench).await,
            }
        });
    }
    if bench.args.hold_ms > 0 {
        let bench = Arc::clone(bench);
        tasks.spawn(async move { measure_idle(&bench).await });
    }
    while tasks.join_next().await.is_some() {}
}

/// Memory when all streams are open and silent, in the middle of their silence.
async fn measure_idle(bench: &Bench) {
    while !bench.all_open() && !bench.any_ended() {
        sleep(Duration::from_millis(10)).await;
    }
    sleep(Duration::from_millis(bench.args.hold_ms / 2)).await;
    bench.measure_memory();
}
