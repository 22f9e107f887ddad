//! The [`Infer`] runtime and its options.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use seseragi_flow::{Job, Producer, Run, Runtime};
use seseragi_net::Upstream;
use tokio::time::Instant;

use super::call::Call;
use super::fault::Fault;
use super::request::request;

/// How an upstream is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InferOptions {
    /// Whether the upstream reads more than the prompt: the model's name and conversations are sent. True by default.
    /// Set it to false for two-field servers: a conversation of several turns is then refused instead of lost.
    pub send_model: bool,
    /// The longest wait for the first delta, connecting included: 60 s by default.
    pub first_delta: Duration,
    /// The longest wait between two deltas: 60 s by default. Heartbeats do not count: a server that only says that it
    /// lives is of no use to the reader.
    pub between_deltas: Duration,
}

impl Default for InferOptions {
    fn default() -> Self {
        let minute = Duration::from_secs(60);
        Self { send_model: true, first_delta: minute, between_deltas: minute }
    }
}

/// How long a failure to connect is held against an upstream. After that nothing is known, and it may be tried.
const FAILURE_COUNTS: Duration = Duration::from_secs(10);

/// Another server of the same contract. Cheap to clone; clones share connections and readiness.
#[derive(Clone, Debug)]
pub struct Infer {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    upstream: Upstream,
    options: InferOptions,
    /// When the last attempt failed to connect; `None` if it did not fail, or there was none.
    unreachable: Mutex<Option<Instant>>,
}

impl Infer {
    /// The server behind this upstream. Nothing is dialled yet.
    #[must_use]
    pub fn new(upstream: Upstream, options: InferOptions) -> Self {
        Self { shared: Arc::new(Shared { upstream, options, unreachable: Mutex::default() }) }
    }

    /// The upstream, with its counts of connections and streams.
    #[must_use]
    pub fn upstream(&self) -> &Upstream {
        &self.shared.upstream
    }
}

impl Runtime for Infer {
    /// False for a while after an attempt that did not get a connection.
    fn is_ready(&self) -> bool {
        let unreachable = *self.shared.unreachable.lock().unwrap_or_else(PoisonError::into_inner);
        unreachable.is_none_or(|at| at.elapsed() >= FAILURE_COUNTS)
    }

    fn start(&self, job: Job, producer: Producer) -> Run {
        Run::task(tokio::spawn(run(Arc::clone(&self.shared), job, producer)))
    }
}

/// One job. Dropping the future drops the response, which resets the upstream's stream.
async fn run(shared: Arc<Shared>, job: Job, mut producer: Producer) {
    let stream_id = job.stream_id;
    // Boxed: what opening needs is large, and given back before the long part begins.
    let (fault, said) = match Box::pin(shared.open(job)).await {
        Err(fault) => (fault, String::new()),
        Ok(mut call) => match call.carry(&mut producer).await {
            Ok(Some((finish, usage))) => return producer.finish(finish, usage),
            Ok(None) => return,
            Err(fault) => (fault, call.grpc_message()),
        },
    };
    let upstream = shared.upstream.authority();
    // Not what it said: model servers like to quote the prompt.
    tracing::debug!(%stream_id, upstream, ?fault, said_bytes = said.len(), "the upstream failed");
    producer.fail(fault.into());
}

impl Shared {
    async fn open(&self, job: Job) -> Result<Call, Fault> {
        let request = request(job, self.options.send_model, Instant::now())?;
        let call = Call::open(&self.upstream, request, &self.options).await;
        let unreachable = matches!(call, Err(Fault::Unreachable)).then(Instant::now);
        *self.unreachable.lock().unwrap_or_else(PoisonError::into_inner) = unreachable;
        call
    }
}
