//! A [`Stream`] reads one generation over as many connections as it takes.
//!
//! Nothing is fetched ahead of the caller beyond the transport's window, so a server that is too fast is held back.
//! Invariant: it ends only with a terminal, an error, or a stop that came before the generation had a name.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use seseragi_proto::infer;
use tokio::time::{Instant, sleep_until, timeout};

use crate::attempt::{Ask, Attempt, Cut, Missed, attempt};
use crate::client::{Shared, chance};
use crate::event::Lost;
use crate::link::Link;
use crate::retry::{Backoff, Phase};
use crate::transcript::{Transcript, Verdict};
use crate::{ClientError, Code, Event, Status, Terminal};

/// How long a stop waits for the name of a generation that is just being opened.
const STOP_OPENING: Duration = Duration::from_secs(2);

/// One generation, read from its beginning. Dropping it only stops reading; [`Stream::cancel`] stops the generation.
pub struct Stream {
    shared: Arc<Shared>,
    /// The request that starts it; `None` if it was started before.
    request: Option<Arc<infer::StreamRequest>>,
    stream_id: Option<String>,
    epoch: u32,
    transcript: Transcript,
    backoff: Backoff,
    state: State,
    events: VecDeque<Event>,
    counts: Counts,
    refresh_tried: bool,
    /// A request may have reached the server.
    sent: bool,
    /// What the server said when it was cancelled.
    stopped: Option<Terminal>,
}

enum State {
    /// Until it is time for the next connection; the refresh is that of the token.
    Waiting {
        until: Instant,
        refresh: bool,
    },
    /// Goes on where it was when the caller gave up waiting and comes back.
    Connecting(Attempt),
    Reading(Box<Link>),
    Draining(Box<Link>),
    Done,
}

#[derive(Debug, Default)]
struct Counts {
    connections: u32,
    duplicates: u64,
}

impl Stream {
    pub(crate) fn open(shared: Arc<Shared>, request: infer::StreamRequest) -> Self {
        Self::new(shared, Some(Arc::new(request)), None)
    }

    pub(crate) fn attach(shared: Arc<Shared>, stream_id: String) -> Self {
        Self::new(shared, None, Some(stream_id))
    }

    fn new(
        shared: Arc<Shared>,
        request: Option<Arc<infer::StreamRequest>>,
        stream_id: Option<String>,
    ) -> Self {
        Self {
            backoff: Backoff::new(shared.retry),
            shared,
            request,
            stream_id,
            epoch: 0,
            transcript: Transcript::default(),
            state: State::Waiting { until: Instant::now(), refresh: false },
            events: VecDeque::new(),
            counts: Counts::default(),
            refresh_tried: false,
            sent: false,
            stopped: None,
        }
    }

    /// The next event; `None` after the last one. Cancel-safe: an event is lost only by taking it.
    ///
    /// # Errors
    /// [`ClientError`] if the stream was given up; nothing follows.
    pub async fn next(&mut self) -> Option<Result<Event, ClientError>> {
        loop {
            if let Some(event) = self.events.pop_front() {
                return Some(Ok(event));
            }
            if matches!(self.state, State::Done) {
                return None;
            }
            if let Err(error) = self.step().await {
                self.state = State::Done;
                // It was stopped, the server said so, and only the way back to the log was lost.
                return Some(self.stopped.take().map(Event::Finished).ok_or(error));
            }
        }
    }

    /// Stops the generation and keeps what was written. The events go on to the terminal, which is where the text ends.
    /// Returns that terminal, or `None` if nothing had been started.
    ///
    /// # Errors
    /// [`ClientError`] if the server could not be told.
    pub async fn cancel(&mut self) -> Result<Option<Terminal>, ClientError> {
        if self.stream_id.is_none() {
            self.find_name().await?;
        }
        let Some(stream_id) = self.stream_id.clone() else {
            self.state = State::Done;
            return Ok(None);
        };
        let terminal = self.shared.cancel(&stream_id).await?;
        if !matches!(self.state, State::Draining(_) | State::Done) {
            self.stopped.clone_from(&terminal);
        }
        if let State::Waiting { until, .. } = &mut self.state {
            *until = Instant::now();
        }
        Ok(terminal)
    }

    /// The generation's name, once it is known.
    #[must_use]
    pub fn stream_id(&self) -> Option<&str> {
        self.stream_id.as_deref()
    }

    /// The position up to which everything was applied, exactly once.
    #[must_use]
    pub fn applied_seq(&self) -> u32 {
        self.transcript.applied()
    }

    /// Connections after the first that reached the generation.
    #[must_use]
    pub fn resumes(&self) -> u32 {
        self.counts.connections.saturating_sub(1)
    }

    /// Frames that came twice and were dropped.
    #[must_use]
    pub fn duplicates_dropped(&self) -> u64 {
        self.counts.duplicates
    }

    /// The opening is gone on with, or repeated, until the generation has a name.
    async fn find_name(&mut self) -> Result<(), ClientError> {
        let named = async {
            while self.sent && self.stream_id.is_none() && !matches!(self.state, State::Done) {
                self.step().await?;
            }
            Ok(())
        };
        let named = timeout(STOP_OPENING, named).await.unwrap_or(Ok(()));
        named.inspect_err(|_| self.state = State::Done)
    }

