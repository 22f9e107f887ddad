//! The tokenizer of the file: byte-level BPE, with the splitting rules of the known families.
//!
//! The `tokenizers` crate does the splitting and merging. Special tokens are found here, before it: text that
//! came from outside can be fenced ([`Tokenizer::fence`]) so that it never becomes a control token.

use std::collections::HashSet;

use tokenizers::models::bpe::BPE;
use tokenizers::pre_tokenizers::PreTokenizerWrapper;
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::pre_tokenizers::sequence::Sequence;
use tokenizers::pre_tokenizers::split::{Split, SplitPattern};
use tokenizers::tokenizer::SplitDelimiterBehavior;

use super::super::error::{GenerateError, LoadError};
use super::super::gguf::Gguf;
use super::vocabulary::Vocabulary;

/// Stands inside a fenced control token while the text passes through the template. Not a character.
const FENCE: char = '\u{FDD0}';

const LLAMA3: &str = r"(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
const QWEN2: &str = r"(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

/// Text to tokens, and tokens to bytes.
pub(crate) struct Tokenizer {
    bpe: tokenizers::Tokenizer,
    vocabulary: Vocabulary,
    /// Texts of special tokens, longest first.
    specials: Vec<(String, u32)>,
    token_bytes_max: usize,
}

/// How a family splits text before merging.
enum Family {
    Gpt2,
    /// GPT-2's rules after every digit was set apart.
    SmolLm,
    Qwen2,
    Llama3,
}

impl Tokenizer {
    pub(crate) fn load(gguf: &Gguf) -> Result<Self, LoadError> {
        let model = gguf.need_text("tokenizer.ggml.model")?;
        if model != "gpt2" {
            let message = format!("its kind is `{model}`, supported is `gpt2` (byte-level BPE)");
            return Err(LoadError::Tokenizer(message));
        }
        let family = Family::read(gguf)?;
        let llama3 = matches!(family, Family::Llama3);
        let vocabulary = Vocabulary::read(gguf, llama3)?;
        let mut bpe = tokenizers::Tokenizer::new(merges(gguf, llama3)?);
        bpe.with_pre_tokenizer(Some(family.splitter().map_err(|e| LoadError::Tokenizer(e.to_string()))?));
        let mut specials: Vec<_> = vocabulary.specials().map(|(text, id)| (text.to_owned(), id)).collect();
        specials.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
        let token_bytes_max = gguf.texts("tokenizer.ggml.tokens").iter().map(String::len).max().unwrap_or(1);
        Ok(Self { bpe, vocabulary, specials, token_bytes_max: token_bytes_max.max(1) })
    }

    pub(crate) fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// No text of so many bytes has fewer tokens.
    pub(crate) fn fewest_tokens(&self, bytes: usize) -> usize {
        bytes.div_ceil(self.token_bytes_max)
    }

    /// The tokens of a whole prompt, special tokens included.
    pub(crate) fn encode(&self, text: &str) -> Result<Vec<u32>, GenerateError> {
        let mut tokens = Vec::with_capacity(text.len() / 2 + 1);
        let mut rest = text;
        while let Some((at, special, id)) = self.first_special(rest) {
            self.encode_plain(&rest[..at], &mut tokens)?;
            tokens.push(id);
            rest = &rest[at + special.len()..];
        }
        self.encode_plain(rest, &mut tokens)?;
        if let Some(begin) = self.vocabulary.begin.filter(|_| self.vocabulary.adds_begin)
            && tokens.first() != Some(&begin)
        {
            tokens.insert(0, begin);
        }
        Ok(tokens)
    }

    /// Marks every control token in a text that came from outside, so that [`Self::encode`] reads it as plain
    /// text: a question cannot end its own turn and begin one of another role.
    pub(crate) fn fence(&self, text: &str) -> String {
        let text = text.replace(FENCE, "");
        let mut fenced = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some((at, special, id)) = self.first_special(rest) {
            let (head, tail) = rest[at..].split_at(rest[at..].chars().next().map_or(0, char::len_utf8));
            fenced.push_str(&rest[..at]);
            fenced.push_str(head);
            if self.vocabulary.is_control(id) {
                fenced.push(FENCE);
                rest = tail;
            } else {
                fenced.push_str(&special[head.len()..]);
                rest = &rest[at + special.len()..];
            }
        }
        fenced.push_str(rest);
        fenced
    }

