//! The contract of a runtime: what every adapter must do, whatever model stands behind it.
//!
//! Real time, because models have threads and sockets of their own.

use std::sync::Arc;
use std::time::Duration;

use seseragi_flow::{Code, Finish, OnDisconnect, Runtime};
use tokio::time::{Instant, sleep, timeout};

use crate::{Look, Plan, Reader, Stage, StageOptions, Transcript, limits};

/// Far more than anything here takes; what waits so long has failed.
const BOUND: Duration = Duration::from_secs(20);
/// How soon the work must end after its `Run` was dropped.
const CANCEL_BOUND: Duration = Duration::from_millis(100);
/// A busy machine may be late once or twice; the best of so many tries counts.
const CANCEL_TRIES: usize = 3;

type Make = dyn Fn() -> Arc<dyn Runtime>;
type Answer = dyn Fn(&str) -> String;

/// The contract, with what a runtime answers to a given prompt. Add what it can show, then [`Self::check`].
///
/// ```ignore
/// RuntimeContract::new(|| Arc::new(Echo::default()), |prompt| prompt.to_owned())
///     .prompts(["plain", "せせらぎ 🌊"])
///     .long("a prompt whose answer takes at least half a second")
///     .check()
///     .await;
/// ```
pub struct RuntimeContract {
    make: Box<Make>,
    answer: Box<Answer>,
    prompts: Vec<String>,
    long: Option<String>,
    refused: Vec<(String, Code)>,
    fails_midway: Vec<(String, Code)>,
}

impl RuntimeContract {
    /// A runtime, freshly made for each rule, and its whole answer to a prompt.
    #[must_use]
    pub fn new(
        make: impl Fn() -> Arc<dyn Runtime> + 'static,
        answer: impl Fn(&str) -> String + 'static,
    ) -> Self {
        Self {
            make: Box::new(make),
            answer: Box::new(answer),
            prompts: Vec::new(),
            long: None,
            refused: Vec::new(),
            fails_midway: Vec::new(),
        }
    }

