//! The request path: who calls, may they, start or find the generation, read it. The order is kept by types:
//! without a `Caller` there is no `Permit`, without a `Permit` no generation.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use prost::Message;
use seseragi_flow::{
    Code, Delivery, Job, OnDisconnect, Problem, Reading, Seq, Start, StreamId, Subscription,
};
use seseragi_guard::{Ask, Caller, ReadPermit, Refusal, UnixSeconds};
use seseragi_proto::infer;
use tokio::time::Instant;

use crate::app::{App, OnExpiry};
use crate::open::{Open, delivery};
use crate::routes::Route;

/// Prompts are counted as one token for so many bytes, until a runtime knows better.
const BYTES_PER_TOKEN: usize = 4;

/// What a request brought besides its message.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrival {
    pub(crate) at: Instant,
    /// How long the client is ready to wait.
    pub(crate) timeout: Option<Duration>,
    pub(crate) wire: &'static str,
}

impl Arrival {
    fn deadline(&self) -> Option<Instant> {
        self.timeout.and_then(|timeout| self.at.checked_add(timeout))
    }
}

/// A subscription, and whether its frames are padded.
pub(crate) struct Opened {
    pub(crate) subscription: Subscription,
    pub(crate) pad: bool,
}

impl App {
    /// `Infer/Stream`: starts a generation and reads it from its beginning. Cancel-safe: until the
    /// generation runs, dropping the future gives everything back.
    pub(crate) async fn open(
        &self,
        caller: &Caller,
        reader: ReadPermit,
        message: Bytes,
        arrival: Arrival,
    ) -> Result<Opened, Problem> {
        let request = infer::StreamRequest::decode(message).map_err(not_the_message)?;
        let open = Open::new(request, self.max_prompt_bytes)?;
        let route = self.routes.find(&open.model)?.clone();
        let existing = match &open.idempotency {
            Some(wish) => self.hub.find_idempotent(caller.subject(), wish)?,
            None => None,
        };
        let (pad, reading) = (open.pad, self.reading(caller, reader, open.delivery, arrival));
        let stream_id = match existing {
            Some(stream_id) => stream_id,
            None => self.start(caller, open, route, arrival).await?,
        };
        // Nothing is waited for in between: the generation is bound to its reader from here on.
        let subscription = self.hub.subscribe(caller.subject(), stream_id, None, reading)?;
        self.end_if_revoked(stream_id);
        Ok(Opened { subscription, pad })
    }

    async fn start(
        &self,
        caller: &Caller,
        open: Open,
        route: Route,
        arrival: Arrival,
    ) -> Result<StreamId, Problem> {
        let ask = ask(&route.model, &open, arrival);
        let permit = self.admission.admit(caller, ask).await.map_err(|r| self.refused(r))?;
        let mut sampling = open.sampling;
        let cap = permit.caps().max_output_tokens;
        sampling.max_tokens = Some(sampling.max_tokens.map_or(cap, |wanted| wanted.min(cap)));
        let job = Job {
            stream_id: permit.stream_id(),
            model: route.upstream_model,
            prompt: open.prompt,
            so_far: String::new(),
            sampling,
            deadline: arrival.deadline(),
            trace: None,
        };
        let on_disconnect = open.delivery.on_disconnect.unwrap_or(OnDisconnect::Cancel);
        let idempotency = open.idempotency;
        self.hub.start(&*route.runtime, Start { permit, job, model: route.model, on_disconnect, idempotency })
    }

    /// `Infer/Resume`: reads an existing generation of the same caller. Never runs the model again.
    pub(crate) fn resume(
        &self,
        caller: &Caller,
        reader: ReadPermit,
        message: Bytes,
        arrival: Arrival,
    ) -> Result<Opened, Problem> {
        let request = infer::ResumeRequest::decode(message).map_err(not_the_message)?;
        let stream_id = stream_id(&request.stream_id)?;
        let (wish, pad) = delivery(request.delivery.as_ref())?;
        let epoch = (request.epoch != 0).then_some(request.epoch);
        // Whoever resumes applies positions, so checkpoints mean something to it; its deadline is its own.
        let wish = Delivery { checkpoints: true, ..wish };
        let mut reading = self.reading(caller, reader, wish, arrival);
        (reading.after, reading.deadline) = (Seq(request.after_seq), arrival.deadline());
        let subscription = self.hub.subscribe(caller.subject(), stream_id, epoch, reading)?;
        self.end_if_revoked(stream_id);
        Ok(Opened { subscription, pad })
    }

    /// A reading from the start of a stream. Where the end of a token cuts its readers, this is when.
    fn reading(&self, caller: &Caller, permit: ReadPermit, delivery: Delivery, arrival: Arrival) -> Reading {
        let left = Duration::from_secs(caller.expires_at().since(UnixSeconds::now()));
        let cut_at = match self.identity.on_expiry {
            OnExpiry::Continue => None,
            OnExpiry::Cut => Instant::now().checked_add(left),
        };
        Reading {
            permit,
            after: Seq::START,
            delivery,
            deadline: None,
            cut_at,
            wire: arrival.wire,
            received: arrival.at,
        }
    }

    /// The right to read one stream.
    ///
    /// # Errors
    /// `ResourceExhausted` if the subject has all the readers it may have.
    pub(crate) fn reader(&self, caller: &Caller) -> Result<ReadPermit, Problem> {
        self.admission.admit_read(caller).map_err(|r| self.refused(r))
    }

    fn refused(&self, refusal: Refusal) -> Problem {
        self.observer.refused(refusal.reason().as_str());
        let retryable = refusal.retry_after().is_some();
        let problem =
            Problem::caller(Code::ResourceExhausted, refusal.reason().as_str(), refusal.to_string());
        Problem { retryable, ..problem }
    }
}

/// A stream's name as a request gives it. What is no name is as unknown as a stream that is not there.
pub(crate) fn stream_id(text: &str) -> Result<StreamId, Problem> {
    let unknown = "no such stream; it may have expired, or it belongs to somebody else";
    text.parse().map_err(|_| Problem::caller(Code::NotFound, "stream_unknown", unknown))
}

/// A stream was asked for by a form that carries single messages only.
pub(crate) fn needs_streaming() -> Problem {
    let message = "this method streams: use application/connect+proto";
    Problem::caller(Code::Unimplemented, "needs_streaming", message)
}

pub(crate) fn not_the_message(_: prost::DecodeError) -> Problem {
    // The decoder's own words quote the input; they stay out of the answer.
    let message = "the request is not a valid message of this method (is all text UTF-8?)";
    Problem::caller(Code::InvalidArgument, "not_the_message", message)
}

fn ask(model: &Arc<str>, open: &Open, arrival: Arrival) -> Ask {
    Ask {
        route: Arc::clone(model),
        prompt_tokens: u32::try_from(open.prompt.bytes() / BYTES_PER_TOKEN).unwrap_or(u32::MAX),
        max_output_tokens: open.sampling.max_tokens,
        deadline: arrival.timeout,
    }
}
