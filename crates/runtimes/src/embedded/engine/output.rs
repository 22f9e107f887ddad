//! Where a generation's text goes.

use std::task::{Context, Poll};

use super::super::error::GenerateError;

/// Takes the text of one generation. Called on the model's thread: it must not block.
pub trait Output: Send {
    /// Takes text that is not empty, made of whole characters, and the number of tokens it stands for.
    fn push(&mut self, text: &str, tokens: u32) -> Flow;

    /// Asked after [`Flow::Pause`], until it is ready; the waker wakes the model's thread.
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<()>;

    /// The last call.
    fn end(self: Box<Self>, end: End, spent: Spent);
}

/// What a generation shall do after a push.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// Go on.
    Continue,
    /// Wait for [`Output::poll_ready`].
    Pause,
    /// End now.
    Stop,
}

/// Why a generation ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// The model said that it is done, or a stop text came.
    Stop,
    /// `max_tokens` or the end of the context was reached.
    Length,
    /// The handle was dropped, or the output said [`Flow::Stop`].
    Cancelled,
    /// It was refused, or it broke off.
    Failed(GenerateError),
}

/// Tokens that a generation took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// Of the prompt, template included.
    pub prompt_tokens: u32,
    /// Of the answer, the end token included.
    pub output_tokens: u32,
}

/// An output that is told its end whatever happens: also when the engine stops or its thread panics.
pub(super) struct Open(Option<Box<dyn Output>>);

impl Open {
    pub(super) fn new(output: Box<dyn Output>) -> Self {
        Self(Some(output))
    }

    pub(super) fn push(&mut self, text: &str, tokens: u32) -> Flow {
        self.0.as_mut().map_or(Flow::Stop, |output| output.push(text, tokens))
    }

    pub(super) fn is_ready(&mut self, cx: &mut Context<'_>) -> bool {
        self.0.as_mut().is_none_or(|output| output.poll_ready(cx).is_ready())
    }

    pub(super) fn end(mut self, end: End, spent: Spent) {
        if let Some(output) = self.0.take() {
            output.end(end, spent);
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        if let Some(output) = self.0.take() {
            let panics = std::thread::panicking();
            let error = if panics { GenerateError::Fault } else { GenerateError::Stopped };
            output.end(End::Failed(error), Spent::default());
        }
    }
}
