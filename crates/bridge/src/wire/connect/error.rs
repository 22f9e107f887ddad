//! A status as Connect's JSON (Connect protocol, "Error end-stream" and "Error codes").

use http::StatusCode;
use prost::Message;
use serde_json::{Map, Value, json};
use seseragi_proto::rpc;

use crate::status::Status;

/// The object `{"code", "message", "details"}`.
pub(super) fn error_json(status: &Status) -> Value {
    let mut error = Map::new();
    error.insert("code".into(), json!(status.name()));
    if !status.message().is_empty() {
        error.insert("message".into(), json!(status.message()));
    }
    let details: Vec<Value> = details(status);
    if !details.is_empty() {
        error.insert("details".into(), json!(details));
    }
    Value::Object(error)
}

fn details(status: &Status) -> Vec<Value> {
    let decoded = rpc::Status::decode(status.details()).unwrap_or_default();
    let detail = |any: prost_types::Any| {
        let name = any.type_url.rsplit('/').next().unwrap_or_default().to_owned();
        json!({ "type": name, "value": crate::base64_unpadded(&any.value) })
    };
    decoded.details.into_iter().map(detail).collect()
}

/// The HTTP status of a single call that failed.
pub(super) fn http_status(status: &Status) -> StatusCode {
    let code = match status.name() {
        "ok" => 200,
        "canceled" => 499,
        "invalid_argument" | "failed_precondition" | "out_of_range" => 400,
        "deadline_exceeded" => 504,
        "not_found" => 404,
        "already_exists" | "aborted" => 409,
        "permission_denied" => 403,
        "resource_exhausted" => 429,
        "unimplemented" => 501,
        "unavailable" => 503,
        "unauthenticated" => 401,
        _ => 500,
    };
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
