//! A hub with everything around it that a test needs.

use std::sync::Arc;
use std::time::Duration;

use seseragi_flow::{
    Delivery, Hub, HubOptions, Idempotency, Job, MemoryStore, OnDisconnect, Problem, Prompt, Reading,
    Runtime, Sampling, Seq, Start, Store, StreamId,
};
use seseragi_guard::{Admission, AdmissionConfig, Caller, LimitsTable};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::{Reader, Recorder, caller, limits, permit};

/// How a stage is set.
pub struct StageOptions {
    /// Where deltas are kept.
    pub store: Arc<dyn Store>,
    /// What callers may do.
    pub limits: LimitsTable,
    /// Readers of one subject.
    pub readers_max: u32,
    /// The bounds of the hub.
    pub hub: HubOptions,
}

impl Default for StageOptions {
    fn default() -> Self {
        Self {
            store: Arc::new(MemoryStore),
            limits: limits(64, u32::MAX, Duration::from_secs(3600)),
            readers_max: 1000,
            hub: HubOptions::default(),
        }
    }
}

/// A hub whose house is kept, its admission, and a recorder of its events.
pub struct Stage {
    /// The hub.
    pub hub: Hub,
    /// Gives permits.
    pub admission: Admission,
    /// Remembers events.
    pub recorder: Recorder,
    house: JoinHandle<()>,
}

/// What a generation is started with.
pub struct Plan {
    /// Whose it is.
    pub caller: Caller,
    /// What is asked.
    pub prompt: String,
    /// How to choose tokens.
    pub sampling: Sampling,
    /// How long the caller waits.
    pub timeout: Option<Duration>,
    /// What happens when the last reader goes away.
    pub on_disconnect: OnDisconnect,
    /// The key of the request.
    pub idempotency: Option<Idempotency>,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            caller: caller("ann"),
            prompt: "question".to_owned(),
            sampling: Sampling::default(),
            timeout: None,
            on_disconnect: OnDisconnect::Cancel,
            idempotency: None,
        }
    }
}

/// How a generation is read.
pub struct Look {
    /// Who reads.
    pub caller: Caller,
    /// The last position applied.
    pub after: u32,
    /// The epoch that the reader knows.
    pub epoch: Option<u32>,
    /// How it wants its frames; by default with checkpoints, and without a say in what happens when it leaves.
    pub delivery: Delivery,
    /// How long its connection may last.
    pub timeout: Option<Duration>,
    /// After how long its right runs out, if that cuts its connection.
    pub cut: Option<Duration>,
}

impl Default for Look {
    fn default() -> Self {
        let delivery = Delivery { checkpoints: true, ..Delivery::default() };
        Self { caller: caller("ann"), after: 0, epoch: None, delivery, timeout: None, cut: None }
    }
}

impl Look {
    /// After this position.
    #[must_use]
    pub fn after(after: u32) -> Self {
        Self { after, ..Self::default() }
    }
}

impl Default for Stage {
    fn default() -> Self {
        Self::new(StageOptions::default())
    }
}

impl Stage {
    /// A stage on the current tokio runtime.
    #[must_use]
    pub fn new(options: StageOptions) -> Self {
        let recorder = Recorder::default();
        let hub = Hub::new(options.store, Arc::new(recorder.clone()), options.hub);
        let readers_max = options.readers_max;
        let config = AdmissionConfig { readers_max, ..AdmissionConfig::new(options.limits) };
        let admission = Admission::with_config(config);
        let kept = hub.clone();
        let house = tokio::spawn(async move { kept.keep_house().await });
        Self { hub, admission, recorder, house }
    }

    /// Starts a generation, as a wire would.
    ///
    /// # Errors
    /// What the hub refuses.
    ///
    /// # Panics
    /// If the caller has no permit to spare.
    pub fn try_start(&self, runtime: &dyn Runtime, plan: Plan) -> Result<StreamId, Problem> {
        let permit = permit(&self.admission, &plan.caller).expect("the caller may start one");
        let job = Job {
            stream_id: permit.stream_id(),
            model: "upstream".into(),
            prompt: Prompt::Text(plan.prompt),
            so_far: String::new(),
            sampling: plan.sampling,
            deadline: plan.timeout.map(|timeout| Instant::now() + timeout),
            trace: None,
        };
        let Plan { on_disconnect, idempotency, .. } = plan;
        self.hub.start(runtime, Start { permit, job, model: "test".into(), on_disconnect, idempotency })
    }

    /// Starts a generation and reads it from its beginning.
    ///
    /// # Panics
    /// If the hub refuses it.
    pub fn open(&self, runtime: &dyn Runtime, plan: Plan) -> (StreamId, Reader) {
        let caller = plan.caller.clone();
        let stream_id = self.try_start(runtime, plan).expect("it starts");
        (stream_id, self.read(stream_id, Look { caller, ..Look::default() }))
    }

    /// Reads a generation.
    ///
    /// # Errors
    /// What the hub refuses.
    ///
    /// # Panics
    /// If the caller has all readers it may have.
    pub fn try_read(&self, stream_id: StreamId, look: Look) -> Result<Reader, Problem> {
        let Look { caller, after, epoch, delivery, timeout, cut } = look;
        let received = Instant::now();
        let reading = Reading {
            permit: self.admission.admit_read(&caller).expect("the caller may read"),
            after: Seq(after),
            delivery,
            deadline: timeout.map(|timeout| received + timeout),
            cut_at: cut.map(|cut| received + cut),
            wire: "test",
            received,
        };
        self.hub.subscribe(caller.subject(), stream_id, epoch, reading).map(Reader::new)
    }

    /// Reads a generation that can be read.
    ///
    /// # Panics
    /// If the hub refuses it.
    #[must_use]
    pub fn read(&self, stream_id: StreamId, look: Look) -> Reader {
        self.try_read(stream_id, look).expect("it can be read")
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.house.abort();
    }
}
