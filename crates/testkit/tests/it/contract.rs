//! The contract of runtimes, held by a script: an example for adapters, and a test of the contract itself.

use std::sync::Arc;
use std::time::Duration;

use seseragi_flow::{Code, Job, Problem, Producer, Run, Runtime};
use seseragi_testkit::{RuntimeContract, Scripted, Step};

/// Repeats the prompt; `long …` slowly; `refuse` and `break` do what they say.
fn parrot(slowly: Duration) -> Scripted {
    Scripted::by_prompt(move |prompt| {
        let pause =
            || Step::Sleep(if prompt.starts_with("long") { slowly } else { Duration::from_millis(1) });
        let mut steps: Vec<Step> =
            prompt.chars().flat_map(|c| [Step::say(&c.to_string()), pause()]).collect();
        match prompt {
            "refuse" => vec![Step::Fail(Problem::runtime(Code::InvalidArgument, "refused", "no"))],
            "break" => {
                steps.push(Step::Fail(Problem::runtime(Code::Unavailable, "broke", "it broke")));
                steps
            }
            _ => steps,
        }
    })
}

const PACE: Duration = Duration::from_millis(30);

fn contract(make: impl Fn() -> Arc<dyn Runtime> + 'static) -> RuntimeContract {
    RuntimeContract::new(make, str::to_owned)
        .prompts(["plain", "せせらぎ 🌊"])
        .long("long enough to be cut short")
        .refused("refuse", Code::InvalidArgument)
        .fails_midway("break", Code::Unavailable)
}

#[tokio::test]
async fn a_runtime_that_keeps_the_contract_passes() {
    contract(|| Arc::new(parrot(PACE))).check().await;
}

/// Like the parrot, but a dropped run does not stop it: it goes on until it is told when it publishes.
struct Stubborn(Scripted);

impl Runtime for Stubborn {
    fn start(&self, job: Job, producer: Producer) -> Run {
        let run = self.0.start(job, producer);
        Run::new(Late(Some(run)))
    }
}

struct Late(Option<Run>);

impl Drop for Late {
    fn drop(&mut self) {
        let run = self.0.take();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_secs(1)).await;
            drop(run);
        });
    }
}

#[tokio::test]
#[should_panic(expected = "after the cancel")]
async fn a_runtime_that_goes_on_after_a_cancel_does_not_pass() {
    contract(|| Arc::new(Stubborn(parrot(PACE * 5)))).check().await;
}

#[tokio::test]
#[should_panic(expected = "the answer to")]
async fn a_runtime_that_says_something_else_does_not_pass() {
    let runtime = || -> Arc<dyn Runtime> { Arc::new(Scripted::new([Step::say("something else")])) };
    contract(runtime).check().await;
}
