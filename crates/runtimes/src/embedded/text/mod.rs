//! Between text and tokens: the tokenizer and the chat template of the file, the way back from bytes to whole
//! characters, and stop texts.

mod encode;
mod stop;
mod template;
#[cfg(test)]
mod tests;
mod utf8;
mod vocabulary;

pub(crate) use encode::Tokenizer;
pub(crate) use stop::StopTexts;
pub(crate) use template::ChatTemplate;
pub use template::Turn;
pub(crate) use utf8::WholeCharacters;
