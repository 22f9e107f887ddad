//! The weights of a Llama-like model and how they are named in the file.

use candle_core::quantized::GgmlDType;
use candle_core::{DType, Device, Tensor};

use super::super::error::LoadError;
use super::super::gguf::{Gguf, RawTensor};
use super::super::matrix::{self, Matrix};
use super::hyper::Hyper;
use super::rope::Rope;

/// A loaded model. Immutable; generations share it.
pub(crate) struct Model {
    pub(crate) hyper: Hyper,
    pub(super) embedding: Box<dyn Matrix>,
    pub(super) blocks: Vec<Block>,
    pub(super) norm: Vec<f32>,
    /// `None` if the embedding serves for the output too.
    pub(super) output: Option<Box<dyn Matrix>>,
    pub(super) rope: Rope,
}

/// One layer.
pub(super) struct Block {
    pub(super) attention_norm: Vec<f32>,
    pub(super) query: Linear,
    pub(super) key: Linear,
    pub(super) value: Linear,
    pub(super) attention_output: Linear,
    /// Per-head norms of queries and keys (qwen3).
    pub(super) head_norms: Option<(Vec<f32>, Vec<f32>)>,
    pub(super) feed_norm: Vec<f32>,
    pub(super) gate: Linear,
    pub(super) up: Linear,
    pub(super) down: Linear,
}

/// A matrix and, in some models, a bias.
pub(super) struct Linear {
    pub(super) weight: Box<dyn Matrix>,
    pub(super) bias: Option<Vec<f32>>,
    pub(super) outputs: usize,
}

impl Model {
    /// Reads hyperparameters and weights.
    pub(crate) fn load(gguf: &mut Gguf) -> Result<Self, LoadError> {
        let hyper = Hyper::read(gguf)?;
        let embedding = matrix(gguf, "token_embd.weight", hyper.vocabulary, hyper.width)?;
        let blocks =
            (0..hyper.layers).map(|layer| Block::load(gguf, &hyper, layer)).collect::<Result<_, _>>()?;
        let norm = vector(gguf, "output_norm.weight", hyper.width)?;
        let output = match gguf.shape("output.weight") {
            Some(_) => Some(matrix(gguf, "output.weight", hyper.vocabulary, hyper.width)?),
            None => None,
        };
        let factors = optional_vector(gguf, "rope_freqs.weight", hyper.rope_width / 2)?.unwrap_or_default();
        let rope = Rope::new(&hyper, &factors);
        Ok(Self { hyper, embedding, blocks, norm, output, rope })
    }
}

impl Block {
    fn load(gguf: &mut Gguf, hyper: &Hyper, layer: usize) -> Result<Self, LoadError> {
        let name = |part: &str| format!("blk.{layer}.{part}");
        let (width, inner) = (hyper.width, hyper.inner_width);
        let query_norm = optional_vector(gguf, &name("attn_q_norm.weight"), hyper.head_width)?;
        let key_norm = optional_vector(gguf, &name("attn_k_norm.weight"), hyper.head_width)?;
        let mut linear = |part: &str, outputs, inputs| Linear::load(gguf, &name(part), outputs, inputs);
        Ok(Self {
            query: linear("attn_q", hyper.query_width(), width)?,
            key: linear("attn_k", hyper.kv_width(), width)?,
            value: linear("attn_v", hyper.kv_width(), width)?,
            attention_output: linear("attn_output", width, hyper.query_width())?,
            gate: linear("ffn_gate", inner, width)?,
            up: linear("ffn_up", inner, width)?,
            down: linear("ffn_down", width, inner)?,
            head_norms: query_norm.zip(key_norm),
            attention_norm: vector(gguf, &name("attn_norm.weight"), width)?,
            feed_norm: vector(gguf, &name("ffn_norm.weight"), width)?,
        })
    }
}

impl Linear {
    fn load(gguf: &mut Gguf, name: &str, outputs: usize, inputs: usize) -> Result<Self, LoadError> {
        let weight = matrix(gguf, &format!("{name}.weight"), outputs, inputs)?;
        let bias = optional_vector(gguf, &format!("{name}.bias"), outputs)?;
        Ok(Self { weight, bias, outputs })
    }
}

fn matrix(gguf: &mut Gguf, name: &str, outputs: usize, inputs: usize) -> Result<Box<dyn Matrix>, LoadError> {
    let raw = read(gguf, name, &[outputs, inputs])?;
    matrix::from_raw(raw).map_err(|e| LoadError::Malformed(format!("tensor `{name}`: {e}")))
}

fn vector(gguf: &mut Gguf, name: &str, len: usize) -> Result<Vec<f32>, LoadError> {
    let raw = read(gguf, name, &[len])?;
    let dtype = match raw.dtype {
        GgmlDType::F32 => DType::F32,
        GgmlDType::F16 => DType::F16,
        GgmlDType::BF16 => DType::BF16,
        other => {
            return Err(LoadError::Quantization { tensor: name.to_owned(), found: format!("{other:?}") });
        }
    };
    let numbers = Tensor::from_raw_buffer(&raw.bytes, dtype, &[len], &Device::Cpu)
        .and_then(|tensor| tensor.to_dtype(DType::F32)?.to_vec1());
    numbers.map_err(|e| LoadError::Malformed(format!("tensor `{name}`: {e}")))
}

fn optional_vector(gguf: &mut Gguf, name: &str, len: usize) -> Result<Option<Vec<f32>>, LoadError> {
    gguf.shape(name).is_some().then_some(()).map(|()| vector(gguf, name, len)).transpose()
}

fn read(gguf: &mut Gguf, name: &str, expected: &[usize]) -> Result<RawTensor, LoadError> {
    let found = gguf.shape(name).ok_or_else(|| LoadError::MissingTensor(name.to_owned()))?;
    if found != expected {
        let (name, found, expected) = (name.to_owned(), found.to_vec(), expected.to_vec());
        return Err(LoadError::Shape { name, found, expected });
    }
    gguf.tensor(name)
}