    /// Prompts that are answered to the end. At least one answer should hold characters of several bytes.
    #[must_use]
    pub fn prompts<'a>(mut self, prompts: impl IntoIterator<Item = &'a str>) -> Self {
        self.prompts.extend(prompts.into_iter().map(str::to_owned));
        self
    }

    /// A prompt whose answer has several deltas and takes at least half a second: to be cancelled and cut short.
    #[must_use]
    pub fn long(mut self, prompt: &str) -> Self {
        self.long = Some(prompt.to_owned());
        self
    }

    /// A prompt that is refused before the first text.
    #[must_use]
    pub fn refused(mut self, prompt: &str, code: Code) -> Self {
        self.refused.push((prompt.to_owned(), code));
        self
    }

    /// A prompt whose answer breaks off after some text: `failed`, or `interrupted` where a retry makes sense.
    #[must_use]
    pub fn fails_midway(mut self, prompt: &str, code: Code) -> Self {
        self.fails_midway.push((prompt.to_owned(), code));
        self
    }

    /// Checks every rule for which there is a prompt.
    ///
    /// # Panics
    /// If a rule is broken.
    pub async fn check(&self) {
        for prompt in &self.prompts {
            self.answers_in_order_and_stops(prompt).await;
            self.answers_a_reader_that_comes_late(prompt).await;
        }
        for (prompt, code) in &self.refused {
            self.refuses_before_the_first_text(prompt, *code).await;
        }
        for (prompt, code) in &self.fails_midway {
            self.breaks_off_after_some_text(prompt, *code).await;
        }
        if let Some(prompt) = &self.long {
            self.runs_two_at_once(prompt).await;
            self.does_not_wait_for_a_reader(prompt).await;
            self.ends_soon_after_a_cancel(prompt).await;
            self.ends_when_its_last_reader_leaves(prompt).await;
            self.ends_at_the_deadline(prompt).await;
            self.ends_at_the_cap_of_tokens(prompt).await;
        }
    }

    async fn answers_in_order_and_stops(&self, prompt: &str) {
        let stage = Stage::default();
        let got = self.read(&stage, plan(prompt)).await;
        assert_eq!(got.text, (self.answer)(prompt), "the answer to {prompt:?}");
        assert_eq!(finish(&got), Finish::Stop, "the end of the answer to {prompt:?}");
        let terminal = got.terminal.expect("it ended");
        assert_eq!(terminal.utf8_len as usize, got.text.len());
        assert!(got.text.is_empty() || terminal.usage.output_tokens > 0, "output tokens are counted");
    }

    /// Whoever reads a finished answer gets it all the same.
    async fn answers_a_reader_that_comes_late(&self, prompt: &str) {
        let stage = Stage::default();
        let (stream_id, mut first) = stage.open(&*(self.make)(), plan(prompt));
        let got = soon("the answer", first.to_end()).await;
        let again = stage.read(stream_id, Look::default()).to_end().await;
        assert_eq!(again.text, got.text);
        assert_eq!(again.terminal, got.terminal);
    }

    async fn refuses_before_the_first_text(&self, prompt: &str, code: Code) {
        let stage = Stage::default();
        let got = self.read(&stage, plan(prompt)).await;
        assert_eq!((finish(&got), got.last), (Finish::Failed, 1), "no text before the refusal of {prompt:?}");
        assert_eq!(problem_code(&got), code);
    }

    async fn breaks_off_after_some_text(&self, prompt: &str, code: Code) {
        let stage = Stage::default();
        let got = self.read(&stage, plan(prompt)).await;
        assert!(!got.text.is_empty(), "some text comes before the failure of {prompt:?}");
        assert!(matches!(finish(&got), Finish::Failed | Finish::Interrupted), "{:?}", got.terminal);
        assert_eq!(problem_code(&got), code);
    }

    async fn runs_two_at_once(&self, prompt: &str) {
        let (stage, runtime) = (Stage::default(), (self.make)());
        let (_, mut one) = stage.open(&*runtime, plan(prompt));
        let (_, mut two) = stage.open(&*runtime, plan(prompt));
        let one = soon("the first answer", one.to_end()).await;
        let two = soon("the second answer", two.to_end()).await;
        assert_eq!((one.text, two.text), ((self.answer)(prompt), (self.answer)(prompt)));
    }

    /// A reader that does not read costs the runtime nothing; it gets all of it later, in larger slices.
    async fn does_not_wait_for_a_reader(&self, prompt: &str) {
        let stage = Stage::default();
        let (_, mut reader) = stage.open(&*(self.make)(), plan(prompt));
        let generation = Arc::clone(reader.generation());
        soon("the end without a reader", until(|| generation.progress().1.is_some())).await;
        let got = soon("the answer", reader.to_end()).await;
        assert_eq!(got.text, (self.answer)(prompt));
        assert!(got.pieces.len() < got.last as usize - 1, "what piled up came in larger slices");
    }

    async fn ends_soon_after_a_cancel(&self, prompt: &str) {
        let mut best = Duration::MAX;
        for _ in 0..CANCEL_TRIES {
            let stage = Stage::default();
            let (stream_id, mut reader) = stage.open(&*(self.make)(), plan(prompt));
            first_text(&mut reader).await;
            let owner = reader.generation().about().owner.clone();
            let cancelled = Instant::now();
            let terminal = stage.hub.cancel(&owner, stream_id).expect("it is there");
            soon("the producer to be dropped", until(|| holders(&reader) == HOLDERS_WHILE_READ)).await;
            best = best.min(cancelled.elapsed());
            assert_eq!(terminal.finish, Finish::Cancelled, "the long answer was over already");
            let got = soon("the end", reader.to_end()).await;
            assert!((self.answer)(prompt).starts_with(&got.text), "what was written stays");
        }
        assert!(best <= CANCEL_BOUND, "it ended {best:?} after the cancel");
    }

    async fn ends_when_its_last_reader_leaves(&self, prompt: &str) {
        let stage = Stage::default();
        let (_, mut reader) = stage.open(&*(self.make)(), plan(prompt));
        first_text(&mut reader).await;
        let generation = Arc::clone(reader.generation());
        drop(reader);
        let terminal = generation.progress().1.expect("it is cancelled at once");
        assert_eq!(terminal.finish, Finish::Cancelled);
        soon("the producer to be dropped", until(|| Arc::strong_count(&generation) == HOLDERS_AFTERWARDS))
            .await;
    }

    async fn ends_at_the_deadline(&self, prompt: &str) {
        let stage = Stage::default();
        let wait = Duration::from_millis(200);
        let (_, mut reader) = stage.open(&*(self.make)(), Plan { timeout: Some(wait), ..plan(prompt) });
        let got = soon("the end", reader.to_end()).await;
        assert_eq!(finish(&got), Finish::Failed, "the long answer takes longer than {wait:?}");
        assert_eq!(problem_code(&got), Code::DeadlineExceeded);
        soon("the producer to be dropped", until(|| holders(&reader) == HOLDERS_WHILE_READ)).await;
    }

    async fn ends_at_the_cap_of_tokens(&self, prompt: &str) {
        let cap = 2;
        let limits = limits(1, cap, BOUND);
        let stage = Stage::new(StageOptions { limits, ..StageOptions::default() });
        let mut plan = plan(prompt);
        plan.sampling.max_tokens = Some(cap);
        let got = self.read(&stage, plan).await;
        assert_eq!(finish(&got), Finish::Length);
        assert!(got.terminal.as_ref().is_some_and(|t| t.usage.output_tokens <= cap), "{:?}", got.terminal);
        assert!((self.answer)(prompt).starts_with(&got.text), "{:?}", got.text);
    }

    async fn read(&self, stage: &Stage, plan: Plan) -> Transcript {
        let (_, mut reader) = stage.open(&*(self.make)(), plan);
        soon("the answer", reader.to_end()).await
    }
}

/// Who holds a generation once its runtime has let go of it: the hub, the reader, and the hub's list of what is read.
const HOLDERS_WHILE_READ: usize = 3;
/// The same without a reader: the hub and the test.
const HOLDERS_AFTERWARDS: usize = 2;

fn holders(reader: &Reader) -> usize {
    Arc::strong_count(reader.generation())
}

fn plan(prompt: &str) -> Plan {
    Plan { prompt: prompt.to_owned(), on_disconnect: OnDisconnect::Cancel, ..Plan::default() }
}

fn finish(got: &Transcript) -> Finish {
    got.terminal.as_ref().expect("it ended with a terminal").finish
}

fn problem_code(got: &Transcript) -> Code {
    let problem = got.terminal.as_ref().and_then(|terminal| terminal.problem.as_ref());
    problem.expect("the end carries a problem").code
}

async fn first_text(reader: &mut Reader) {
    let text =
        async { while !reader.next().await.iter().any(|seen| matches!(seen, crate::Seen::Run { .. })) {} };
    soon("the first text", text).await;
}

async fn soon<F: Future>(what: &str, future: F) -> F::Output {
    timeout(BOUND, future).await.unwrap_or_else(|_| panic!("waited too long: {what}"))
}

async fn until(condition: impl Fn() -> bool) {
    while !condition() {
        sleep(Duration::from_millis(1)).await;
    }
}
