//! The [`Tail`]: a log, how far of it may be seen, its end, and who waits for more. Plain data under its
//! generation's lock; no live broadcast stands beside it, so there is no lag to handle.

use std::sync::Arc;
use std::task::{Context, Waker};

use seseragi_guard::Principal;

use crate::{DeltaLog, Finish, Seq, Terminal};

/// The most readers of one generation.
pub const MAX_READERS: usize = 8;

/// Which reader; valid until it leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot(usize);

#[derive(Debug, Default)]
pub(crate) struct Tail {
    pub(crate) log: DeltaLog,
    /// Readers see positions up to this one: the store has acknowledged it.
    visible: Seq,
    terminal: Option<Terminal>,
    /// Whether the store has acknowledged the terminal.
    terminal_visible: bool,
    readers: [Reader; MAX_READERS],
    producer: Option<Waker>,
}

#[derive(Debug, Default)]
struct Reader {
    /// What its right rests on; `None`: the place is free.
    right: Option<Arc<Principal>>,
    /// Whether that right was withdrawn.
    withdrawn: bool,
    waker: Option<Waker>,
}

/// Wakers taken under the lock, to be woken after it. Bounded, so that nothing is allocated.
#[derive(Debug, Default)]
pub(crate) struct Wakes {
    readers: [Option<Waker>; MAX_READERS],
    producer: Option<Waker>,
}

impl Wakes {
    /// Adds wakers that were taken later.
    pub(crate) fn add(&mut self, later: Self) {
        for (mine, new) in self.readers.iter_mut().zip(later.readers) {
            *mine = new.or(mine.take());
        }
        self.producer = later.producer.or(self.producer.take());
    }

    pub(crate) fn wake(self) {
        self.readers.into_iter().chain([self.producer]).flatten().for_each(Waker::wake);
    }
}

impl Tail {
    /// The newest position that readers may see.
    pub(crate) fn visible(&self) -> Seq {
        self.visible
    }

    /// The end, if it was written, whether or not it may be seen.
    pub(crate) fn terminal(&self) -> Option<&Terminal> {
        self.terminal.as_ref()
    }

    /// The end and its position, if readers may see it.
    pub(crate) fn visible_terminal(&self) -> Option<(Seq, &Terminal)> {
        self.terminal.as_ref().filter(|_| self.terminal_visible).map(|t| (self.log.last().next(), t))
    }

    /// Text that was appended and that readers may not see yet, in bytes.
    pub(crate) fn hidden_bytes(&self) -> u32 {
        self.log.bytes() - self.log.end_of(self.visible)
    }

    /// Takes out of the log what the store did not keep; `true` if there was something.
    pub(crate) fn forget_hidden(&mut self) -> bool {
        let hidden = self.visible < self.log.last();
        if hidden {
            self.log.truncate(self.visible);
        }
        hidden
    }

    /// Writes the end. A producer that waits for the store has nothing to wait for any more.
    pub(crate) fn close(&mut self, terminal: Terminal) -> Wakes {
        debug_assert!(self.terminal.is_none(), "a stream ends once");
        self.terminal = Some(terminal);
        Wakes { producer: self.producer.take(), ..Wakes::default() }
    }

    /// Lets readers see positions up to `upto`; the position after the last delta is the terminal's.
    pub(crate) fn reveal(&mut self, upto: Seq) -> Wakes {
        self.visible = self.visible.max(upto.min(self.log.last()));
        self.terminal_visible |= self.terminal.is_some() && upto > self.log.last();
        let mut wakes = Wakes { producer: self.producer.take(), ..Wakes::default() };
        for (reader, wake) in self.readers.iter_mut().zip(&mut wakes.readers) {
            *wake = reader.waker.take();
        }
        wakes
    }

    pub(crate) fn join(&mut self, right: Arc<Principal>) -> Option<Slot> {
        let free = self.readers.iter().position(|r| r.right.is_none())?;
        self.readers[free] = Reader { right: Some(right), ..Reader::default() };
        Some(Slot(free))
    }

    /// Frees the slot; `true` if nobody reads any more.
    pub(crate) fn leave(&mut self, slot: Slot) -> bool {
        self.readers[slot.0] = Reader::default();
        !self.readers.iter().any(|r| r.right.is_some())
    }

    /// Marks the readers whose right is gone, and wakes them to hear it.
    pub(crate) fn withdraw(&mut self, gone: &dyn Fn(&Principal) -> bool) -> Wakes {
        let mut wakes = Wakes::default();
        for (reader, wake) in self.readers.iter_mut().zip(&mut wakes.readers) {
            if !reader.withdrawn && reader.right.as_deref().is_some_and(gone) {
                reader.withdrawn = true;
                *wake = reader.waker.take();
            }
        }
        wakes
    }

    /// Whether this reader's right was withdrawn.
    pub(crate) fn is_withdrawn(&self, slot: Slot) -> bool {
        self.readers[slot.0].withdrawn
    }

    /// Whether the stream ended because its own right was withdrawn; the end need not be visible yet.
    pub(crate) fn is_revoked(&self) -> bool {
        self.terminal.as_ref().is_some_and(|terminal| terminal.finish == Finish::Revoked)
    }

    pub(crate) fn wait(&mut self, slot: Slot, cx: &Context<'_>) {
        remember(&mut self.readers[slot.0].waker, cx);
    }

    pub(crate) fn wait_to_produce(&mut self, cx: &Context<'_>) {
        remember(&mut self.producer, cx);
    }
}

fn remember(slot: &mut Option<Waker>, cx: &Context<'_>) {
    if !slot.as_ref().is_some_and(|w| w.will_wake(cx.waker())) {
        *slot = Some(cx.waker().clone());
    }
}
