//! What is asked for.

use std::time::Duration;

use seseragi_proto::infer;

/// A request to generate: a prompt or a conversation, and what else is wanted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StreamOptions {
    /// One question; excludes `messages`.
    pub prompt: String,
    /// A conversation, oldest first; excludes `prompt`.
    pub messages: Vec<Message>,
    /// The model by name; empty for the server's default.
    pub model: String,
    /// How to choose tokens.
    pub sampling: Sampling,
    /// How to deliver, and what happens when the connection is lost.
    pub delivery: Delivery,
    /// Makes the request repeatable: the same key and request name the same stream. A random one is used if it is empty.
    pub idempotency_key: String,
}

impl StreamOptions {
    /// One question to the default model.
    #[must_use]
    pub fn prompt(prompt: impl Into<String>) -> Self {
        Self { prompt: prompt.into(), ..Self::default() }
    }

    /// A conversation with the default model.
    #[must_use]
    pub fn messages(messages: Vec<Message>) -> Self {
        Self { messages, ..Self::default() }
    }

    pub(crate) fn into_request(self, random_key: impl FnOnce() -> String) -> infer::StreamRequest {
        let idempotency_key =
            if self.idempotency_key.is_empty() { random_key() } else { self.idempotency_key };
        infer::StreamRequest {
            prompt: self.prompt,
            messages: self.messages.into_iter().map(Into::into).collect(),
            model: self.model,
            sampling: (self.sampling != Sampling::default()).then(|| self.sampling.into()),
            delivery: Some(self.delivery.into()),
            idempotency_key,
            ..infer::StreamRequest::default()
        }
    }
}

/// One turn of a conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// `system`, `user`, `assistant` or `tool`.
    pub role: String,
    /// The text.
    pub content: String,
}

impl Message {
    /// A turn of this role.
    #[must_use]
    pub fn new(role: impl Into<String>, content: impl Into<String>) -> Self {
        Self { role: role.into(), content: content.into() }
    }
}

impl From<Message> for infer::Message {
    fn from(message: Message) -> Self {
        Self { role: message.role, content: message.content, ..Self::default() }
    }
}

/// How to choose tokens. `None` leaves it to the model.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sampling {
    /// The most output tokens; at least 1.
    pub max_tokens: Option<u32>,
    /// 0 (greedy) to 2.
    pub temperature: Option<f32>,
    /// Above 0, at most 1.
    pub top_p: Option<f32>,
    /// At least 1.
    pub top_k: Option<u32>,
    /// For reproducible output.
    pub seed: Option<u64>,
    /// Texts that end the answer; not part of it.
    pub stop: Vec<String>,
}

impl From<Sampling> for infer::Sampling {
    fn from(sampling: Sampling) -> Self {
        let Sampling { max_tokens, temperature, top_p, top_k, seed, stop } = sampling;
        Self { max_tokens, temperature, top_p, top_k, seed, stop }
    }
}

/// How frames are delivered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivery {
    /// Timed merging: nothing is sent within this time after the last text. Zero by default: at once.
    pub window: Duration,
    /// What happens to the generation while no connection reads it.
    pub on_disconnect: OnDisconnect,
    /// Whether frames are filled up, against conclusions from their lengths.
    pub pad: bool,
}

/// What happens to a generation while no connection reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnDisconnect {
    /// It is cancelled at once: a lost connection loses the answer.
    Cancel,
    /// It goes on for so long; zero, the default, stands for the server's default of 15 s.
    Keep(Duration),
    /// It goes on to its end.
    UntilComplete,
}

impl Default for OnDisconnect {
    fn default() -> Self {
        Self::Keep(Duration::ZERO)
    }
}

impl From<Delivery> for infer::Delivery {
    fn from(delivery: Delivery) -> Self {
        let (on_disconnect, grace) = match delivery.on_disconnect {
            OnDisconnect::Cancel => (infer::OnDisconnect::Cancel, Duration::ZERO),
            OnDisconnect::Keep(grace) => (infer::OnDisconnect::Keep, grace),
            OnDisconnect::UntilComplete => (infer::OnDisconnect::UntilComplete, Duration::ZERO),
        };
        Self {
            window_ms: millis(delivery.window),
            on_disconnect: on_disconnect.into(),
            grace_ms: millis(grace),
            pad: delivery.pad,
        }
    }
}

fn millis(time: Duration) -> u32 {
    u32::try_from(time.as_millis()).unwrap_or(u32::MAX)
}
