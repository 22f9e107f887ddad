//! What arrived of a response, as deltas and an end.

use seseragi_flow::{Batch, Delta, Finish, Kind, MAX_DELTA_BYTES, ToolCall, Usage};
use seseragi_proto::infer;

use super::envelope::Splitter;
use super::fault::Fault;
use super::reply::{Plain, Reply, decode};

/// The longest id and name of a tool call together, in bytes.
const MAX_TOOL_HEAD_BYTES: usize = 1024;

/// Takes bytes, gives deltas. Its memory is used again for each read.
#[derive(Debug, Default)]
pub(super) struct Intake {
    splitter: Splitter,
    batch: Batch,
    terminal: Option<infer::Terminal>,
}

impl Intake {
    /// Adds what these bytes complete.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let Self { splitter, batch, terminal } = self;
        splitter.feed(bytes, |message| match decode(message)? {
            _ if terminal.is_some() => Err(Fault::Protocol("something follows the terminal")),
            Reply::Plain(plain) => {
                batch.push(Delta { kind: Kind::Text, text: plain.text, tokens: plain.tokens(), mark: &[] });
                Ok(())
            }
            Reply::Other(reply) => other(*reply, batch, terminal),
        })
    }

    /// The deltas since the last [`Self::clear`].
    pub(super) fn batch(&self) -> &Batch {
        &self.batch
    }

    /// Forgets deltas that were handed on.
    pub(super) fn clear(&mut self) {
        self.batch.clear();
    }

    /// The outcome of a call that ended with the status OK.
    pub(super) fn outcome(&self) -> Result<(Finish, Usage), Fault> {
        if !self.splitter.is_between_messages() {
            return Err(Fault::Truncated("the body ended within a message"));
        }
        let Some(terminal) = &self.terminal else { return Ok((Finish::Stop, Usage::default())) };
        let finish = match terminal.finish() {
            infer::Finish::Stop => Finish::Stop,
            infer::Finish::Length => Finish::Length,
            infer::Finish::Quota => Finish::Quota,
            infer::Finish::ToolCalls => Finish::ToolCalls,
            _ => return Err(Fault::Protocol("the terminal is no success, but the status is OK")),
        };
        Ok((finish, usage(terminal.usage.unwrap_or_default())))
    }
}

impl Plain<'_> {
    /// The upstream's positions, which stand for a token each; at least one, and no more than there are bytes.
    fn tokens(&self) -> u32 {
        let most = u32::try_from(self.text.len()).unwrap_or(u32::MAX).max(1);
        self.last.saturating_sub(self.first).saturating_add(1).clamp(1, most)
    }
}

/// A message that is more than text.
fn other(
    reply: infer::InferReply,
    batch: &mut Batch,
    terminal: &mut Option<infer::Terminal>,
) -> Result<(), Fault> {
    let (first, last) = (reply.first_seq, reply.last_seq);
    for (kind, text) in [(Kind::Text, &reply.delta), (Kind::Reasoning, &reply.reasoning)] {
        let tokens = Plain { text, first, last }.tokens();
        batch.push(Delta { kind, text, tokens, mark: &[] });
    }
    if let Some(call) = &reply.tool_call {
        tool_call(call, batch)?;
    }
    if reply.detached.is_some() {
        return Err(Fault::Detached);
    }
    *terminal = reply.terminal;
    Ok(())
}

/// A piece of a tool call, cut so that each part is one delta: only the first has the id and the name.
fn tool_call(call: &infer::ToolCallDelta, batch: &mut Batch) -> Result<(), Fault> {
    if call.id.len() + call.name.len() > MAX_TOOL_HEAD_BYTES {
        return Err(Fault::Protocol("the name of a tool call is too long"));
    }
    let (mut id, mut name, mut rest, mut tokens) = (&*call.id, &*call.name, &*call.arguments_json, 1);
    loop {
        let longest = rest.len().min(MAX_DELTA_BYTES / 2);
        let cut = (0..=longest).rev().find(|at| rest.is_char_boundary(*at)).unwrap_or(rest.len());
        let (arguments_json, tail) = rest.split_at(cut);
        let piece = ToolCall { index: call.index, id, name, arguments_json };
        batch.push(Delta { kind: Kind::ToolCall, text: &piece.to_payload(), tokens, mark: &[] });
        (id, name, rest, tokens) = ("", "", tail, 0);
        if rest.is_empty() {
            return Ok(());
        }
    }
}

