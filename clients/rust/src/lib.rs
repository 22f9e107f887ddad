//! The Rust client of Seseragi: an answer while it is generated, over as many connections as it takes.
//!
//! ```no_run
//! use seseragi_client::{Client, Event, StaticToken, StreamOptions};
//!
//! # async fn ask() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::new("http://127.0.0.1:8080", StaticToken::new("an access token"))?;
//! let mut stream = client.stream(StreamOptions::prompt("What is a stream?"));
//! while let Some(event) = stream.next().await {
//!     match event? {
//!         Event::Text { text, .. } => print!("{text}"),
//!         Event::Finished(terminal) => println!("\n{}", terminal.finish),
//!         _ => {}
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! **The rule of resuming**, the same in every client of Seseragi: a frame up to what was applied is dropped, the next
//! one is applied, anything later is a gap and the stream is read again from what was applied. Only a terminal ends a
//! stream; the end of a connection never does. Text is checked against the server's length and checksum.
//!
//! It speaks gRPC over HTTP/2 without TLS. TLS comes later; an `https` address is refused and says so.
//!
//! Layout: [`Client`] makes calls and [`Stream`]s; `transcript` is the rule and `retry` the patience, both pure; `attempt`
//! makes a connection and `link` is one; `rpc` is gRPC itself.

mod attempt;
mod client;
mod error;
mod event;
mod link;
mod options;
mod outcome;
mod retry;
mod rpc;
mod stream;
mod token;
mod transcript;

pub use client::{Client, ClientOptions, InvalidUrl};
pub use error::{ClientError, Code, Status};
pub use event::{Event, Lost};
pub use options::{Delivery, Message, OnDisconnect, Sampling, StreamOptions};
pub use outcome::{Finish, Model, StreamInfo, Terminal, Usage};
pub use retry::RetryPolicy;
pub use stream::Stream;
pub use token::{Anonymous, StaticToken, TokenError, TokenFuture, TokenRequest, TokenSource};
