//! The contract of runtimes, kept by `infer` in front of a server of the whole contract and of a two-field one.

use std::sync::Arc;
use std::time::Duration;

use seseragi_flow::{Code, Runtime};
use seseragi_proto::infer::{Finish, InferReply, StreamRequest, Terminal};
use seseragi_runtimes::infer::InferOptions;
use seseragi_testkit::RuntimeContract;

use crate::server::{Answer, Peer};
use crate::support::{TEXT, delta, infer_at};

/// Says the prompt back by characters; `!n` refuses or breaks off with status n.
async fn echo(request: StreamRequest, answer: Answer, classic: bool) {
    let status = request.prompt.rsplit_once('!').and_then(|(_, code)| code.parse().ok()).unwrap_or(0);
    let said = request.prompt.split('!').next().unwrap_or_default();
    let slow = said.len() > TEXT.len();
    let cap = request.sampling.and_then(|sampling| sampling.max_tokens).filter(|_| !classic);
    let most = cap.unwrap_or(u32::MAX) as usize;
    for (index, character) in said.chars().take(most).enumerate() {
        let seq = if classic { 0 } else { index as u32 + 1 };
        answer.reply(&InferReply { first_seq: seq, last_seq: seq, ..delta(&character.to_string()) });
        if slow {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    if !classic && status == 0 {
        let cut = said.chars().count() > most;
        let finish = if cut { Finish::Length } else { Finish::Stop };
        let terminal = Some(Terminal { finish: finish.into(), ..Terminal::default() });
        answer.reply(&InferReply { terminal, ..InferReply::default() });
    }
    answer.status(status);
}

fn contract(classic: bool) -> RuntimeContract {
    let authority = Peer::new().serve(move |request, answer| echo(request, answer, classic));
    let options = InferOptions { send_model: !classic, ..InferOptions::default() };
    let make = move || Arc::new(infer_at(&authority, options.clone())) as Arc<dyn Runtime>;
    RuntimeContract::new(make, str::to_owned)
        .prompts(["plain", TEXT])
        .refused("!3", Code::InvalidArgument)
        .refused("!8", Code::Unavailable)
        .fails_midway("水!14", Code::Unavailable)
        .fails_midway("水!13", Code::Internal)
}

#[tokio::test]
async fn in_front_of_a_server_of_the_whole_contract() {
    contract(false).long(&TEXT.repeat(2)).check().await;
}

/// A two-field server knows no `max_tokens`: our own cap ends it, which is a rule of the hub.
#[tokio::test]
async fn in_front_of_a_two_field_server() {
    contract(true).long(&TEXT.repeat(2)).check().await;
}
