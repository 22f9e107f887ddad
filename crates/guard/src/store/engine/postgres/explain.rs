//! What a Postgres error means to an operator.

use std::error::Error as _;
use std::io;

use ::postgres::Error;
use ::postgres::error::SqlState;

use super::super::row::Fault;
use crate::store::StoreError;

/// Whether the server could not serialize a transaction with another: it may be run again.
pub(super) fn is_conflict(error: &Error) -> bool {
    matches!(error.code(), Some(&SqlState::T_R_SERIALIZATION_FAILURE | &SqlState::T_R_DEADLOCK_DETECTED))
}

/// The error for the caller. Of the server's words only the message is shown: its details quote values.
pub(super) fn explain(place: &str, fault: Fault) -> StoreError {
    let place = place.to_owned();
    let error = match fault {
        Fault::Postgres(error) => error,
        Fault::Store(error) => return error,
        Fault::Sqlite(_) | Fault::Shape => {
            return StoreError::Failed {
                place,
                source: "a column does not hold what is written there".into(),
            };
        }
    };
    let why = words(&error);
    match error.code() {
        Some(code) => by_code(place, code, why),
        None if error.to_string().contains("TLS") => StoreError::Tls { place, why },
        None if why.contains("authentication") || why.contains("password missing") => {
            StoreError::Authentication { place, why }
        }
        None if is_connection(&error) => StoreError::Unreachable { place, why },
        None => StoreError::Failed { place, source: why.into() },
    }
}

fn by_code(place: String, code: &SqlState, why: String) -> StoreError {
    if *code == SqlState::INVALID_CATALOG_NAME {
        return StoreError::Missing { place };
    }
    // The classes of PostgreSQL's Appendix A.
    match (code.code().get(..2).unwrap_or_default(), code.code()) {
        ("28", _) => StoreError::Authentication { place, why },
        (_, "42501" | "25006") => StoreError::Permission { place, why },
        // Too many connections; a lock or a statement that took too long; what conflicted again and again.
        (_, "53300" | "55P03" | "57014" | "40001" | "40P01") => StoreError::Busy { place },
        ("57" | "08", _) => StoreError::Unreachable { place, why },
        _ => StoreError::Failed { place, source: why.into() },
    }
}

fn is_connection(error: &Error) -> bool {
    let source = error.source();
    error.is_closed()
        || source.is_some_and(|source| source.is::<io::Error>())
        || error.to_string().contains("timeout")
        || error.to_string().contains("connecting")
}

/// The message of the server, or the chain of what went wrong before it could say one.
fn words(error: &Error) -> String {
    if let Some(said) = error.as_db_error() {
        return format!("{}, {}", said.message(), said.code().code());
    }
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text += &format!(": {inner}");
        source = inner.source();
    }
    text
}
