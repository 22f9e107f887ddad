//! Tiny models for tests: random weights, written as real GGUF files by candle's own writer.

use std::io::Cursor;

use candle_core::quantized::gguf_file::{Value, write};
use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{Device, Tensor};

use super::gguf::{Gguf, Source};

/// The shape of a test model.
#[derive(Clone)]
pub(crate) struct Tiny {
    pub(crate) arch: &'static str,
    pub(crate) dtype: GgmlDType,
    pub(crate) width: usize,
    pub(crate) heads: usize,
    pub(crate) kv_heads: usize,
    pub(crate) tied: bool,
    pub(crate) context: u32,
    /// Written over the usual keys.
    pub(crate) keys: Vec<(String, Value)>,
    /// Left out.
    pub(crate) without: Vec<&'static str>,
}

pub(crate) const SPECIALS: [&str; 3] = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"];
pub(crate) const MERGES: [(&str, &str); 5] =
    [("h", "e"), ("l", "l"), ("he", "ll"), ("hell", "o"), ("1", "2")];
pub(crate) const INNER: usize = 64;
pub(crate) const LAYERS: usize = 2;

impl Tiny {
    pub(crate) fn llama() -> Self {
        Self {
            arch: "llama",
            dtype: GgmlDType::Q8_0,
            width: 64,
            heads: 4,
            kv_heads: 2,
            tied: true,
            context: 256,
            keys: Vec::new(),
            without: Vec::new(),
        }
    }

    pub(crate) fn qwen(arch: &'static str) -> Self {
        Self { arch, tied: false, ..Self::llama() }
    }

    pub(crate) fn with(mut self, key: &str, value: Value) -> Self {
        self.keys.push((key.to_owned(), value));
        self
    }

    pub(crate) fn source(&self) -> Source {
        Source::Static(Box::leak(self.bytes().into_boxed_slice()))
    }

    pub(crate) fn gguf(&self) -> Gguf {
        Gguf::open(&self.source()).unwrap()
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut keys = self.metadata();
        keys.extend(self.keys.clone());
        keys.retain(|(key, _)| !self.without.contains(&key.as_str()));
        let keys: Vec<(&str, &Value)> = keys.iter().map(|(key, value)| (key.as_str(), value)).collect();
        let tensors = self.tensors();
        let tensors: Vec<(&str, &QTensor)> = tensors.iter().map(|(name, t)| (name.as_str(), t)).collect();
        let mut file = Cursor::new(Vec::new());
        write(&mut file, &keys, &tensors).unwrap();
        file.into_inner()
    }

    fn metadata(&self) -> Vec<(String, Value)> {
        let tokens = tokens();
        let kind = |id: usize| Value::I32(if id < SPECIALS.len() { 3 } else { 1 });
        let kinds = (0..tokens.len()).map(kind).collect();
        let texts = |all: Vec<String>| Value::Array(all.into_iter().map(Value::String).collect());
        let merges = MERGES.iter().map(|(a, b)| format!("{a} {b}")).collect();
        let own = |key: &str, value| (format!("{}.{key}", self.arch), value);
        let text = |key: &str, value: &str| (key.to_owned(), Value::String(value.to_owned()));
        vec![
            text("general.architecture", self.arch),
            text("general.name", "tiny"),
            text("tokenizer.ggml.model", "gpt2"),
            text("tokenizer.ggml.pre", "gpt-2"),
            ("tokenizer.ggml.tokens".to_owned(), texts(tokens)),
            ("tokenizer.ggml.token_type".to_owned(), Value::Array(kinds)),
            ("tokenizer.ggml.merges".to_owned(), texts(merges)),
            ("tokenizer.ggml.eos_token_id".to_owned(), Value::U32(2)),
            own("context_length", Value::U32(self.context)),
            own("embedding_length", Value::U32(self.width as u32)),
            own("feed_forward_length", Value::U32(INNER as u32)),
            own("block_count", Value::U32(LAYERS as u32)),
            own("attention.head_count", Value::U32(self.heads as u32)),
            own("attention.head_count_kv", Value::U32(self.kv_heads as u32)),
            own("attention.layer_norm_rms_epsilon", Value::F32(1e-5)),
        ]
    }

    fn tensors(&self) -> Vec<(String, QTensor)> {
        let head = self.width / self.heads;
        let (kv, vocabulary) = (self.kv_heads * head, tokens().len());
        let mut random = Random(42);
        let mut matrix =
            |name: String, rows, columns| (name, quantized(&mut random, rows, columns, self.dtype));
        let mut all = vec![matrix("token_embd.weight".to_owned(), vocabulary, self.width)];
        if !self.tied {
            all.push(matrix("output.weight".to_owned(), vocabulary, self.width));
        }
        for layer in 0..LAYERS {
            let named = |part: &str| format!("blk.{layer}.{part}.weight");
            all.push(matrix(named("attn_q"), self.width, self.width));
            all.push(matrix(named("attn_k"), kv, self.width));
            all.push(matrix(named("attn_v"), kv, self.width));
            all.push(matrix(named("attn_output"), self.width, self.width));
            all.push(matrix(named("ffn_gate"), INNER, self.width));
            all.push(matrix(named("ffn_up"), INNER, self.width));
            all.push(matrix(named("ffn_down"), self.width, INNER));
        }
        let mut vector = |name: String, len, around: f32| all.push((name, plain(&mut random, len, around)));
        vector("output_norm.weight".to_owned(), self.width, 1.0);
        for layer in 0..LAYERS {
            let named = |part: &str| format!("blk.{layer}.{part}");
            vector(named("attn_norm.weight"), self.width, 1.0);
            vector(named("ffn_norm.weight"), self.width, 1.0);
            if self.arch == "qwen3" {
                vector(named("attn_q_norm.weight"), head, 1.0);
                vector(named("attn_k_norm.weight"), head, 1.0);
            }
            if self.arch == "qwen2" {
                vector(named("attn_q.bias"), self.width, 0.0);
                vector(named("attn_k.bias"), kv, 0.0);
                vector(named("attn_v.bias"), kv, 0.0);
            }
        }
        all
    }
}

/// Special tokens, every byte in GPT-2's printable form, and the merged tokens.
fn tokens() -> Vec<String> {
    let printable = |b: &u8| matches!(b, 0x21..=0x7E | 0xA1..=0xAC | 0xAE..=0xFF);
    let mut others = 0xFF;
    let byte = |b: u8| {
        if printable(&b) {
            return char::from(b).to_string();
        }
        others += 1;
        char::from_u32(others).unwrap().to_string()
    };
    let merged = MERGES.iter().map(|(a, b)| format!("{a}{b}"));
    SPECIALS.iter().map(|s| (*s).to_owned()).chain((0..=255).map(byte)).chain(merged).collect()
}

struct Random(u32);

impl Random {
    fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) as f32 / (1 << 24) as f32 - 0.5
    }
}

fn quantized(random: &mut Random, rows: usize, columns: usize, dtype: GgmlDType) -> QTensor {
    let numbers: Vec<f32> = (0..rows * columns).map(|_| random.next()).collect();
    let tensor = Tensor::from_vec(numbers, (rows, columns), &Device::Cpu).unwrap();
    QTensor::quantize(&tensor, dtype).unwrap()
}

fn plain(random: &mut Random, len: usize, around: f32) -> QTensor {
    let numbers: Vec<f32> = (0..len).map(|_| around + 0.2 * random.next()).collect();
    let tensor = Tensor::from_vec(numbers, len, &Device::Cpu).unwrap();
    QTensor::quantize(&tensor, GgmlDType::F32).unwrap()
}