    fn encode_plain(&self, text: &str, tokens: &mut Vec<u32>) -> Result<(), GenerateError> {
        if text.is_empty() {
            return Ok(());
        }
        let text = text.replace(FENCE, "");
        let encoded = self.bpe.encode_fast(text, false).map_err(|error| {
            tracing::error!(%error, "the tokenizer failed");
            GenerateError::Fault
        })?;
        tokens.extend_from_slice(encoded.get_ids());
        Ok(())
    }

    /// Where the first special token is.
    fn first_special(&self, text: &str) -> Option<(usize, &str, u32)> {
        let begins = |byte: u8| self.specials.iter().any(|(special, _)| special.as_bytes()[0] == byte);
        let mut asked: [Option<bool>; 256] = [None; 256];
        let bytes = text.as_bytes();
        (0..bytes.len())
            .filter(|at| *asked[bytes[*at] as usize].get_or_insert_with(|| begins(bytes[*at])))
            .find_map(|at| {
                let here =
                    self.specials.iter().find(|(special, _)| bytes[at..].starts_with(special.as_bytes()));
                here.map(|(special, id)| (at, special.as_str(), *id))
            })
    }
}

impl Family {
    fn read(gguf: &Gguf) -> Result<Self, LoadError> {
        match gguf.text("tokenizer.ggml.pre").unwrap_or("default") {
            "gpt-2" | "gpt2" => Ok(Self::Gpt2),
            "smollm" => Ok(Self::SmolLm),
            "qwen2" | "deepseek-r1-qwen" => Ok(Self::Qwen2),
            "llama-bpe" | "llama3" | "llama-v3" => Ok(Self::Llama3),
            other => Err(LoadError::Tokenizer(format!(
                "its splitting rule is `{other}`, supported are gpt-2, smollm, qwen2 and llama-bpe"
            ))),
        }
    }

    fn splitter(&self) -> tokenizers::Result<PreTokenizerWrapper> {
        let split = |regex: &str| {
            let pattern = SplitPattern::Regex(regex.to_owned());
            Split::new(pattern, SplitDelimiterBehavior::Isolated, false).map(PreTokenizerWrapper::from)
        };
        let gpt2 = ByteLevel::new(false, false, true);
        let bytes_only = ByteLevel::new(false, false, false);
        let steps = match self {
            Self::Gpt2 => return Ok(gpt2.into()),
            Self::SmolLm => vec![split(r"\p{N}")?, gpt2.into()],
            Self::Qwen2 => vec![split(QWEN2)?, bytes_only.into()],
            Self::Llama3 => vec![split(LLAMA3)?, bytes_only.into()],
        };
        Ok(Sequence::new(steps).into())
    }
}

/// Builds the merge table. Checked first, because the builder trusts that every merge gives a token.
fn merges(gguf: &Gguf, whole_words_first: bool) -> Result<BPE, LoadError> {
    let tokens = gguf.texts("tokenizer.ggml.tokens");
    let lines = gguf.texts("tokenizer.ggml.merges");
    if lines.is_empty() {
        return Err(LoadError::MissingKey("tokenizer.ggml.merges".to_owned()));
    }
    let known: HashSet<&str> = tokens.iter().map(String::as_str).collect();
    let pair = |line: &String| {
        let (left, right) = line.split_once(' ')?;
        let all_known = [left, right, &format!("{left}{right}")].iter().all(|part| known.contains(part));
        all_known.then(|| (left.to_owned(), right.to_owned()))
    };
    let merges = lines.iter().map(|line| {
        pair(line).ok_or_else(|| LoadError::Tokenizer(format!("the merge `{line}` gives no known token")))
    });
    let merges = merges.collect::<Result<Vec<_>, _>>()?;
    let vocabulary: tokenizers::models::bpe::Vocab = tokens.iter().cloned().zip(0_u32..).collect();
    let builder = BPE::builder().vocab_and_merges(vocabulary, merges).ignore_merges(whole_words_first);
    builder.build().map_err(|e| LoadError::Tokenizer(e.to_string()))
}
