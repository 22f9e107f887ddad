//! The encoder that all wires of enveloped messages share.

use bytes::BytesMut;
use http::HeaderMap;
use seseragi_flow::{Frame, FrameSink};

use crate::live::Sink;
use crate::message::put_frame;
use crate::status::Status;

/// How a wire writes a call's status after the last message.
pub(crate) type PutEnd = fn(&mut BytesMut, &Status) -> Option<HeaderMap>;

/// Writes enveloped `InferReply` messages, and keeps the status that the last one implies.
pub(crate) struct MessageSink {
    buffer: BytesMut,
    pad: bool,
    status: Option<Status>,
    put_end: PutEnd,
}

impl MessageSink {
    pub(crate) fn boxed(pad: bool, put_end: PutEnd) -> Box<dyn Sink> {
        Box::new(Self { buffer: BytesMut::new(), pad, status: None, put_end })
    }
}

impl FrameSink for MessageSink {
    fn frame(&mut self, frame: Frame<'_>) {
        match frame {
            Frame::Terminal(_, terminal) => self.status = Some(Status::of_terminal(terminal)),
            Frame::Detached(reason, retry) => self.status = Some(Status::of_detached(reason, retry)),
            _ => {}
        }
        put_frame(&mut self.buffer, frame, self.pad);
    }
}

impl Sink for MessageSink {
    fn buffer(&mut self) -> &mut BytesMut {
        &mut self.buffer
    }

    fn end(&mut self) -> Option<HeaderMap> {
        // A subscription always ends with a frame that has a status; without one the call did not go well.
        let status =
            self.status.take().unwrap_or_else(|| Status::new(2, "the stream ended", "unknown", None));
        (self.put_end)(&mut self.buffer, &status)
    }
}
