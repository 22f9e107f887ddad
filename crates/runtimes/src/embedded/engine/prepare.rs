//! From a request to tokens.

use super::super::error::{GenerateError, LoadError};
use super::super::gguf::Gguf;
use super::super::model::Model;
use super::super::sampler::Sampling;
use super::super::text::{ChatTemplate, Tokenizer, Turn};
use super::settings::Settings;

/// One answer to write.
#[derive(Clone, Debug)]
pub struct Request {
    /// The conversation, oldest first.
    pub turns: Vec<Turn>,
    /// An answer that was begun already and shall be gone on with; mostly empty.
    pub so_far: String,
    /// The most tokens to write; `None` means as many as the context has room for.
    pub max_tokens: Option<u32>,
    /// How tokens are chosen.
    pub sampling: Sampling,
    /// Texts that end the answer.
    pub stop: Vec<String>,
}

/// Everything that comes out of a model file.
pub(super) struct Loaded {
    pub(super) model: Model,
    pub(super) tokenizer: Tokenizer,
    pub(super) template: ChatTemplate,
    pub(super) context_tokens: usize,
    pub(super) name: String,
}

/// The tokens to begin with.
#[derive(Debug)]
pub(super) struct Prompt {
    pub(super) tokens: Vec<u32>,
    /// How many of them, at the end, are the answer so far.
    pub(super) so_far_tokens: usize,
}

impl Loaded {
    pub(super) fn open(settings: &Settings) -> Result<Self, LoadError> {
        let mut gguf = Gguf::open(&settings.source)?;
        let model = Model::load(&mut gguf)?;
        let tokenizer = Tokenizer::load(&gguf)?;
        let vocabulary = tokenizer.vocabulary();
        if vocabulary.len() > model.hyper.vocabulary {
            let (tokens, rows) = (vocabulary.len(), model.hyper.vocabulary);
            return Err(LoadError::Malformed(format!("{tokens} tokens, but embeddings for {rows}")));
        }
        let text = |id: Option<u32>| id.map_or("", |id| vocabulary.text(id));
        let source = gguf.text("tokenizer.chat_template");
        let template = ChatTemplate::compile(source, text(vocabulary.begin), text(vocabulary.end()))?;
        let context_tokens = model.hyper.context_tokens.min(settings.context_tokens.unwrap_or(usize::MAX));
        let name = gguf.text("general.name").unwrap_or("unnamed").to_owned();
        Ok(Self { model, tokenizer, template, context_tokens, name })
    }

    /// Applies the chat template and counts tokens against the context.
    pub(super) fn prompt(&self, request: &Request) -> Result<Prompt, GenerateError> {
        if request.turns.last().is_none_or(|turn| turn.content.trim().is_empty()) {
            return Err(GenerateError::EmptyPrompt);
        }
        let bytes = request.turns.iter().map(|turn| turn.content.len()).sum::<usize>();
        self.check_length(self.tokenizer.fewest_tokens(bytes + request.so_far.len()))?;
        let fence = |text: &str| self.tokenizer.fence(text);
        let fenced = |turn: &Turn| Turn { role: fence(&turn.role), content: fence(&turn.content) };
        let turns: Vec<Turn> = request.turns.iter().map(fenced).collect();
        let mut text = self.template.render(&turns)?;
        let mut tokens = self.tokenizer.encode(&text)?;
        let mut so_far_tokens = 0;
        if !request.so_far.is_empty() {
            let before = tokens.len();
            text.push_str(&fence(&request.so_far));
            tokens = self.tokenizer.encode(&text)?;
            so_far_tokens = tokens.len().saturating_sub(before);
        }
        self.check_length(tokens.len())?;
        Ok(Prompt { tokens, so_far_tokens })
    }

    /// A prompt must leave room for one token of an answer.
    fn check_length(&self, prompt_tokens: usize) -> Result<(), GenerateError> {
        let context_tokens = self.context_tokens;
        if prompt_tokens < context_tokens {
            return Ok(());
        }
        Err(GenerateError::PromptTooLong { prompt_tokens, context_tokens })
    }
}
