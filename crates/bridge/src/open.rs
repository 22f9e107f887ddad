//! From a decoded request to what the hub needs. Every field of the contract is either used or refused.

use std::hash::{DefaultHasher, Hasher};
use std::time::Duration;

use prost::Message as _;
use seseragi_flow::{
    Code, DEFAULT_GRACE, Delivery, Idempotency, MAX_GRACE, MAX_IDEMPOTENCY_KEY_BYTES, MAX_WINDOW, Message,
    OnDisconnect, Problem, Prompt, Sampling,
};
use seseragi_proto::infer;

/// The most output tokens that a request may name; caps of the tier are usually far lower.
const MAX_TOKENS: u32 = 1_000_000;
/// The most stop texts, and the longest one in bytes.
const MAX_STOPS: (usize, usize) = (16, 256);
/// The most turns of a conversation.
const MAX_MESSAGES: usize = 1024;

/// A request to start a generation, checked.
#[derive(Debug)]
pub(crate) struct Open {
    pub(crate) model: String,
    pub(crate) prompt: Prompt,
    pub(crate) sampling: Sampling,
    pub(crate) delivery: Delivery,
    pub(crate) pad: bool,
    pub(crate) idempotency: Option<Idempotency>,
}

impl Open {
    /// Checks a request.
    ///
    /// # Errors
    /// `InvalidArgument`, naming the field and what it takes.
    pub(crate) fn new(mut request: infer::StreamRequest, max_prompt_bytes: usize) -> Result<Self, Problem> {
        refuse_unserved(&request)?;
        let idempotency = idempotency(&mut request)?;
        let prompt = prompt(request.prompt, request.messages, max_prompt_bytes)?;
        let sampling = sampling(request.sampling.unwrap_or_default())?;
        let (delivery, pad) = delivery(request.delivery.as_ref())?;
        Ok(Self { model: request.model, prompt, sampling, delivery, pad, idempotency })
    }
}

/// How a reader wants its frames; without the message it is a classic client.
pub(crate) fn delivery(wish: Option<&infer::Delivery>) -> Result<(Delivery, bool), Problem> {
    let Some(wish) = wish else { return Ok((Delivery::default(), false)) };
    let window = Duration::from_millis(wish.window_ms.into());
    if window > MAX_WINDOW {
        return Err(invalid("delivery.window_ms", format!("is 0 to {}", MAX_WINDOW.as_millis())));
    }
    let grace = Duration::from_millis(wish.grace_ms.into());
    if grace > MAX_GRACE {
        return Err(invalid("delivery.grace_ms", format!("is 0 to {}", MAX_GRACE.as_millis())));
    }
    let on_disconnect = match infer::OnDisconnect::try_from(wish.on_disconnect) {
        Ok(infer::OnDisconnect::Cancel) => OnDisconnect::Cancel,
        Ok(infer::OnDisconnect::Keep) => {
            OnDisconnect::Keep { grace: if grace.is_zero() { DEFAULT_GRACE } else { grace } }
        }
        Ok(infer::OnDisconnect::UntilComplete) => OnDisconnect::UntilComplete,
        Err(_) => return Err(invalid("delivery.on_disconnect", "is CANCEL, KEEP or UNTIL_COMPLETE")),
    };
    let delivery = Delivery { window, on_disconnect: Some(on_disconnect), checkpoints: true };
    Ok((delivery, wish.pad))
}

/// What the contract has and no runtime of this version offers is refused, never ignored.
fn refuse_unserved(request: &infer::StreamRequest) -> Result<(), Problem> {
    let used = [
        ("tools", !request.tools.is_empty()),
        ("tool_choice", !matches!(request.tool_choice.as_str(), "" | "none" | "auto")),
        ("response_format_json", !request.response_format_json.is_empty()),
        ("extra_json", !request.extra_json.is_empty()),
    ];
    match used.into_iter().find(|(_, used)| *used) {
        Some((field, _)) => Err(invalid(field, "is not offered by this model")),
        None => Ok(()),
    }
}

fn idempotency(request: &mut infer::StreamRequest) -> Result<Option<Idempotency>, Problem> {
    let key = std::mem::take(&mut request.idempotency_key);
    if key.len() > MAX_IDEMPOTENCY_KEY_BYTES {
        return Err(invalid("idempotency_key", format!("has at most {MAX_IDEMPOTENCY_KEY_BYTES} bytes")));
    }
    if key.is_empty() {
        return Ok(None);
    }
    // The digest only tells requests of one subject apart, within one process.
    let mut hasher = DefaultHasher::new();
    hasher.write(&request.encode_to_vec());
    Ok(Some(Idempotency { key, digest: hasher.finish() }))
}

