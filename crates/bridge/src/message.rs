//! The messages of the wire contract: hand-encoded where there is one per write, generated everywhere else.
//!
//! Every wire of protobuf messages shares the five-byte envelope (gRPC over HTTP/2, "Length-Prefixed-Message";
//! Connect calls it the enveloped message): one byte of flags, four of length, then the message.

use bytes::{BufMut, BytesMut};
use prost::Message;
use seseragi_flow::{
    Checkpoint, DetachReason, Finish, Frame, Kind, Opened, Seq, Slice, Terminal, ToolCall, Usage,
};
use seseragi_proto::infer;

/// Bytes before every message.
pub(crate) const ENVELOPE_BYTES: usize = 5;
/// Padded messages are a multiple of this, in bytes.
const PAD_TO: usize = 64;

const DELTA: u8 = 1;
const FIRST_SEQ: u8 = 2;
const LAST_SEQ: u8 = 3;
const REASONING: u8 = 5;
const PAD: u8 = 15;
const VARINT: u8 = 0;
const LENGTH: u8 = 2;

/// Writes one frame as an enveloped `InferReply`.
pub(crate) fn put_frame(out: &mut BytesMut, frame: Frame<'_>, pad: bool) {
    let at = out.len();
    out.put_bytes(0, ENVELOPE_BYTES);
    match frame {
        Frame::Run(slice) if slice.kind != Kind::ToolCall => put_run(out, &slice),
        other => infer_reply(other).encode_raw(out),
    }
    if pad {
        put_pad(out, at + ENVELOPE_BYTES);
    }
    let length = (out.len() - at - ENVELOPE_BYTES) as u32;
    out[at + 1..at + ENVELOPE_BYTES].copy_from_slice(&length.to_be_bytes());
}

/// Writes any message in its envelope, with the given flags.
pub(crate) fn put_envelope(out: &mut BytesMut, flags: u8, message: &[u8]) {
    out.reserve(ENVELOPE_BYTES + message.len());
    out.put_u8(flags);
    out.put_u32(message.len() as u32);
    out.put_slice(message);
}

/// The frame of nearly every write: no allocation but the buffer's.
fn put_run(out: &mut BytesMut, slice: &Slice<'_>) {
    out.reserve(slice.text.len() + 32);
    let field = if slice.kind == Kind::Reasoning { REASONING } else { DELTA };
    put_key(out, field, LENGTH);
    put_varint(out, slice.text.len() as u64);
    out.put_slice(slice.text.as_bytes());
    put_key(out, FIRST_SEQ, VARINT);
    put_varint(out, u64::from(slice.first.0));
    put_key(out, LAST_SEQ, VARINT);
    put_varint(out, u64::from(slice.last.0));
}

/// Fills the message up to a multiple of [`PAD_TO`]. A length of 128 or more would need a second length byte,
/// which never happens: the filling is shorter than [`PAD_TO`] plus the two bytes of its own head.
fn put_pad(out: &mut BytesMut, start: usize) {
    let head = 2;
    let length = out.len() - start + head;
    let filling = length.next_multiple_of(PAD_TO) - length;
    put_key(out, PAD, LENGTH);
    put_varint(out, filling as u64);
    out.put_bytes(0, filling);
}

fn put_key(out: &mut BytesMut, field: u8, wire_type: u8) {
    out.put_u8(field << 3 | wire_type);
}

fn put_varint(out: &mut BytesMut, mut value: u64) {
    while value >= 0x80 {
        out.put_u8(value as u8 | 0x80);
        value >>= 7;
    }
    out.put_u8(value as u8);
}

fn infer_reply(frame: Frame<'_>) -> infer::InferReply {
    let mut reply = infer::InferReply::default();
    match frame {
        Frame::Opened(opened) => reply.opened = Some(opened_message(&opened)),
        Frame::Run(slice) => run_message(&mut reply, &slice),
        Frame::Checkpoint(checkpoint) => reply.checkpoint = Some(checkpoint_message(&checkpoint)),
        Frame::Heartbeat(last) => reply.heartbeat = Some(infer::Heartbeat { last_seq: last.0 }),
        Frame::Terminal(Seq(seq), terminal) => {
            (reply.first_seq, reply.last_seq) = (seq, seq);
            reply.terminal = Some(terminal_message(terminal));
        }
        Frame::Detached(reason, retry) => {
            let retry_after_ms = retry.map_or(0, |r| u32::try_from(r.as_millis()).unwrap_or(u32::MAX));
            reply.detached = Some(infer::Detached { reason: reason_number(reason), retry_after_ms });
        }
    }
    reply
}

fn opened_message(opened: &Opened<'_>) -> infer::Opened {
    infer::Opened {
        stream_id: opened.stream_id.to_string(),
        epoch: opened.epoch,
        model: opened.model.to_owned(),
        heartbeat_ms: opened.heartbeat.as_millis() as u32,
        resumed_after: opened.after.0,
    }
}

