//! The file's list of tokens: their kinds, their bytes, and which of them end an answer.

use super::super::error::LoadError;
use super::super::gguf::Gguf;

/// Texts of tokens that end an answer in the known model families, whatever the file's keys say.
const END_TEXTS: [&str; 9] = [
    "<|im_end|>",
    "<|endoftext|>",
    "<|eot_id|>",
    "<|eom_id|>",
    "<|end_of_text|>",
    "<|end|>",
    "<|return|>",
    "<end_of_turn>",
    "<|eot|>",
];

const END_KEYS: [&str; 3] =
    ["tokenizer.ggml.eos_token_id", "tokenizer.ggml.eot_token_id", "tokenizer.ggml.eom_token_id"];

/// Every token of the model.
pub(crate) struct Vocabulary {
    tokens: Vec<Token>,
    ends: Vec<u32>,
    /// The token before everything, if the model has one, and whether a prompt must begin with it.
    pub(crate) begin: Option<u32>,
    pub(crate) adds_begin: bool,
}

struct Token {
    text: String,
    kind: TokenKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TokenKind {
    /// Bytes of text, written in GPT-2's printable form.
    Normal,
    /// Steers the model and is never shown.
    Control,
    /// Matched whole, and shown as it is.
    UserDefined,
    /// Never to be produced.
    Unused,
}

impl Vocabulary {
    pub(crate) fn read(gguf: &Gguf, adds_begin_default: bool) -> Result<Self, LoadError> {
        let texts = gguf.texts("tokenizer.ggml.tokens");
        if texts.is_empty() {
            return Err(LoadError::MissingKey("tokenizer.ggml.tokens".to_owned()));
        }
        let kinds = gguf.integers("tokenizer.ggml.token_type");
        let token = |(id, text): (usize, &String)| {
            let kind = match kinds.get(id).copied().unwrap_or(1) {
                2 | 3 => TokenKind::Control,
                4 => TokenKind::UserDefined,
                5 => TokenKind::Unused,
                _ => TokenKind::Normal,
            };
            Token { text: text.clone(), kind }
        };
        let tokens: Vec<Token> = texts.iter().enumerate().map(token).collect();
        let id = |key: &str| gguf.index(key).filter(|id| *id < tokens.len()).map(|id| id as u32);
        let mut ends: Vec<u32> = END_KEYS.iter().filter_map(|key| id(key)).collect();
        let is_end = |token: &Token| token.kind != TokenKind::Normal && END_TEXTS.contains(&&*token.text);
        ends.extend((0..tokens.len() as u32).filter(|id| is_end(&tokens[*id as usize])));
        let begin = id("tokenizer.ggml.bos_token_id");
        let adds_begin = gguf.flag("tokenizer.ggml.add_bos_token").unwrap_or(adds_begin_default);
        Ok(Self { ends, begin, adds_begin, tokens })
    }

    pub(crate) fn len(&self) -> usize {
        self.tokens.len()
    }

    /// The text of a token as the file writes it.
    pub(crate) fn text(&self, id: u32) -> &str {
        self.tokens.get(id as usize).map_or("", |token| &token.text)
    }

    /// Whether this token ends the answer.
    pub(crate) fn ends_answer(&self, id: u32) -> bool {
        self.ends.contains(&id)
    }

    /// The first token that ends an answer; templates call it `eos_token`.
    pub(crate) fn end(&self) -> Option<u32> {
        self.ends.first().copied()
    }

    /// Whether this token steers the model and is never shown.
    pub(crate) fn is_control(&self, id: u32) -> bool {
        self.tokens.get(id as usize).is_some_and(|token| token.kind == TokenKind::Control)
    }

    /// Tokens that are matched whole, before the text around them is split.
    pub(crate) fn specials(&self) -> impl Iterator<Item = (&str, u32)> {
        let special = |kind| matches!(kind, TokenKind::Control | TokenKind::UserDefined);
        let with_ids = self.tokens.iter().zip(0_u32..);
        with_ids.filter(move |(t, _)| special(t.kind) && !t.text.is_empty()).map(|(t, id)| (&*t.text, id))
    }

    /// Appends what the token shows to a person: bytes, which need not be whole characters.
    pub(crate) fn show(&self, id: u32, into: &mut Vec<u8>) {
        let Some(token) = self.tokens.get(id as usize) else { return };
        match token.kind {
            TokenKind::Control | TokenKind::Unused => {}
            TokenKind::UserDefined => into.extend_from_slice(token.text.as_bytes()),
            TokenKind::Normal => token.text.chars().for_each(|c| push_byte(c, into)),
        }
    }
}

/// Undoes GPT-2's printable form of bytes: 188 of them stand for themselves, the other 68 are counted up from
/// U+0100 in order. A character that stands for no byte is kept as it is.
fn push_byte(c: char, into: &mut Vec<u8>) {
    let byte = match u32::from(c) {
        code @ (0x21..=0x7E | 0xA1..=0xAC | 0xAE..=0xFF) => code,
        code @ 0x100..=0x120 => code - 0x100,
        code @ 0x121..=0x142 => code - 0x121 + 0x7F,
        0x143 => 0xAD,
        _ => return into.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
    };
    into.push(byte as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_comes_back_from_its_printable_form() {
        let stands_for_itself = |b: &u8| matches!(b, 0x21..=0x7E | 0xA1..=0xAC | 0xAE..=0xFF);
        let mut others = 0_u32;
        for byte in 0..=255_u8 {
            let printable = if stands_for_itself(&byte) {
                char::from(byte)
            } else {
                others += 1;
                char::from_u32(0xFF + others).unwrap()
            };
            let mut back = Vec::new();
            push_byte(printable, &mut back);
            assert_eq!(back, [byte], "{printable:?}");
        }
    }
}
