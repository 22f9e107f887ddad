//! The request path: who calls, may they, start or find the generation, read it. The order is kept by types:
//! without a `Caller` there is no `Permit`, without a `Permit` no generation.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;
use prost::Message;
use seseragi_flow::{
    Blame, Code, Delivery, Job, OnDisconnect, Problem, Reading, Seq, Start, StreamId, Subscription,
};
use seseragi_guard::{
    Ask, Caller, MissingScope, Public, ReadPermit, Reason, Refusal, Rejection, Scope, UnixSeconds, bearer,
};
use seseragi_proto::infer;
use tokio::time::Instant;

use crate::app::App;
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

    fn reading(&self, permit: ReadPermit, after: Seq, delivery: Delivery) -> Reading {
        Reading { permit, after, delivery, deadline: None, wire: self.wire, received: self.at }
    }
}

/// A subscription, and whether its frames are padded.
pub(crate) struct Opened {
    pub(crate) subscription: Subscription,
    pub(crate) pad: bool,
}

impl App {
    /// Who calls, with the right that the method needs.
    ///
    /// # Errors
    /// `Unauthenticated` or `PermissionDenied`; says no more than the caller may know.
    pub(crate) fn caller(&self, headers: &HeaderMap, scope: Scope) -> Result<Caller, Problem> {
        let given = headers.get_all(http::header::AUTHORIZATION).iter().map(http::HeaderValue::as_bytes);
        let verified = bearer(given).and_then(|token| self.verifier.verify(token, UnixSeconds::now()));
        let caller = verified.map_err(|rejection| {
            self.observer.rejected(rejection.reason().as_str());
            unauthenticated(rejection)
        })?;
        caller.require(scope).map_err(|missing| {
            self.observer.rejected("insufficient_scope");
            insufficient_scope(missing)
        })?;
        Ok(caller)
    }

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
        let (pad, reading) = (open.pad, arrival.reading(reader, Seq::START, open.delivery));
        let stream_id = match existing {
            Some(stream_id) => stream_id,
            None => self.start(caller, open, route, arrival).await?,
        };
        // Nothing is waited for in between: the generation is bound to its reader from here on.
        let subscription = self.hub.subscribe(caller.subject(), stream_id, None, reading)?;
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
        let mut reading = arrival.reading(reader, Seq(request.after_seq), wish);
        reading.deadline = arrival.deadline();
        let subscription = self.hub.subscribe(caller.subject(), stream_id, epoch, reading)?;
        Ok(Opened { subscription, pad })
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

/// The public form of a rejection: expired, invalid, missing or proof, and nothing more.
pub(crate) fn unauthenticated(rejection: Rejection) -> Problem {
    if rejection.reason() == Reason::StoreUnavailable {
        let message = "credentials cannot be checked at the moment; try again";
        return Problem::gateway(Code::Unavailable, "store_unavailable", message);
    }
    let (reason, message) = match rejection.public() {
        Public::Expired => ("expired", "the access token has expired: sign in again"),
        Public::Invalid => ("invalid", "the access token is not valid: sign in again"),
        Public::Missing => ("missing", "this call needs an access token: authorization: Bearer …"),
        Public::Proof => ("proof", "the access token is bound to a key and needs its proof"),
    };
    Problem::caller(Code::Unauthenticated, reason, message)
}

fn insufficient_scope(missing: MissingScope) -> Problem {
    let message = format!("this call needs the scope {}", missing.0);
    Problem {
        code: Code::PermissionDenied,
        blame: Blame::Caller,
        reason: "insufficient_scope".into(),
        message,
        retryable: false,
    }
}
