//! `seseragi chat`: a model in the terminal, by the Rust client and its resume rule.

use std::io::{IsTerminal as _, Read as _, Write as _};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Args;
use seseragi_client::{Client, Event, Message, StaticToken, StreamOptions, Terminal};

use super::Failure;
use super::guest;

/// The longest prompt that is read from standard input, in bytes.
const MAX_PROMPT_BYTES: u64 = 4 * 1024 * 1024;

/// Ask a model in the terminal and watch its answer
#[derive(Args)]
pub struct Chat {
    /// The question; without it, lines of standard input are a conversation
    prompt: Option<String>,
    /// The gateway
    #[arg(long, env = "SESERAGI_URL", default_value = "http://127.0.0.1:8080")]
    url: String,
    /// The model [default: the gateway's]
    #[arg(long, default_value = "", hide_default_value = true)]
    model: String,
    /// A file with an access token [default: the variable SESERAGI_TOKEN, else a guest]
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// The most output tokens
    #[arg(long, value_name = "N")]
    max_tokens: Option<u32>,
    /// How freely the model chooses: 0 (always the likeliest token) to 2
    #[arg(long, value_name = "T")]
    temperature: Option<f32>,
    /// Say at the end how it went: time to first text, rate, resumes
    #[arg(long)]
    stats: bool,
}

impl Chat {
    /// Asks, and prints the answer while it arrives. Ctrl-C stops the model, not only the program.
    pub fn run(self) -> Result<(), Failure> {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failure::start)?;
        runtime.block_on(self.talk())
    }

    async fn talk(self) -> Result<(), Failure> {
        let access_token = self.access_token().await?;
        let client = Client::new(&self.url, StaticToken::new(access_token)).map_err(Failure::config)?;
        if let Some(prompt) = &self.prompt {
            return self.ask(&client, vec![Message::new("user", prompt)]).await.map(|_| ());
        }
        if !std::io::stdin().is_terminal() {
            let mut prompt = String::new();
            let read = std::io::stdin().take(MAX_PROMPT_BYTES).read_to_string(&mut prompt);
            read.map_err(|error| Failure::start(format!("the question cannot be read: {error}")))?;
            return self.ask(&client, vec![Message::new("user", prompt.trim())]).await.map(|_| ());
        }
        self.converse(&client).await
    }

    async fn converse(&self, client: &Client) -> Result<(), Failure> {
        eprintln!("Ask something; Ctrl-C stops an answer, Ctrl-D ends.");
        let mut turns = Vec::new();
        while let Some(line) = read_line()? {
            turns.push(Message::new("user", line));
            match self.ask(client, turns.clone()).await {
                Ok(answer) => turns.push(Message::new("assistant", answer)),
                Err(failure) => {
                    eprintln!("seseragi: {failure}");
                    turns.pop();
                }
            }
        }
        Ok(())
    }

    /// Asks once; returns the text of the answer.
    async fn ask(&self, client: &Client, messages: Vec<Message>) -> Result<String, Failure> {
        let mut options = StreamOptions::messages(messages);
        if let [only] = &options.messages[..] {
            // Servers that know only a prompt answer single questions, too.
            options = StreamOptions::prompt(only.content.clone());
        }
        options.model.clone_from(&self.model);
        options.sampling.max_tokens = self.max_tokens;
        options.sampling.temperature = self.temperature;
        let mut stream = client.stream(options);
        let mut seen = Seen::new();
        let terminal = loop {
            let event = tokio::select! {
                event = stream.next() => event,
                _ = tokio::signal::ctrl_c() => {
                    stream.cancel().await.map_err(Failure::start)?;
                    continue;
                }
            };
            match event {
                Some(Ok(Event::Finished(terminal))) => break terminal,
                Some(Ok(event)) => seen.show(&event)?,
                Some(Err(error)) => return Err(seen.failed(&error)),
                None => return Err(Failure::start("the stream ended without an end")),
            }
        };
        println!();
        if self.stats {
            seen.report(&terminal, stream.resumes());
        }
        ended(&terminal)?;
        Ok(seen.text)
    }

    async fn access_token(&self) -> Result<String, Failure> {
        if let Some(path) = &self.token_file {
            let read = std::fs::read_to_string(path);
            let text = read.map_err(|error| Failure::start(format!("{}: {error}", path.display())))?;
            return Ok(text.trim().to_owned());
        }
        match std::env::var("SESERAGI_TOKEN") {
            Ok(access_token) if !access_token.is_empty() => Ok(access_token),
            _ => guest::sign_in(&self.url).await,
        }
    }
}

/// What has been shown so far.
struct Seen {
    asked: Instant,
    first: Option<Duration>,
    deltas: u32,
    text: String,
}

impl Seen {
    fn new() -> Self {
        Self { asked: Instant::now(), first: None, deltas: 0, text: String::new() }
    }

    fn show(&mut self, event: &Event) -> Result<(), Failure> {
        match event {
            Event::Text { text, first_seq, last_seq } => {
                self.first.get_or_insert(self.asked.elapsed());
                self.deltas += last_seq - first_seq + 1;
                self.text.push_str(text);
                let mut out = std::io::stdout().lock();
                out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(Failure::start)?;
            }
            Event::Reconnecting(lost) => {
                eprint!("\n[connection lost; attempt {} in {:?}]", lost.attempt, lost.delay)
            }
            Event::Resumed { .. } => eprint!("[resumed]\n{}", self.text),
            _ => {}
        }
        Ok(())
    }

    fn failed(&self, error: &seseragi_client::ClientError) -> Failure {
        if !self.text.is_empty() {
            println!();
        }
        let source = std::error::Error::source(error).map(|s| format!(": {s}")).unwrap_or_default();
        Failure::start(format!("{error}{source}"))
    }

    fn report(&self, terminal: &Terminal, resumes: u32) {
        let elapsed = self.asked.elapsed();
        let rate = f64::from(self.deltas) / elapsed.as_secs_f64().max(f64::EPSILON);
        let first = self
            .first
            .map_or("no text".to_owned(), |first| format!("first text after {} ms", first.as_millis()));
        let tokens = terminal.usage.output_tokens;
        eprintln!("[{}; {first}; {tokens} tokens, {rate:.1} deltas/s; {resumes} resumes]", terminal.finish);
    }
}

fn ended(terminal: &Terminal) -> Result<(), Failure> {
    if terminal.is_good() {
        return Ok(());
    }
    let what = if terminal.message.is_empty() { terminal.code.as_str() } else { &terminal.message };
    Err(Failure::start(format!("the answer {}: {what}", terminal.finish)))
}

/// One line; `None` at the end. Blocks, which is fine: nothing else runs while a person types.
fn read_line() -> Result<Option<String>, Failure> {
    loop {
        eprint!("> ");
        let mut line = String::new();
        if std::io::stdin().read_line(&mut line).map_err(Failure::start)? == 0 {
            eprintln!();
            return Ok(None);
        }
        let line = line.trim();
        if !line.is_empty() {
            return Ok(Some(line.to_owned()));
        }
    }
}
