//! The command line.

mod apikey;
mod chat;
mod config;
mod guest;
mod keys;
mod migrate;
mod office;
mod secret;
mod token;
mod user;

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::config::{Config, load};
use crate::{serve, telemetry};

/// せせらぎ Seseragi carries the output of AI models to people while it is being made.
///
/// guard 守る decides who may, flow 流す is the stream itself, bridge 橋渡し speaks to every client.
/// Start with `seseragi serve` and open the address that it prints.
///
/// Commands about users, tokens and keys ask the gateway that runs on the data folder, so that their effect is
/// immediate; if none runs there, they work on the database. Passwords and tokens are read from a prompt, a file or
/// standard input, never from the command line, where other users of the machine could see them.
#[derive(Parser)]
#[command(name = "seseragi", version, arg_required_else_help = true)]
struct Cli {
    /// The configuration file [default: seseragi.toml, if it is there]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the gateway until it is told to stop
    Serve(Serve),
    /// Ask a model in the terminal and watch its answer
    Chat(chat::Chat),
    /// Add, list, disable and enable users, and set their passwords
    #[command(subcommand)]
    User(user::User),
    /// Issue, look into and revoke access tokens
    #[command(subcommand)]
    Token(token::Token),
    /// List, rotate and revoke the keys that sign access tokens
    #[command(subcommand)]
    Keys(keys::Keys),
    /// Make, list and revoke API keys for programs
    #[command(subcommand)]
    Apikey(apikey::Apikey),
    /// Bring the database up to date and say what was done
    ///
    /// `seseragi serve` does the same at start. Run it by itself before an upgrade of many gateways that share one database.
    Migrate,
    /// Check and show the configuration
    #[command(subcommand)]
    Config(config::ConfigCommand),
}

/// Settings of the file that have a flag of their own.
#[derive(Args)]
struct Serve {
    /// Where clients connect, as IP:PORT
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// Where Prometheus reads metrics, as IP:PORT; an empty text turns it off
    #[arg(long, value_name = "ADDRESS")]
    metrics: Option<String>,
    /// The folder of keys and databases
    #[arg(long, value_name = "FOLDER")]
    data_dir: Option<String>,
    /// A GGUF file to use in the place of the shipped model
    #[arg(long, value_name = "FILE")]
    model_file: Option<String>,
    /// Which logs to write: error, warn, info, debug, or a filter
    #[arg(long, value_name = "LEVEL")]
    log: Option<String>,
}

impl Serve {
    fn flags(&self) -> BTreeMap<String, String> {
        let flags = [
            ("listen.address", &self.listen),
            ("metrics.address", &self.metrics),
            ("data_dir", &self.data_dir),
            ("model_file", &self.model_file),
            ("log.level", &self.log),
        ];
        flags.into_iter().filter_map(|(path, flag)| Some((path.to_owned(), flag.clone()?))).collect()
    }
}

/// Runs the command of the command line.
pub fn run() -> Result<(), Failure> {
    let cli = Cli::parse();
    let read = |flags| load(cli.config.as_deref(), flags).map_err(Failure::config);
    match cli.command {
        Command::Serve(flags) => {
            let (config, _) = read(flags.flags())?;
            start_logs(&config)?;
            serve::serve(&config)
        }
        Command::Chat(chat) => chat.run(),
        Command::User(user) => user.run(&read(BTreeMap::new())?.0),
        Command::Keys(keys) => keys.run(&read(BTreeMap::new())?.0),
        Command::Migrate => migrate::run(&read(BTreeMap::new())?.0),
        Command::Token(token) => token.run(&read(BTreeMap::new())?.0),
        Command::Apikey(apikey) => apikey.run(&read(BTreeMap::new())?.0),
        Command::Config(command) => command.run(&read(BTreeMap::new())?.1),
    }
}

fn start_logs(config: &Config) -> Result<(), Failure> {
    telemetry::start_logs(config.log_format, &config.log_level).map_err(Failure::config)
}

/// Why a command did not do its work: one text for the operator, and an exit code.
#[derive(Debug)]
pub struct Failure {
    text: String,
    code: u8,
}

impl Failure {
    /// The configuration cannot be used: exit code 2.
    pub fn config(error: impl fmt::Display) -> Self {
        Self { text: error.to_string(), code: 2 }
    }

    /// Something could not be started or done: exit code 1.
    pub fn start(error: impl fmt::Display) -> Self {
        Self { text: error.to_string(), code: 1 }
    }

    /// The code that the program ends with.
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(self.code)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
