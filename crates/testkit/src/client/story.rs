//! All that a call of `Stream` or `Resume` brought, and the rules that hold for it.

use seseragi_proto::infer::{Checkpoint, Detached, Finish, InferReply, Opened, Terminal};

use super::Status;

/// All that a call of `Stream` or `Resume` brought.
#[derive(Clone, Debug)]
pub struct Story {
    /// The first frame.
    pub opened: Opened,
    /// All answer text, joined.
    pub text: String,
    /// The answer text of each run.
    pub pieces: Vec<String>,
    /// The last position covered, that of the terminal included.
    pub last: u32,
    /// The end of the stream.
    pub terminal: Option<Terminal>,
    /// The end of the connection only.
    pub detached: Option<Detached>,
    /// Checkpoints, in order.
    pub checkpoints: Vec<Checkpoint>,
    /// How the call ended.
    pub status: Status,
}

impl Story {
    /// Checks the rules and sums it up: one thing per frame; `opened` first and once; runs contiguous from the
    /// reader's cursor; exactly one terminal or `detached`, and last; the status follows from it.
    pub(super) fn new(replies: &[InferReply], status: Status) -> Self {
        let opened = replies.first().and_then(|reply| reply.opened.clone());
        let opened = opened.unwrap_or_else(|| panic!("opened comes first: {replies:?}, {status:?}"));
        let mut story = Self {
            last: opened.resumed_after,
            opened,
            text: String::new(),
            pieces: Vec::new(),
            terminal: None,
            detached: None,
            checkpoints: Vec::new(),
            status,
        };
        replies[1..].iter().for_each(|reply| story.add(reply));
        story.check_end();
        story
    }

    fn add(&mut self, reply: &InferReply) {
        assert!(self.terminal.is_none() && self.detached.is_none(), "nothing follows the end: {reply:?}");
        assert!(reply.opened.is_none(), "opened comes once");
        let is_run = !reply.delta.is_empty() || !reply.reasoning.is_empty() || reply.tool_call.is_some();
        let others = [
            reply.checkpoint.is_some(),
            reply.heartbeat.is_some(),
            reply.terminal.is_some(),
            reply.detached.is_some(),
        ];
        let things = usize::from(is_run) + others.into_iter().filter(|it| *it).count();
        assert_eq!(things, 1, "a frame holds one thing: {reply:?}");
        if is_run {
            assert_eq!(reply.first_seq, self.last + 1, "runs are contiguous");
            assert!(reply.last_seq >= reply.first_seq);
            self.last = reply.last_seq;
            self.text.push_str(&reply.delta);
            self.pieces.push(reply.delta.clone());
        } else if let Some(terminal) = &reply.terminal {
            assert_eq!(reply.first_seq, reply.last_seq);
            let repeated = reply.last_seq == self.last && self.pieces.is_empty();
            assert!(repeated || reply.last_seq == self.last + 1, "the end has the next position");
            self.last = reply.last_seq;
            self.terminal = Some(terminal.clone());
        } else {
            assert_eq!((reply.first_seq, reply.last_seq), (0, 0), "it has no position: {reply:?}");
            self.checkpoints.extend(reply.checkpoint);
            self.detached = reply.detached;
        }
    }

    fn check_end(&self) {
        let code = self.status.code;
        match (&self.terminal, &self.detached) {
            (Some(terminal), None) => match terminal.finish() {
                Finish::Stop | Finish::Length | Finish::Quota | Finish::ToolCalls => assert_eq!(code, 0),
                Finish::Cancelled => assert_eq!(code, 1),
                Finish::Interrupted => assert_eq!(code, 14),
                Finish::Failed | Finish::Revoked => assert_ne!(code, 0),
                Finish::Unspecified => panic!("a terminal says why"),
            },
            (None, Some(_)) => assert_eq!((code, self.status.reason.as_str()), (14, "RESUME")),
            _ => panic!("a body never ends without a terminal or detached: {self:?}"),
        }
    }

    /// How it finished.
    ///
    /// # Panics
    /// If it did not.
    #[must_use]
    pub fn finish(&self) -> Finish {
        self.terminal.as_ref().expect("it ended with a terminal").finish()
    }

    /// The code of the terminal: a documented reason, or an empty string.
    #[must_use]
    pub fn code(&self) -> &str {
        self.terminal.as_ref().map_or("", |terminal| &terminal.code)
    }
}
