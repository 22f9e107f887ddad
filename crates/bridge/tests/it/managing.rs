//! The single calls: Cancel, GetStream, ListStreams, ListModels.

use seseragi_proto::infer::{
    CancelReply, CancelRequest, Finish, GetStreamRequest, ListModelsReply, ListModelsRequest,
    ListStreamsReply, ListStreamsRequest, OnDisconnect, StreamInfo,
};
use seseragi_testkit::client::{Client, Dialect, Status};
use seseragi_testkit::{Scripted, Step};

use crate::support::{Fixture, ask, ask_with};

async fn cancel(client: &Client, stream_id: &str) -> Result<CancelReply, Status> {
    client.unary("Cancel", &CancelRequest { stream_id: stream_id.to_owned() }).await
}

async fn info(client: &Client, stream_id: &str) -> Result<StreamInfo, Status> {
    client.unary("GetStream", &GetStreamRequest { stream_id: stream_id.to_owned() }).await
}

async fn list(client: &Client, live_only: bool, limit: u32) -> Vec<String> {
    let reply = client.unary("ListStreams", &ListStreamsRequest { live_only, limit }).await;
    let reply: ListStreamsReply = reply.expect("it is listed");
    reply.streams.into_iter().map(|info| info.stream_id).collect()
}

#[tokio::test]
async fn a_cancel_ends_the_stream_for_its_reader_and_may_be_repeated() {
    let scripted = Scripted::new([Step::chars("some"), Step::Hang]);
    let fixture = Fixture::new(scripted.clone());
    for (round, dialect) in Dialect::ALL.into_iter().enumerate() {
        let client = fixture.client(dialect);
        let mut call = client.stream(&ask_with(OnDisconnect::Keep)).await;
        let replies = call.until_text().await;
        let stream_id = replies[0].opened.clone().expect("opened comes first").stream_id;
        let first = cancel(&client, &stream_id).await.expect("it is cancelled");
        let again = cancel(&client, &stream_id).await.expect("it may be repeated");
        assert_eq!(first, again, "{dialect:?}");
        let story = call.story_after(replies).await;
        assert_eq!((story.text.as_str(), story.finish(), story.status.code), ("some", Finish::Cancelled, 1));
        assert_eq!(story.terminal, first.terminal);
        assert_eq!(scripted.dropped(round + 1).await, round + 1, "the model was stopped");
    }
}

#[tokio::test]
async fn a_cancel_after_the_end_tells_that_end() {
    let fixture = Fixture::new(Scripted::new([Step::say("done")]));
    for dialect in Dialect::ALL {
        let client = fixture.client(dialect);
        let story = client.stream(&ask("question")).await.story().await;
        let told = cancel(&client, &story.opened.stream_id).await.expect("it is there");
        assert_eq!(told.terminal, story.terminal, "{dialect:?}");
        assert_eq!(story.finish(), Finish::Stop);
    }
}

#[tokio::test]
async fn a_stream_is_accounted_for_while_it_runs_and_after() {
    let fixture = Fixture::new(Scripted::new([Step::chars("some"), Step::Hang]));
    for dialect in Dialect::ALL {
        let client = fixture.client(dialect);
        let mut call = client.stream(&ask("question")).await;
        let opened = call.until_text().await[0].opened.clone().expect("opened comes first");
        let running = info(&client, &opened.stream_id).await.expect("it is there");
        assert_eq!((running.live, running.last_seq, running.epoch), (true, 4, 1), "{dialect:?}");
        assert_eq!((running.model.as_str(), running.terminal, running.expires_unix_ms), ("test", None, 0));
        let ended = cancel(&client, &opened.stream_id).await.expect("it is cancelled");
        let over = info(&client, &opened.stream_id).await.expect("it is there");
        assert_eq!((over.live, over.last_seq, over.terminal), (false, 5, ended.terminal));
        assert!(over.expires_unix_ms > over.created_unix_ms && over.created_unix_ms > 0);
    }
}

#[tokio::test]
async fn lists_hold_the_callers_own_streams_newest_first() {
    let fixture = Fixture::new(Scripted::by_prompt(|prompt| match prompt {
        "end" => vec![Step::say("done")],
        _ => vec![Step::say("some"), Step::Hang],
    }));
    fixture.client_of("bob", Dialect::Grpc).stream(&ask("end")).await.story().await;
    for dialect in Dialect::ALL {
        let client = fixture.client_of(&format!("{dialect:?}"), dialect);
        assert_eq!(list(&client, false, 0).await, [] as [String; 0]);
        let mut running = client.stream(&ask("run")).await;
        let live = running.until_text().await[0].opened.clone().expect("opened comes first").stream_id;
        let done = client.stream(&ask("end")).await.story().await.opened.stream_id;
        assert_eq!(list(&client, false, 0).await, [done.clone(), live.clone()], "{dialect:?}");
        assert_eq!(list(&client, false, 1).await, [done]);
        assert_eq!(list(&client, true, 9).await, [live]);
    }
}

#[tokio::test]
async fn models_are_listed_by_their_public_names() {
    let fixture = Fixture::new(Scripted::new([Step::Hang]));
    for dialect in Dialect::ALL {
        let reply = fixture.client(dialect).unary("ListModels", &ListModelsRequest {}).await;
        let reply: ListModelsReply = reply.expect("they are listed");
        let names: Vec<_> = reply.models.iter().map(|model| (model.name.as_str(), model.ready)).collect();
        assert_eq!(names, [("test", true)], "{dialect:?}");
    }
}
