//! One call, from its head to its status.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Request};
use http_body::Body as _;
use http_body_util::Full;
use seseragi_flow::{Finish, Producer, Publish, Usage};
use seseragi_net::{Upstream, UpstreamBody, UpstreamError};
use tokio::time::{Instant, Sleep, sleep_until, timeout_at};

use super::InferOptions;
use super::fault::Fault;
use super::intake::Intake;
use super::status::{check_head, grpc_message, grpc_status};

/// The most that is read before it is handed on, in bytes.
const READ_BYTES: usize = 64 * 1024;
/// What a frame costs at least, so that empty ones are bounded too.
const FRAME_BYTES: usize = 64;

/// A call whose head has arrived.
pub(super) struct Call {
    body: UpstreamBody,
    /// The head; replaced by the trailers when they arrive.
    headers: HeaderMap,
    intake: Intake,
    silence: Silence,
}

/// What a read did.
enum Read {
    /// It brought something.
    Some,
    /// It brought as much as is taken at once.
    Full,
    /// The body is over.
    End,
}

impl Call {
    /// Sends the request and waits for the head.
    pub(super) async fn open(
        upstream: &Upstream,
        request: Request<Full<Bytes>>,
        options: &InferOptions,
    ) -> Result<Self, Fault> {
        let silence = Silence::new(options);
        let response = timeout_at(silence.due(), upstream.request(request)).await;
        let response = response.map_err(|_| Fault::Silent)?.map_err(|error| logged(&error))?;
        let (head, body) = response.into_parts();
        check_head(head.status, &head.headers)?;
        Ok(Self { body, headers: head.headers, intake: Intake::default(), silence })
    }

    /// Hands everything on that arrives. Returns how it ended, or `None` if the generation was over first.
    pub(super) async fn carry(&mut self, producer: &mut Producer) -> Result<Option<(Finish, Usage)>, Fault> {
        loop {
            let read = std::future::poll_fn(|cx| self.poll_read(cx)).await;
            // What arrived before a fault is handed on too.
            if !self.hand_on(producer).await {
                return Ok(None);
            }
            match read? {
                Read::Some => {}
                Read::Full => tokio::task::yield_now().await,
                Read::End => return self.end().map(Some),
            }
        }
    }

    /// What the upstream says about its status. For the log only.
    pub(super) fn grpc_message(&self) -> String {
        grpc_message(&self.headers)
    }

    /// Publishes the batch; false if nobody wants more.
    async fn hand_on(&mut self, producer: &mut Producer) -> bool {
        if self.intake.batch().is_empty() {
            return true;
        }
        let verdict = producer.publish(self.intake.batch());
        self.intake.clear();
        if verdict == Publish::Pause {
            producer.ready().await;
        }
        self.silence.broken();
        !matches!(verdict, Publish::Stop(_))
    }

    /// Takes everything that is there, so that one wake of the readers follows, not one per frame.
    fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<Result<Read, Fault>> {
        let mut taken = 0;
        while taken < READ_BYTES {
            let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(cx) else {
                if self.intake.batch().is_empty() {
                    return self.silence.poll(cx).map(|()| Err(Fault::Silent));
                }
                return Poll::Ready(Ok(Read::Some));
            };
            let Some(frame) = frame else { return Poll::Ready(Ok(Read::End)) };
            match frame.map_err(|error| logged(&error))?.into_data() {
                Ok(data) => {
                    self.intake.take(&data)?;
                    taken += data.len().max(FRAME_BYTES);
                }
                Err(trailers) => self.headers = trailers.into_trailers().unwrap_or_default(),
            }
        }
        Poll::Ready(Ok(Read::Full))
    }

    /// The body is over: only the status OK is a success.
    fn end(&self) -> Result<(Finish, Usage), Fault> {
        grpc_status(&self.headers).unwrap_or(Err(Fault::Truncated("the body ended without a status")))?;
        self.intake.outcome()
    }
}

fn logged(error: &UpstreamError) -> Fault {
    let source = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    tracing::debug!(%error, source, "a call to an upstream broke");
    Fault::from(error)
}

/// How long the upstream has brought no delta. One timer, set again when it fires rather than at each delta.
struct Silence {
    since: Instant,
    most: Duration,
    between: Duration,
    timer: Pin<Box<Sleep>>,
}

impl Silence {
    fn new(options: &InferOptions) -> Self {
        let since = Instant::now();
        let timer = Box::pin(sleep_until(since + options.first_delta));
        Self { since, most: options.first_delta, between: options.between_deltas, timer }
    }

    fn due(&self) -> Instant {
        self.since + self.most
    }

    /// A delta arrived.
    fn broken(&mut self) {
        (self.since, self.most) = (Instant::now(), self.between);
    }

    /// Ready when it has lasted too long.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            let due = self.due();
            if self.timer.deadline() > due {
                self.timer.as_mut().reset(due);
            }
            ready!(self.timer.as_mut().poll(cx));
            if due <= Instant::now() {
                return Poll::Ready(());
            }
            self.timer.as_mut().reset(due);
        }
    }
}