    async fn step(&mut self) -> Result<(), ClientError> {
        match &mut self.state {
            State::Done => Ok(()),
            State::Waiting { until, refresh } => {
                let (until, refresh) = (*until, *refresh);
                // The timer would round up even what is over.
                if until > Instant::now() {
                    sleep_until(until).await;
                }
                let attempt = attempt(Arc::clone(&self.shared), self.ask(), refresh);
                self.sent = true;
                self.state = State::Connecting(Box::pin(attempt));
                Ok(())
            }
            State::Connecting(attempt) => {
                let cut = match attempt.await {
                    Ok(link) => {
                        self.state = State::Reading(Box::new(link));
                        return Ok(());
                    }
                    Err(Missed::NoToken(error)) => self.without_token(error)?,
                    Err(Missed::Failed(status)) => self.broken(status)?,
                };
                self.cut(cut)
            }
            State::Reading(link) => match link.next().await {
                Ok(Some(frame)) => self.take(frame),
                Ok(None) => self.cut(Cut::default()),
                Err(status) => {
                    let cut = self.broken(status)?;
                    self.cut(cut)
                }
            },
            State::Draining(link) => {
                link.drain().await;
                self.state = State::Done;
                Ok(())
            }
        }
    }

    fn ask(&self) -> Ask {
        match (&self.stream_id, &self.request) {
            (None, Some(request)) => Ask::Open(Arc::clone(request)),
            (stream_id, request) => Ask::Resume(infer::ResumeRequest {
                stream_id: stream_id.clone().unwrap_or_default(),
                after_seq: self.transcript.applied(),
                epoch: self.epoch,
                delivery: request.as_ref().and_then(|request| request.delivery),
            }),
        }
    }

    fn take(&mut self, frame: infer::InferReply) -> Result<(), ClientError> {
        if let Some(opened) = frame.opened {
            return self.opened(opened);
        }
        if let Some(detached) = frame.detached {
            return self.cut(Cut::from(detached));
        }
        if frame.heartbeat.is_some() {
            self.backoff.progress();
            return Ok(());
        }
        match self.transcript.accept(frame)? {
            Verdict::Applied(event) => {
                self.backoff.progress();
                self.events.extend(event);
            }
            Verdict::Terminal(terminal) => self.finished(terminal.into()),
            Verdict::Gap => self.cut(Cut { at_once: true, ..Cut::default() })?,
            Verdict::Duplicate => self.counts.duplicates += 1,
            Verdict::Nothing => {}
        }
        Ok(())
    }

    fn opened(&mut self, opened: infer::Opened) -> Result<(), ClientError> {
        if self.stream_id.as_ref().is_some_and(|known| *known != opened.stream_id) {
            return Err(ClientError::Integrity("the server answered with another stream".into()));
        }
        if let State::Reading(link) = &mut self.state {
            link.expect_heartbeat(opened.heartbeat_ms);
        }
        self.epoch = opened.epoch;
        self.refresh_tried = false;
        self.counts.connections += 1;
        self.events.push_back(if self.counts.connections > 1 {
            Event::Resumed { attempt: self.backoff.attempts() }
        } else {
            Event::Opened { stream_id: opened.stream_id.clone(), model: opened.model }
        });
        self.stream_id = Some(opened.stream_id).filter(|name| !name.is_empty());
        Ok(())
    }

    fn finished(&mut self, terminal: Terminal) {
        self.events.push_back(Event::Finished(terminal));
        self.state = match std::mem::replace(&mut self.state, State::Done) {
            State::Reading(link) => State::Draining(link),
            other => other,
        };
    }

    /// What a failed call means: try again, try with another token, or give up because it will not get better.
    fn broken(&mut self, status: Status) -> Result<Cut, ClientError> {
        let retry_after = status.retry_after;
        if status.code != Code::Unauthenticated && !self.phase().is_final(status.code) {
            return Ok(Cut { cause: Some(status), retry_after, ..Cut::default() });
        }
        if status.code != Code::Unauthenticated || self.refresh_tried {
            return Err(status.into());
        }
        self.refresh_tried = true;
        Ok(Cut { cause: Some(status), at_once: true, refresh: true, retry_after: None })
    }

    /// The application had no token to give. Before the stream that is its answer; later it may be the same outage that
    /// cut the stream.
    fn without_token(&self, error: ClientError) -> Result<Cut, ClientError> {
        if self.phase() == Phase::Open {
            return Err(error);
        }
        let cause = Status::new(Code::Unauthenticated, error.to_string());
        Ok(Cut { cause: Some(cause), refresh: true, ..Cut::default() })
    }

    /// Leaves the connection and plans the next.
    fn cut(&mut self, cut: Cut) -> Result<(), ClientError> {
        let Cut { cause, at_once, retry_after, refresh } = cut;
        let now = Instant::now();
        let Some(delay) = self.backoff.next(now, self.phase(), at_once, retry_after, chance()) else {
            let ended = || Status::lost("the connection ended again and again");
            return Err(ClientError::ConnectionLost(cause.unwrap_or_else(ended)));
        };
        self.state = State::Waiting { until: now + delay, refresh };
        let attempt = self.backoff.attempts();
        self.events.push_back(Event::Reconnecting(Lost { attempt, delay, cause }));
        Ok(())
    }

    fn phase(&self) -> Phase {
        if self.stream_id.is_some() { Phase::Resume } else { Phase::Open }
    }
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Stream");
        debug.field("stream_id", &self.stream_id).field("applied_seq", &self.applied_seq());
        debug.field("counts", &self.counts).finish_non_exhaustive()
    }
}
