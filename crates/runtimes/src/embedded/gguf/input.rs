//! A GGUF file as a stream of little-endian values that cannot be read past its end.

use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::PathBuf;

use super::super::error::LoadError;
use super::file::Source;

const ARRAY_LEN_MAX: u64 = 1 << 22;
const STRING_BYTES_MAX: u64 = 1 << 24;
const DIMENSIONS_MAX: u32 = 4;

trait Bytes: Read + Seek + Send {}
impl<T: Read + Seek + Send> Bytes for T {}

/// A metadata value.
#[derive(Debug)]
pub(super) enum Value {
    Integer(i64),
    Float(f64),
    Bool(bool),
    Text(String),
    Texts(Vec<String>),
    Integers(Vec<i32>),
    /// An array that no supported model needs; its bytes were skipped.
    Skipped,
}

/// Where a tensor lies and what it is.
#[derive(Debug)]
pub(super) struct TensorInfo {
    /// Rows first, the contiguous dimension last.
    pub(super) shape: Vec<usize>,
    pub(super) kind: u32,
    pub(super) offset: u64,
}

/// The file as a stream of little-endian values that cannot be read past its end.
pub(super) struct Input {
    reader: Box<dyn Bytes>,
    pub(super) position: u64,
    pub(super) len: u64,
    path: PathBuf,
}

impl Input {
    pub(super) fn open(source: &Source) -> Result<Self, LoadError> {
        let (mut reader, path): (Box<dyn Bytes>, _) = match source {
            Source::Static(bytes) => (Box::new(Cursor::new(*bytes)), PathBuf::from("(built in)")),
            Source::Path(path) => {
                let file = File::open(path);
                let file = file.map_err(|source| LoadError::Open { path: path.clone(), source })?;
                (Box::new(BufReader::new(file)), path.clone())
            }
        };
        let len = reader.seek(SeekFrom::End(0)).and_then(|len| reader.rewind().map(|()| len));
        let len = len.map_err(|source| LoadError::Open { path: path.clone(), source })?;
        Ok(Self { reader, position: 0, len, path })
    }

    fn check(&self, what: &str, needed: u64) -> Result<(), LoadError> {
        let left = self.len.saturating_sub(self.position);
        if needed <= left {
            return Ok(());
        }
        Err(LoadError::Truncated { what: what.to_owned(), needed, left })
    }

    fn fill(&mut self, what: &str, buffer: &mut [u8]) -> Result<(), LoadError> {
        self.check(what, buffer.len() as u64)?;
        let read = self.reader.read_exact(buffer);
        read.map_err(|source| LoadError::Open { path: self.path.clone(), source })?;
        self.position += buffer.len() as u64;
        Ok(())
    }

    pub(super) fn array<const N: usize>(&mut self, what: &str) -> Result<[u8; N], LoadError> {
        let mut bytes = [0; N];
        self.fill(what, &mut bytes)?;
        Ok(bytes)
    }

    pub(super) fn u32(&mut self, what: &str) -> Result<u32, LoadError> {
        self.array(what).map(u32::from_le_bytes)
    }

    fn u64(&mut self, what: &str) -> Result<u64, LoadError> {
        self.array(what).map(u64::from_le_bytes)
    }

    pub(super) fn count(&mut self, what: &str, max: u64) -> Result<u64, LoadError> {
        let count = self.u64(what)?;
        if count > max {
            return Err(LoadError::Malformed(format!("{count} {what}, at most {max} are possible")));
        }
        Ok(count)
    }

    fn string(&mut self, what: &str) -> Result<String, LoadError> {
        let len = self.count(what, STRING_BYTES_MAX)?;
        self.check(what, len)?;
        let mut bytes = vec![0; len as usize];
        self.fill(what, &mut bytes)?;
        Ok(String::from_utf8(bytes).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned()))
    }

    pub(super) fn entry(&mut self) -> Result<(String, Value), LoadError> {
        let key = self.string("a metadata key")?;
        let kind = self.u32(&key)?;
        let value = if kind == 9 { self.list(&key)? } else { self.scalar(&key, kind)? };
        Ok((key, value))
    }

    fn scalar(&mut self, key: &str, kind: u32) -> Result<Value, LoadError> {
        Ok(match kind {
            0 => Value::Integer(i64::from(u8::from_le_bytes(self.array(key)?))),
            1 => Value::Integer(i64::from(i8::from_le_bytes(self.array(key)?))),
            2 => Value::Integer(i64::from(u16::from_le_bytes(self.array(key)?))),
            3 => Value::Integer(i64::from(i16::from_le_bytes(self.array(key)?))),
            4 => Value::Integer(i64::from(self.u32(key)?)),
            5 => Value::Integer(i64::from(i32::from_le_bytes(self.array(key)?))),
            6 => Value::Float(f64::from(f32::from_le_bytes(self.array(key)?))),
            7 => Value::Bool(self.array::<1>(key)?[0] != 0),
            8 => Value::Text(self.string(key)?),
            10 => Value::Integer(i64::try_from(self.u64(key)?).unwrap_or(i64::MAX)),
            11 => Value::Integer(i64::from_le_bytes(self.array(key)?)),
            12 => Value::Float(f64::from_le_bytes(self.array(key)?)),
            other => return Err(LoadError::Malformed(format!("`{key}` has the unknown type {other}"))),
        })
    }

    fn list(&mut self, key: &str) -> Result<Value, LoadError> {
        let kind = self.u32(key)?;
        let len = self.count(key, ARRAY_LEN_MAX)?;
        let item_bytes = match kind {
            0 | 1 | 7 => 1,
            2 | 3 => 2,
            4..=6 => 4,
            8 | 10..=12 => 8,
            other => return Err(LoadError::Malformed(format!("`{key}` is a list of type {other}"))),
        };
        self.check(key, len * item_bytes)?;
        match kind {
            8 => (0..len).map(|_| self.string(key)).collect::<Result<_, _>>().map(Value::Texts),
            4 | 5 => (0..len)
                .map(|_| self.array(key).map(i32::from_le_bytes))
                .collect::<Result<_, _>>()
                .map(Value::Integers),
            _ => {
                self.seek(self.position + len * item_bytes)?;
                Ok(Value::Skipped)
            }
        }
    }

    pub(super) fn tensor_info(&mut self) -> Result<(String, TensorInfo), LoadError> {
        let name = self.string("a tensor's name")?;
        let dimensions = self.u32(&name)?;
        if !(1..=DIMENSIONS_MAX).contains(&dimensions) {
            return Err(LoadError::Malformed(format!("tensor `{name}` has {dimensions} dimensions")));
        }
        let mut shape = Vec::with_capacity(dimensions as usize);
        for _ in 0..dimensions {
            let side = usize::try_from(self.u64(&name)?);
            shape.push(side.map_err(|_| LoadError::Malformed(format!("the shape of tensor `{name}`")))?);
        }
        shape.reverse();
        let kind = self.u32(&name)?;
        let offset = self.u64(&name)?;
        Ok((name, TensorInfo { shape, kind, offset }))
    }

    pub(super) fn bytes_at(&mut self, start: u64, len: u64) -> Result<Vec<u8>, LoadError> {
        self.seek(start)?;
        self.check("a tensor", len)?;
        let mut bytes = vec![0; len as usize];
        self.fill("a tensor", &mut bytes)?;
        Ok(bytes)
    }

    fn seek(&mut self, to: u64) -> Result<(), LoadError> {
        let sought = self.reader.seek(SeekFrom::Start(to));
        sought.map_err(|source| LoadError::Open { path: self.path.clone(), source })?;
        self.position = to;
        Ok(())
    }
}
