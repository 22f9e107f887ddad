//! The directory of a GGUF file with typed look-ups, and the bytes of one tensor at a time.

use std::collections::HashMap;
use std::path::PathBuf;

use candle_core::quantized::GgmlDType;

use super::super::error::LoadError;
use super::format::{byte_len, number_format};
use super::input::{Input, TensorInfo, Value};

const KEYS_MAX: u64 = 65_536;
const TENSORS_MAX: u64 = 65_536;
const ALIGNMENT_DEFAULT: u64 = 32;

/// Where a model comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A file.
    Path(PathBuf),
    /// Bytes that the program carries in itself.
    Static(&'static [u8]),
}

/// An open GGUF file.
pub(crate) struct Gguf {
    metadata: HashMap<String, Value>,
    tensors: HashMap<String, TensorInfo>,
    data_start: u64,
    /// Bytes of tensors that were read so far.
    read_bytes: u64,
    input: Input,
}

/// The bytes of one tensor, not yet decoded.
pub(crate) struct RawTensor {
    pub(crate) dtype: GgmlDType,
    pub(crate) shape: Vec<usize>,
    pub(crate) bytes: Vec<u8>,
}

impl Gguf {
    /// Opens the source and reads everything but the tensors' data.
    pub(crate) fn open(source: &Source) -> Result<Self, LoadError> {
        let mut input = Input::open(source)?;
        let magic: [u8; 4] = input.array("the file's first word")?;
        if &magic != b"GGUF" {
            return Err(LoadError::NotGguf { found: magic });
        }
        let version = input.u32("the version")?;
        if !(2..=3).contains(&version) {
            return Err(LoadError::Version(version));
        }
        let tensor_count = input.count("tensors", TENSORS_MAX)?;
        let key_count = input.count("metadata keys", KEYS_MAX)?;
        let metadata = (0..key_count).map(|_| input.entry()).collect::<Result<HashMap<_, _>, _>>()?;
        let tensors = (0..tensor_count).map(|_| input.tensor_info()).collect::<Result<HashMap<_, _>, _>>()?;
        let alignment = match metadata.get("general.alignment") {
            Some(Value::Integer(bytes @ 1..=65_536)) => *bytes as u64,
            None => ALIGNMENT_DEFAULT,
            Some(other) => return Err(LoadError::Malformed(format!("alignment {other:?}"))),
        };
        let data_start = input.position.next_multiple_of(alignment);
        Ok(Self { metadata, tensors, data_start, read_bytes: 0, input })
    }

    /// A text, if the key is there.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        match self.metadata.get(key) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// A whole number that is not negative, if the key is there.
    pub(crate) fn index(&self, key: &str) -> Option<usize> {
        match self.metadata.get(key) {
            Some(Value::Integer(n)) => usize::try_from(*n).ok(),
            _ => None,
        }
    }

    /// A finite number, if the key is there.
    pub(crate) fn number(&self, key: &str) -> Option<f32> {
        match self.metadata.get(key) {
            Some(Value::Float(n)) if n.is_finite() => Some(*n as f32),
            Some(Value::Integer(n)) => Some(*n as f32),
            _ => None,
        }
    }

    /// A yes or no, if the key is there.
    pub(crate) fn flag(&self, key: &str) -> Option<bool> {
        match self.metadata.get(key) {
            Some(Value::Bool(flag)) => Some(*flag),
            _ => None,
        }
    }

    /// A list of texts; empty if the key is not there.
    pub(crate) fn texts(&self, key: &str) -> &[String] {
        match self.metadata.get(key) {
            Some(Value::Texts(texts)) => texts,
            _ => &[],
        }
    }

    /// A list of whole numbers; empty if the key is not there.
    pub(crate) fn integers(&self, key: &str) -> &[i32] {
        match self.metadata.get(key) {
            Some(Value::Integers(numbers)) => numbers,
            _ => &[],
        }
    }

    /// As [`Self::text`], for a key that must be there.
    pub(crate) fn need_text(&self, key: &str) -> Result<&str, LoadError> {
        self.text(key).ok_or_else(|| LoadError::MissingKey(key.to_owned()))
    }

    /// As [`Self::index`], for a key that must be there.
    pub(crate) fn need_index(&self, key: &str) -> Result<usize, LoadError> {
        self.index(key).ok_or_else(|| LoadError::MissingKey(key.to_owned()))
    }

    /// The shape of a tensor, rows first, if it is there.
    pub(crate) fn shape(&self, name: &str) -> Option<&[usize]> {
        self.tensors.get(name).map(|tensor| tensor.shape.as_slice())
    }

    /// Reads one tensor. All that are read together cannot have more bytes than the file, so a file whose
    /// tensors lie on top of each other does not grow in memory.
    pub(crate) fn tensor(&mut self, name: &str) -> Result<RawTensor, LoadError> {
        let info = self.tensors.get(name).ok_or_else(|| LoadError::MissingTensor(name.to_owned()))?;
        let (label, dtype) = number_format(info.kind);
        let Some(dtype) = dtype else {
            return Err(LoadError::Quantization { tensor: name.to_owned(), found: label });
        };
        let needed = byte_len(dtype, &info.shape)
            .ok_or_else(|| LoadError::Malformed(format!("tensor `{name}` of shape {:?}", info.shape)))?;
        let start = self.data_start.saturating_add(info.offset);
        let left = self.input.len.saturating_sub(start);
        if needed > left {
            return Err(LoadError::Truncated { what: format!("tensor `{name}`"), needed, left });
        }
        self.read_bytes += needed;
        if self.read_bytes > self.input.len {
            return Err(LoadError::Malformed("its tensors overlap".to_owned()));
        }
        let bytes = self.input.bytes_at(start, needed)?;
        Ok(RawTensor { dtype, shape: info.shape.clone(), bytes })
    }
}
