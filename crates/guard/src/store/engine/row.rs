//! Values that go to the database and come back, the same for both engines.

use crate::store::StoreError;
use crate::{Digest, UnixSeconds};

/// A value for a placeholder. `None` is NULL.
#[derive(Clone, Copy)]
pub(in crate::store) enum Param<'a> {
    Text(Option<&'a str>),
    Int(Option<i64>),
    Bytes(Option<&'a [u8]>),
}

impl Param<'_> {
    pub(super) fn holds_nul(&self) -> bool {
        matches!(self, Self::Text(Some(text)) if text.contains('\0'))
    }
}

impl<'a> From<&'a str> for Param<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Some(text))
    }
}

impl<'a> From<&'a String> for Param<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(Some(text))
    }
}

impl<'a> From<Option<&'a str>> for Param<'a> {
    fn from(text: Option<&'a str>) -> Self {
        Self::Text(text)
    }
}

/// Both databases count in `i64`; what does not fit is the end of time.
impl From<u64> for Param<'_> {
    fn from(number: u64) -> Self {
        Self::Int(Some(i64::try_from(number).unwrap_or(i64::MAX)))
    }
}

impl From<UnixSeconds> for Param<'_> {
    fn from(at: UnixSeconds) -> Self {
        at.0.into()
    }
}

impl From<Option<UnixSeconds>> for Param<'_> {
    fn from(at: Option<UnixSeconds>) -> Self {
        at.map_or(Self::Int(None), Self::from)
    }
}

impl<'a> From<&'a Digest> for Param<'a> {
    fn from(digest: &'a Digest) -> Self {
        Self::Bytes(Some(digest))
    }
}

impl<'a> From<Option<&'a Digest>> for Param<'a> {
    fn from(digest: Option<&'a Digest>) -> Self {
        Self::Bytes(digest.map(|digest| &digest[..]))
    }
}

impl<'a> From<&'a Vec<u8>> for Param<'a> {
    fn from(bytes: &'a Vec<u8>) -> Self {
        Self::Bytes(Some(bytes))
    }
}

macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::store::engine::Param::from($value)),*] };
}
pub(in crate::store) use params;

/// A value that came back.
#[derive(Debug)]
pub(super) enum Value {
    Null,
    Text(String),
    Int(i64),
    Bytes(Vec<u8>),
}

/// A row that came back; its columns are taken from the left.
pub(in crate::store) struct Row(std::vec::IntoIter<Value>);

impl Row {
    pub(super) fn new(values: Vec<Value>) -> Self {
        Self(values.into_iter())
    }

    pub(in crate::store) fn text(&mut self) -> Result<String, Fault> {
        self.maybe_text()?.ok_or(Fault::Shape)
    }

    pub(in crate::store) fn maybe_text(&mut self) -> Result<Option<String>, Fault> {
        match self.0.next() {
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(Value::Null) => Ok(None),
            _ => Err(Fault::Shape),
        }
    }

    /// A count; what is below zero was never written by us and reads as zero.
    pub(in crate::store) fn number(&mut self) -> Result<u64, Fault> {
        self.maybe_number()?.ok_or(Fault::Shape)
    }

    fn maybe_number(&mut self) -> Result<Option<u64>, Fault> {
        match self.0.next() {
            Some(Value::Int(number)) => Ok(Some(u64::try_from(number).unwrap_or(0))),
            Some(Value::Null) => Ok(None),
            _ => Err(Fault::Shape),
        }
    }

    pub(in crate::store) fn moment(&mut self) -> Result<UnixSeconds, Fault> {
        self.number().map(UnixSeconds)
    }

    pub(in crate::store) fn maybe_moment(&mut self) -> Result<Option<UnixSeconds>, Fault> {
        Ok(self.maybe_number()?.map(UnixSeconds))
    }

    pub(in crate::store) fn bytes(&mut self) -> Result<Vec<u8>, Fault> {
        match self.0.next() {
            Some(Value::Bytes(bytes)) => Ok(bytes),
            _ => Err(Fault::Shape),
        }
    }

    pub(in crate::store) fn digest(&mut self) -> Result<Digest, Fault> {
        self.bytes()?.try_into().map_err(|_| Fault::Shape)
    }

    pub(in crate::store) fn maybe_digest(&mut self) -> Result<Option<Digest>, Fault> {
        match self.0.next() {
            Some(Value::Bytes(bytes)) => bytes.try_into().map(Some).map_err(|_| Fault::Shape),
            Some(Value::Null) => Ok(None),
            _ => Err(Fault::Shape),
        }
    }
}

/// Why a piece of work stopped. The engine makes a [`StoreError`] of it, or tries again.
#[derive(Debug)]
pub(in crate::store) enum Fault {
    /// SQLite said so.
    Sqlite(rusqlite::Error),
    /// Postgres said so.
    Postgres(::postgres::Error),
    /// A column is not what we write there.
    Shape,
    /// We said so ourselves.
    Store(StoreError),
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<::postgres::Error> for Fault {
    fn from(error: ::postgres::Error) -> Self {
        Self::Postgres(error)
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
