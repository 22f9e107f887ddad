//! The numbers that shape a model, read from the file's metadata and checked for sense.

use super::super::error::LoadError;
use super::super::gguf::Gguf;

const LAYERS_MAX: usize = 1024;
const CONTEXT_MAX: usize = 1 << 24;

/// Hyperparameters of a Llama-like model.
#[derive(Clone, Debug)]
pub(crate) struct Hyper {
    /// The family, which is the prefix of its metadata keys.
    pub(crate) arch: String,
    /// Tokens of prompt and answer together that it was trained for.
    pub(crate) context_tokens: usize,
    pub(crate) vocabulary: usize,
    pub(crate) width: usize,
    pub(crate) inner_width: usize,
    pub(crate) layers: usize,
    pub(crate) heads: usize,
    pub(crate) kv_heads: usize,
    pub(crate) head_width: usize,
    pub(crate) norm_epsilon: f32,
    pub(crate) pairing: Pairing,
    pub(crate) rope_base: f32,
    /// Positions are divided by this.
    pub(crate) rope_divisor: f32,
    /// How many numbers of a head are rotated.
    pub(crate) rope_width: usize,
}

/// Which two numbers of a head are rotated together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pairing {
    /// 0 and 1, 2 and 3, and so on (Llama).
    Adjacent,
    /// 0 and n/2, 1 and n/2+1, and so on (Qwen, from GPT-NeoX).
    Halves,
}

impl Hyper {
    pub(crate) fn read(gguf: &Gguf) -> Result<Self, LoadError> {
        let arch = gguf.need_text("general.architecture")?.to_owned();
        let pairing = match arch.as_str() {
            "llama" => Pairing::Adjacent,
            "qwen2" | "qwen3" => Pairing::Halves,
            _ => return Err(LoadError::Architecture(arch)),
        };
        let need = |name: &str| gguf.need_index(&format!("{arch}.{name}"));
        let &[vocabulary, width] = gguf
            .shape("token_embd.weight")
            .ok_or_else(|| LoadError::MissingTensor("token_embd.weight".to_owned()))?
        else {
            return Err(LoadError::Malformed("token_embd.weight is not a table".to_owned()));
        };
        let heads = need("attention.head_count")?;
        let head_width = gguf.index(&format!("{arch}.attention.key_length"));
        let head_width = head_width.or(width.checked_div(heads)).unwrap_or(0);
        let hyper = Self {
            context_tokens: need("context_length")?,
            vocabulary,
            width,
            inner_width: need("feed_forward_length")?,
            layers: need("block_count")?,
            heads,
            kv_heads: gguf.index(&format!("{arch}.attention.head_count_kv")).unwrap_or(heads),
            head_width,
            norm_epsilon: gguf
                .number(&format!("{arch}.attention.layer_norm_rms_epsilon"))
                .ok_or_else(|| LoadError::MissingKey(format!("{arch}.attention.layer_norm_rms_epsilon")))?,
            pairing,
            rope_base: gguf.number(&format!("{arch}.rope.freq_base")).unwrap_or(10_000.0),
            rope_divisor: rope_divisor(gguf, &arch)?,
            rope_width: gguf.index(&format!("{arch}.rope.dimension_count")).unwrap_or(head_width),
            arch,
        };
        hyper.check(gguf)?;
        Ok(hyper)
    }

    /// Numbers of one position's keys, or values, in one layer.
    pub(crate) fn kv_width(&self) -> usize {
        self.kv_heads * self.head_width
    }

    /// Numbers of one position's queries in one layer.
    pub(crate) fn query_width(&self) -> usize {
        self.heads * self.head_width
    }

    fn check(&self, gguf: &Gguf) -> Result<(), LoadError> {
        let value_width = gguf.index(&format!("{}.attention.value_length", self.arch));
        let faults = [
            ("the width", self.width == 0 || self.inner_width == 0),
            ("the number of layers", self.layers == 0 || self.layers > LAYERS_MAX),
            ("the context length", self.context_tokens < 2 || self.context_tokens > CONTEXT_MAX),
            ("the vocabulary", self.vocabulary == 0 || u32::try_from(self.vocabulary).is_err()),
            ("the number of heads", self.heads == 0 || self.heads > self.width),
            ("the number of key heads", self.kv_heads == 0 || !self.heads.is_multiple_of(self.kv_heads)),
            ("the width of a head", self.head_width == 0 || self.head_width > 1024),
            ("the width of a value head", value_width.is_some_and(|w| w != self.head_width)),
            ("the rotated width", !self.rope_width.is_multiple_of(2) || self.rope_width > self.head_width),
            ("the rope base", self.rope_base <= 0.0 || self.rope_divisor <= 0.0),
            ("the norm's epsilon", self.norm_epsilon.is_nan() || self.norm_epsilon < 0.0),
        ];
        match faults.iter().find(|(_, fault)| *fault) {
            Some((what, _)) => Err(LoadError::Malformed(format!("{what} makes no sense: {self:?}"))),
            None => Ok(()),
        }
    }
}

fn rope_divisor(gguf: &Gguf, arch: &str) -> Result<f32, LoadError> {
    let factor = gguf.number(&format!("{arch}.rope.scaling.factor"));
    match gguf.text(&format!("{arch}.rope.scaling.type")) {
        None if factor.is_none() => Ok(gguf.number(&format!("{arch}.rope.scale_linear")).unwrap_or(1.0)),
        Some("none") => Ok(1.0),
        None | Some("linear") => Ok(factor.unwrap_or(1.0)),
        Some(other) => Err(LoadError::Unsupported(format!("rope scaling of type `{other}`"))),
    }
}
