//! The program `seseragi`: configuration, wiring, telemetry, commands. No request logic lives here.

#![expect(unreachable_pub, reason = "a program has no API: `pub` marks what leaves a module")]

mod admin;
mod audit;
mod commands;
mod config;
mod models;
mod serve;
mod telemetry;
#[cfg(test)]
mod test_folder;
mod trust;

use std::process::ExitCode;

fn main() -> ExitCode {
    match commands::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("seseragi: {failure}");
            failure.exit_code()
        }
    }
}