fn run_message(reply: &mut infer::InferReply, slice: &Slice<'_>) {
    (reply.first_seq, reply.last_seq) = (slice.first.0, slice.last.0);
    let call = ToolCall::from_payload(slice.text).unwrap_or_default();
    reply.tool_call = Some(infer::ToolCallDelta {
        index: call.index,
        id: call.id.to_owned(),
        name: call.name.to_owned(),
        arguments_json: call.arguments_json.to_owned(),
    });
}

fn checkpoint_message(checkpoint: &Checkpoint) -> infer::Checkpoint {
    infer::Checkpoint { seq: checkpoint.seq.0, utf8_len: checkpoint.utf8_len, crc32c: checkpoint.crc32c }
}

/// The terminal as `GetStream`, `Cancel` and the stream itself tell it.
#[must_use]
pub(crate) fn terminal_message(terminal: &Terminal) -> infer::Terminal {
    let problem = terminal.problem.as_ref();
    infer::Terminal {
        finish: finish_number(terminal.finish),
        usage: Some(usage_message(&terminal.usage)),
        utf8_len: terminal.utf8_len,
        crc32c: terminal.crc32c,
        code: problem.map(|p| p.reason.to_string()).unwrap_or_default(),
        message: problem.map(|p| p.message.clone()).unwrap_or_default(),
        retryable: problem.is_some_and(|p| p.retryable),
    }
}

fn usage_message(usage: &Usage) -> infer::Usage {
    infer::Usage {
        input_tokens: usage.input_tokens,
        output_tokens: usage.output_tokens,
        cached_tokens: usage.cached_tokens,
        reasoning_tokens: usage.reasoning_tokens,
    }
}

fn finish_number(finish: Finish) -> i32 {
    let finish = match finish {
        Finish::Stop => infer::Finish::Stop,
        Finish::Length => infer::Finish::Length,
        Finish::Quota => infer::Finish::Quota,
        Finish::Cancelled => infer::Finish::Cancelled,
        Finish::Interrupted => infer::Finish::Interrupted,
        Finish::Failed => infer::Finish::Failed,
        Finish::ToolCalls => infer::Finish::ToolCalls,
        Finish::Revoked => infer::Finish::Revoked,
    };
    finish.into()
}

fn reason_number(reason: DetachReason) -> i32 {
    use infer::detached::Reason;
    let reason = match reason {
        DetachReason::Drain => Reason::Drain,
        DetachReason::MaxAge => Reason::MaxAge,
        DetachReason::Deadline => Reason::Deadline,
        DetachReason::Moved => Reason::Moved,
        DetachReason::Expired => Reason::Expired,
    };
    reason.into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decode(mut out: &[u8]) -> Vec<infer::InferReply> {
        let mut all = Vec::new();
        while !out.is_empty() {
            let length = u32::from_be_bytes([out[1], out[2], out[3], out[4]]) as usize;
            all.push(infer::InferReply::decode(&out[5..5 + length]).expect("decodes"));
            out = &out[5 + length..];
        }
        all
    }

    proptest! {
        #[test]
        fn a_hand_encoded_run_decodes_as_generated_code_reads_it(
            text in "[a-zあ🌊]{1,3000}", first in 1_u32..u32::MAX, more in 0_u32..5000, reasoning: bool, pad: bool,
        ) {
            let last = first.saturating_add(more);
            let kind = if reasoning { Kind::Reasoning } else { Kind::Text };
            let mut out = BytesMut::new();
            put_frame(&mut out, Frame::Run(Slice { kind, first: Seq(first), last: Seq(last), text: &text }), pad);
            prop_assert!(!pad || (out.len() - ENVELOPE_BYTES).is_multiple_of(PAD_TO));
            let reply = &decode(&out)[0];
            let (got, empty) = if reasoning { (&reply.reasoning, &reply.delta) } else { (&reply.delta, &reply.reasoning) };
            prop_assert_eq!(got, &text);
            prop_assert!(empty.is_empty());
            prop_assert_eq!((reply.first_seq, reply.last_seq), (first, last));
        }
    }

    #[test]
    fn frames_without_text_have_an_empty_delta() {
        let terminal =
            Terminal { finish: Finish::Stop, usage: Usage::default(), utf8_len: 3, crc32c: 7, problem: None };
        let mut out = BytesMut::new();
        put_frame(&mut out, Frame::Heartbeat(Seq(4)), false);
        put_frame(&mut out, Frame::Terminal(Seq(5), &terminal), false);
        put_frame(&mut out, Frame::Detached(DetachReason::Drain, None), true);
        let all = decode(&out);
        assert!(all.iter().all(|reply| reply.delta.is_empty()));
        assert_eq!(all[1].last_seq, 5);
        assert_eq!(all[2].detached.as_ref().map(|d| d.reason), Some(1));
    }
}
