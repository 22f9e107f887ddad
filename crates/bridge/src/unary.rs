//! The single calls of `infer.Infer`: bytes in, bytes out.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use prost::Message;
use seseragi_flow::{Problem, StreamInfo};
use seseragi_guard::Caller;
use seseragi_proto::infer;

use crate::app::App;
use crate::message::terminal_message;
use crate::path::{not_the_message, stream_id};

/// The most streams that one call lists.
const MAX_LISTED: usize = 100;

/// A single call of `infer.Infer`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unary {
    Cancel,
    GetStream,
    ListStreams,
    ListModels,
}

impl Unary {
    /// Answers the call with an encoded reply.
    pub(crate) fn call(self, app: &App, caller: &Caller, message: Bytes) -> Result<Bytes, Problem> {
        let reply = match self {
            Self::Cancel => cancel(app, caller, message)?.encode_to_vec(),
            Self::GetStream => get_stream(app, caller, message)?.encode_to_vec(),
            Self::ListStreams => list_streams(app, caller, message)?.encode_to_vec(),
            Self::ListModels => list_models(app).encode_to_vec(),
        };
        Ok(reply.into())
    }
}

fn cancel(app: &App, caller: &Caller, message: Bytes) -> Result<infer::CancelReply, Problem> {
    let request = infer::CancelRequest::decode(message).map_err(not_the_message)?;
    let terminal = app.hub.cancel(caller.subject(), stream_id(&request.stream_id)?)?;
    Ok(infer::CancelReply { terminal: Some(terminal_message(&terminal)) })
}

fn get_stream(app: &App, caller: &Caller, message: Bytes) -> Result<infer::StreamInfo, Problem> {
    let request = infer::GetStreamRequest::decode(message).map_err(not_the_message)?;
    let info = app.hub.stream(caller.subject(), stream_id(&request.stream_id)?)?;
    Ok(stream_info(&info))
}

fn list_streams(app: &App, caller: &Caller, message: Bytes) -> Result<infer::ListStreamsReply, Problem> {
    let request = infer::ListStreamsRequest::decode(message).map_err(not_the_message)?;
    let limit = match request.limit {
        0 => MAX_LISTED,
        wanted => MAX_LISTED.min(wanted as usize),
    };
    let streams = app.hub.streams(caller.subject(), request.live_only, limit);
    Ok(infer::ListStreamsReply { streams: streams.iter().map(stream_info).collect() })
}

fn list_models(app: &App) -> infer::ListModelsReply {
    let model = |route: &crate::Route| infer::list_models_reply::Model {
        name: route.model.to_string(),
        description: route.description.clone(),
        context_tokens: route.runtime.context_tokens(),
        ready: route.runtime.is_ready(),
    };
    infer::ListModelsReply { models: app.routes.iter().map(model).collect() }
}

fn stream_info(info: &StreamInfo) -> infer::StreamInfo {
    infer::StreamInfo {
        stream_id: info.stream_id.to_string(),
        model: info.model.to_string(),
        epoch: info.epoch,
        last_seq: info.last.0,
        live: info.terminal.is_none(),
        terminal: info.terminal.as_ref().map(terminal_message),
        created_unix_ms: info.created_unix_ms,
        // A running stream has no end yet; its log is kept for this long after it.
        expires_unix_ms: if info.terminal.is_some() { unix_ms_in(info.keep) } else { 0 },
    }
}

fn unix_ms_in(time: Duration) -> i64 {
    let at = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default() + time;
    i64::try_from(at.as_millis()).unwrap_or(i64::MAX)
}
