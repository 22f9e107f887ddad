//! What can go wrong with a model: while it is loaded ([`LoadError`], for the operator) and while it answers
//! ([`GenerateError`], for the caller). Every message says what was found and what would work.

use std::path::PathBuf;

/// Why a model file cannot be used. One line for the person who starts the program.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The file cannot be opened or read.
    #[error("cannot read the model file {}: {source}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// It does not begin like a GGUF file.
    #[error("this is not a GGUF file: it begins with {found:02x?} instead of \"GGUF\"")]
    NotGguf {
        /// Its first bytes.
        found: [u8; 4],
    },
    /// A GGUF version that is not known here.
    #[error("GGUF version {0} is not supported (versions 2 and 3 are, little-endian)")]
    Version(u32),
    /// It ends too early.
    #[error("the GGUF file is truncated: {what} needs {needed} bytes, {left} are left")]
    Truncated {
        /// What was being read.
        what: String,
        /// Bytes that it needs.
        needed: u64,
        /// Bytes that are left.
        left: u64,
    },
    /// It contradicts itself or the format.
    #[error("the GGUF file is damaged: {0}")]
    Malformed(String),
    /// Metadata that the model needs is not there, or not of the right type.
    #[error("the GGUF file has no usable key `{0}`")]
    MissingKey(String),
    /// A tensor that the model needs is not there.
    #[error("the GGUF file has no tensor `{0}`")]
    MissingTensor(String),
    /// A tensor of another size than the metadata say.
    #[error("tensor `{name}` has the shape {found:?}, expected {expected:?}")]
    Shape {
        /// The tensor.
        name: String,
        /// Its shape, rows first.
        found: Vec<usize>,
        /// The shape that the metadata ask for.
        expected: Vec<usize>,
    },
    /// A model family that this engine does not know.
    #[error("model architecture `{0}` is not supported (supported: llama, qwen2, qwen3)")]
    Architecture(String),
    /// A number format that this engine does not know.
    #[error(
        "tensor `{tensor}` has the quantization {found}, which is not supported \
         (supported: F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2_K to Q6_K)"
    )]
    Quantization {
        /// The tensor.
        tensor: String,
        /// The name or number of its format.
        found: String,
    },
    /// A feature of the model that this engine does not have.
    #[error("the model needs {0}, which is not supported")]
    Unsupported(String),
    /// The tokenizer cannot be built.
    #[error("the tokenizer of the GGUF file cannot be used: {0}")]
    Tokenizer(String),
    /// The chat template does not parse.
    #[error("the chat template of the GGUF file cannot be used: {0}")]
    Template(String),
    /// The model's thread cannot be started.
    #[error("cannot start the thread of the model: {0}")]
    Thread(String),
}

/// Why a generation was refused or broke off.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GenerateError {
    /// There is nothing to answer.
    #[error("the prompt is empty")]
    EmptyPrompt,
    /// The prompt leaves no room for an answer.
    #[error("the prompt has {prompt_tokens} tokens or more; the model's context is {context_tokens}")]
    PromptTooLong {
        /// Tokens of the prompt, as far as they were counted.
        prompt_tokens: usize,
        /// Tokens of prompt and answer together at most.
        context_tokens: usize,
    },
    /// The file's chat template does not take this conversation.
    #[error("the model's chat template refused the conversation: {0}")]
    Template(String),
    /// Too many jobs wait already.
    #[error("the model is busy: {0} jobs wait already")]
    Busy(usize),
    /// The engine was stopped.
    #[error("the model was stopped")]
    Stopped,
    /// A fault of the engine; details are in the log.
    #[error("the model failed")]
    Fault,
}