fn usage(usage: infer::Usage) -> Usage {
    Usage {
        input_tokens: usage.input_tokens,
        output_tokens: usage.output_tokens,
        cached_tokens: usage.cached_tokens,
        reasoning_tokens: usage.reasoning_tokens,
    }
}

#[cfg(test)]
mod tests {
    use prost::Message;

    use super::*;

    fn taken(replies: &[infer::InferReply]) -> Result<Intake, Fault> {
        let mut intake = Intake::default();
        for reply in replies {
            let message = reply.encode_to_vec();
            intake.take(&[&[0][..], &(message.len() as u32).to_be_bytes(), &message].concat())?;
        }
        Ok(intake)
    }

    fn text(delta: &str, first_seq: u32, last_seq: u32) -> infer::InferReply {
        infer::InferReply { delta: delta.into(), first_seq, last_seq, ..Default::default() }
    }

    fn ended(finish: infer::Finish) -> infer::InferReply {
        let usage = Some(infer::Usage { input_tokens: 3, output_tokens: 9, ..Default::default() });
        let terminal = infer::Terminal { finish: finish.into(), usage, ..Default::default() };
        infer::InferReply { terminal: Some(terminal), ..Default::default() }
    }

    #[test]
    fn a_run_counts_its_positions_as_tokens_within_reason() {
        let intake = taken(&[text("abc", 1, 2), text("d", 0, 0), text("e", 4, u32::MAX), text("f", 9, 2)]);
        let batch = &intake.expect("they are fine").batch;
        assert_eq!(batch.iter().map(|d| d.tokens).collect::<Vec<_>>(), [2, 1, 1, 1]);
    }

    #[test]
    fn a_long_tool_call_stays_readable_piece_by_piece() {
        let arguments_json = "あ".repeat(MAX_DELTA_BYTES);
        let call = infer::ToolCallDelta {
            index: 2,
            id: "i".into(),
            name: "n".into(),
            arguments_json: arguments_json.clone(),
        };
        let intake = taken(&[infer::InferReply { tool_call: Some(call), ..Default::default() }]);
        let intake = intake.expect("it is fine");
        let pieces: Vec<_> =
            intake.batch.iter().map(|d| ToolCall::from_payload(d.text).expect("each is one")).collect();
        assert_eq!(pieces.iter().map(|p| p.arguments_json).collect::<String>(), arguments_json);
        assert_eq!((pieces[0].id, pieces[0].name, pieces[1].id), ("i", "n", ""));
        assert!(pieces.iter().all(|p| p.index == 2) && pieces.len() > 2);
    }

    #[test]
    fn the_terminal_says_how_it_ended() {
        let (finish, usage) =
            taken(&[ended(infer::Finish::Length)]).expect("fine").outcome().expect("a success");
        assert_eq!((finish, usage.input_tokens, usage.output_tokens), (Finish::Length, 3, 9));
        assert_eq!(taken(&[]).expect("fine").outcome().expect("a success").0, Finish::Stop);
        for bad in [infer::Finish::Failed, infer::Finish::Unspecified, infer::Finish::Interrupted] {
            assert!(taken(&[ended(bad)]).expect("fine").outcome().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn what_breaks_the_contract_is_refused() {
        assert!(taken(&[ended(infer::Finish::Stop), text("late", 1, 1)]).is_err());
        let detached = infer::InferReply { detached: Some(infer::Detached::default()), ..Default::default() };
        assert_eq!(taken(&[detached]).err(), Some(Fault::Detached));
        let mut cut = taken(&[text("a", 1, 1)]).expect("fine");
        cut.take(&[0, 0]).expect("nothing is wrong yet");
        assert!(matches!(cut.outcome(), Err(Fault::Truncated(_))));
    }
}
