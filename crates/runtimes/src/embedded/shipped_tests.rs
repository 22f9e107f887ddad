//! The model that the repository ships: the same text as llama.cpp, and figures.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::task::{Context, Poll};
use std::time::Instant;

use seseragi_flow::{Code, Runtime};
use seseragi_testkit::RuntimeContract;

use super::*;

type Told = (String, End, Spent);

/// Gathers the pieces of an answer.
struct Whole(Sender<Told>, String);

impl Output for Whole {
    fn push(&mut self, text: &str, _: u32) -> Flow {
        self.1.push_str(text);
        Flow::Continue
    }

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<()> {
        Poll::Ready(())
    }

    fn end(self: Box<Self>, end: End, spent: Spent) {
        let _ = self.0.send((self.1, end, spent));
    }
}

struct Answer(#[expect(dead_code, reason = "dropping it cancels")] JobHandle, Receiver<Told>);

impl Answer {
    fn get(&self) -> Told {
        self.1.recv().unwrap()
    }
}

fn models(file: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "..", "..", "models", file].iter().collect()
}

fn shipped() -> Engine {
    Engine::start(&Settings::new(Source::Path(models("seseragi-mini.gguf")))).unwrap()
}

fn ask(engine: &Engine, question: &str, so_far: &str, temperature: f32) -> Answer {
    let (sender, receiver) = channel();
    let request = Request {
        turns: vec![Turn { role: "user".to_owned(), content: question.to_owned() }],
        so_far: so_far.to_owned(),
        max_tokens: Some(120),
        sampling: Sampling { temperature, top_k: None, top_p: None, seed: 1 },
        stop: Vec::new(),
    };
    Answer(engine.submit(request, Box::new(Whole(sender, String::new()))), receiver)
}

fn prompts_and_answers() -> Vec<(String, String)> {
    let text = std::fs::read_to_string(models("greedy.json")).unwrap();
    let all: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    let field = |entry: &serde_json::Value, name: &str| entry[name].as_str().unwrap().to_owned();
    all.iter().map(|entry| (field(entry, "prompt"), field(entry, "answer"))).collect()
}

#[test]
fn greedy_text_is_that_of_llama_cpp() {
    let engine = shipped();
    let all = prompts_and_answers();
    assert!(all.len() >= 20);
    let mut wrong = Vec::new();
    for some in all.chunks(30) {
        let answers: Vec<Answer> = some.iter().map(|(prompt, _)| ask(&engine, prompt, "", 0.0)).collect();
        for ((prompt, expected), answer) in some.iter().zip(&answers) {
            let text = answer.get().0;
            if text != *expected {
                wrong.push((prompt, expected, text));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {} differ: {wrong:#?}", wrong.len(), all.len());
}

#[test]
fn an_answer_goes_on_from_the_end_of_any_word() {
    let engine = shipped();
    let all = prompts_and_answers();
    for (prompt, whole) in all.iter().filter(|(prompt, _)| prompt.is_ascii()).step_by(4) {
        for (end, _) in whole.match_indices(' ') {
            let rest = ask(&engine, prompt, &whole[..end], 0.0).get().0;
            assert_eq!(whole[..end].to_owned() + &rest, *whole, "{prompt} cut at {end}");
        }
    }
}

#[tokio::test]
async fn it_keeps_the_contract_of_runtimes() {
    let make = || -> Arc<dyn Runtime> {
        let source = Source::Path(models("seseragi-mini.gguf"));
        let settings = Settings { tokens_per_second: Some(60.0), ..Settings::new(source) };
        Arc::new(Embedded::start(&settings).unwrap())
    };
    let answer = |prompt: &str| prompts_and_answers().into_iter().find(|(p, _)| p == prompt).unwrap().1;
    RuntimeContract::new(make, answer)
        .prompts(["What is Seseragi?", "せせらぎとは何ですか？"])
        .long("What is Seseragi?")
        .refused("", Code::InvalidArgument)
        .refused(&"word ".repeat(2_000), Code::InvalidArgument)
        .check()
        .await;
}

#[test]
#[ignore = "prints figures, checks nothing"]
fn figures() {
    let begin = Instant::now();
    let engine = shipped();
    println!("load: {:?}", begin.elapsed());
    for company in [1, 8, 32] {
        let begin = Instant::now();
        let answers: Vec<_> = (0..company).map(|_| ask(&engine, "What is Seseragi?", "", 0.0)).collect();
        let tokens: u32 = answers.iter().map(|answer| answer.get().2.output_tokens).sum();
        println!("{company} at once: {:.0} tokens/s", f64::from(tokens) / begin.elapsed().as_secs_f64());
    }
}