fn prompt(text: String, messages: Vec<infer::Message>, max_bytes: usize) -> Result<Prompt, Problem> {
    let prompt = match (text.is_empty(), messages.is_empty()) {
        (true, true) => return Err(invalid("prompt", "or messages must be there and not empty")),
        (false, false) => return Err(invalid("prompt", "and messages exclude each other")),
        (false, true) => Prompt::Text(text),
        (true, false) => Prompt::Messages(conversation(messages)?),
    };
    let bytes = prompt.bytes();
    if bytes > max_bytes {
        let message = format!("the prompt has {bytes} bytes, and at most {max_bytes} are taken");
        return Err(Problem::caller(Code::InvalidArgument, "prompt_too_long", message));
    }
    Ok(prompt)
}

fn conversation(messages: Vec<infer::Message>) -> Result<Vec<Message>, Problem> {
    if messages.len() > MAX_MESSAGES {
        return Err(invalid("messages", format!("has at most {MAX_MESSAGES} turns")));
    }
    if !messages.iter().any(|m| !m.content.is_empty()) {
        return Err(invalid("messages", "must have at least one turn with content"));
    }
    messages.into_iter().map(turn).collect()
}

fn turn(message: infer::Message) -> Result<Message, Problem> {
    if !matches!(message.role.as_str(), "system" | "user" | "assistant" | "tool") {
        return Err(invalid("messages.role", "is system, user, assistant or tool"));
    }
    if !message.tool_calls.is_empty() {
        return Err(invalid("messages.tool_calls", "is not offered by this model"));
    }
    Ok(Message { role: message.role, content: message.content })
}

fn sampling(wish: infer::Sampling) -> Result<Sampling, Problem> {
    if wish.max_tokens.is_some_and(|n| !(1..=MAX_TOKENS).contains(&n)) {
        return Err(invalid("sampling.max_tokens", format!("is 1 to {MAX_TOKENS}")));
    }
    if wish.temperature.is_some_and(|t| !(0.0..=2.0).contains(&t)) {
        return Err(invalid("sampling.temperature", "is 0 to 2"));
    }
    if wish.top_p.is_some_and(|p| !(p > 0.0 && p <= 1.0)) {
        return Err(invalid("sampling.top_p", "is above 0 and at most 1"));
    }
    if wish.top_k == Some(0) {
        return Err(invalid("sampling.top_k", "is at least 1"));
    }
    let (count, bytes) = MAX_STOPS;
    if wish.stop.len() > count || wish.stop.iter().any(|s| s.is_empty() || s.len() > bytes) {
        return Err(invalid("sampling.stop", format!("has at most {count} texts of 1 to {bytes} bytes")));
    }
    let infer::Sampling { max_tokens, temperature, top_p, top_k, seed, stop } = wish;
    Ok(Sampling { max_tokens, temperature, top_p, top_k, seed, stop })
}

fn invalid(field: &str, what: impl AsRef<str>) -> Problem {
    let message = format!("{field} {}", what.as_ref());
    Problem::caller(Code::InvalidArgument, "invalid_field", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> infer::StreamRequest {
        infer::StreamRequest { prompt: "question".into(), ..Default::default() }
    }

    fn refused(change: impl FnOnce(&mut infer::StreamRequest)) -> String {
        let mut request = request();
        change(&mut request);
        let problem = Open::new(request, 100).expect_err("must be refused");
        assert_eq!(problem.code, Code::InvalidArgument);
        problem.message
    }

    fn sampled(change: impl FnOnce(&mut infer::Sampling)) -> String {
        let mut sampling = infer::Sampling::default();
        change(&mut sampling);
        refused(|r| r.sampling = Some(sampling))
    }

    #[test]
    fn a_two_field_request_is_a_classic_client() {
        let open = Open::new(request(), 100).expect("fine");
        assert_eq!(open.delivery.on_disconnect, None);
        assert!(!open.delivery.checkpoints && open.idempotency.is_none());
    }

    #[test]
    fn each_bad_field_is_named() {
        assert!(refused(|r| r.prompt.clear()).starts_with("prompt"));
        assert!(refused(|r| r.prompt = "x".repeat(101)).contains("101"));
        assert!(refused(|r| r.messages.push(infer::Message::default())).starts_with("prompt"));
        assert!(refused(|r| r.tools.push(infer::Tool::default())).starts_with("tools"));
        assert!(sampled(|s| s.max_tokens = Some(0)).contains("max_tokens"));
        assert!(sampled(|s| s.max_tokens = Some(u32::MAX)).contains("max_tokens"));
        assert!(sampled(|s| s.temperature = Some(f32::NAN)).contains("temperature"));
        assert!(sampled(|s| s.top_p = Some(0.0)).contains("top_p"));
        assert!(sampled(|s| s.stop = vec![String::new()]).contains("stop"));
    }

    #[test]
    fn the_digest_ignores_the_key_and_nothing_else() {
        let digest = |key: &str, prompt: &str| {
            let request =
                infer::StreamRequest { idempotency_key: key.into(), prompt: prompt.into(), ..request() };
            Open::new(request, 100).expect("fine").idempotency.expect("has one").digest
        };
        assert_eq!(digest("a", "same"), digest("b", "same"));
        assert_ne!(digest("a", "same"), digest("a", "other"));
    }
}
