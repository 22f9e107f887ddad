//! A [`Subscription`] reads a log from a cursor. It reads, or it waits for the tail to move; nothing else.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, Sleep};

use crate::audience::{Audience, Seat};
use crate::event::Event;
use crate::generation::{Generation, Inner};
use crate::tail::Slot;
use crate::{DetachReason, Frame, FrameSink, HEARTBEAT, Opened, Reading, Seq};

/// What a call of [`Subscription::poll`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It wrote frames; there may be more.
    More,
    /// It wrote the last frame: the stream's end, or this connection's.
    End,
}

/// One reader of one generation. Dropping it leaves; what that means for the generation is its rule.
pub struct Subscription {
    _seat: Seat,
    generation: Arc<Generation>,
    slot: Slot,
    reading: Reading,
    cursor: Seq,
    opened: bool,
    done: bool,
    /// The gateway ended this connection, not the reader: the reader will come back.
    detached: bool,
    /// New streams report their first delta once.
    report_first: bool,
    heartbeat: Duration,
    last_sent: Instant,
    /// When the last text was sent; `None` before the first, which never waits.
    last_text: Option<Instant>,
    timer: Option<Pin<Box<Sleep>>>,
}

/// What one poll has written so far.
#[derive(Default)]
struct Written {
    frames: u32,
    deltas: u32,
    bytes: usize,
    text: bool,
}

impl Subscription {
    /// `None` if the generation has all the readers it may have.
    pub(crate) fn new(
        generation: Arc<Generation>,
        reading: Reading,
        audience: &Arc<Audience>,
    ) -> Option<Self> {
        let slot = generation.join(Arc::clone(reading.permit.principal()))?;
        let jitter = i64::from(generation.about().stream_id.as_bytes()[0]) - 128;
        let heartbeat = HEARTBEAT.as_millis() as i64 * (1280 + jitter) / 1280;
        Some(Self {
            _seat: audience.seat(&generation),
            slot,
            cursor: reading.after,
            opened: false,
            done: false,
            detached: false,
            report_first: reading.after == Seq::START,
            heartbeat: Duration::from_millis(heartbeat as u64),
            last_sent: reading.received,
            last_text: None,
            timer: None,
            reading,
            generation,
        })
    }

    /// The generation that it reads.
    #[must_use]
    pub fn generation(&self) -> &Arc<Generation> {
        &self.generation
    }

    /// Writes what is ready into `sink`, at most about `max_bytes` of text, or registers the waker.
    ///
    /// Never waits while something is ready, but for the reader's own window. After [`Progress::End`] it
    /// must not be polled again. Cancel-safe: the cursor moves only with what was written.
    pub fn poll(
        &mut self,
        cx: &mut Context<'_>,
        max_bytes: usize,
        sink: &mut (impl FrameSink + ?Sized),
    ) -> Poll<Progress> {
        if self.done {
            return Poll::Ready(Progress::End);
        }
        let now = Instant::now();
        let mut written = Written::default();
        self.open(sink, &mut written);
        self.read(cx, now, max_bytes, sink, &mut written);
        if !self.done {
            self.keep_time(now, sink, &mut written);
        }
        if written.frames == 0 {
            return self.sleep(cx, now);
        }
        self.account(now, &written);
        Poll::Ready(if self.done { Progress::End } else { Progress::More })
    }

    fn open(&mut self, sink: &mut (impl FrameSink + ?Sized), written: &mut Written) {
        if !std::mem::replace(&mut self.opened, true) {
            let about = self.generation.about();
            sink.frame(Frame::Opened(Opened {
                stream_id: about.stream_id,
                epoch: about.epoch,
                model: &about.model,
                heartbeat: self.heartbeat,
                after: self.cursor,
            }));
            written.frames += 1;
        }
    }

    /// Text, and the end. A reader without a right gets neither, but for one case: if the stream itself ended
    /// `revoked`, it hears so, after one poll's worth of what was written before, or it is sent away.
    fn read(
        &mut self,
        cx: &Context<'_>,
        now: Instant,
        max_bytes: usize,
        sink: &mut (impl FrameSink + ?Sized),
        written: &mut Written,
    ) {
        let held_back = self.window_ends().is_some_and(|at| now < at);
        let generation = Arc::clone(&self.generation);
        let mut inner = generation.lock();
        let over = inner.tail.visible_terminal().is_some();
        let rightless = self.cut_has_come(now) || inner.tail.is_withdrawn(self.slot);
        if rightless && !inner.tail.is_revoked() {
            drop(inner);
            return self.send_away(DetachReason::Expired, sink, written);
        }
        if over || !(held_back || rightless) {
            self.drain_log(&inner, max_bytes, sink, written);
        }
        if let Some((seq, terminal)) = inner.tail.visible_terminal()
            && self.cursor >= inner.tail.visible()
        {
            sink.frame(Frame::Terminal(seq, terminal));
            (self.cursor, self.done) = (seq, true);
            written.frames += 1;
        } else if rightless && over {
            drop(inner);
            self.send_away(DetachReason::Expired, sink, written);
        } else if written.frames == 0 {
            inner.tail.wait(self.slot, cx);
        }
    }

    fn drain_log(
        &mut self,
        inner: &Inner,
        max_bytes: usize,
        sink: &mut (impl FrameSink + ?Sized),
        written: &mut Written,
    ) {
        let (log, visible) = (&inner.tail.log, inner.tail.visible());
        let checkpoint =
            log.newest_checkpoint(self.cursor, visible).filter(|_| self.reading.delivery.checkpoints);
        while written.bytes < max_bytes {
            let until = checkpoint.map(|c| c.seq).filter(|at| self.cursor < *at).unwrap_or(visible);
            let Some(slice) = log.slice_after(self.cursor, until, max_bytes - written.bytes) else { break };
            if slice.text.len() + written.bytes > max_bytes && written.bytes > 0 {
                break;
            }
            sink.frame(Frame::Run(slice));
            written.deltas += slice.last.0 - self.cursor.0;
            written.bytes += slice.text.len();
            written.text = true;
            self.cursor = slice.last;
            written.frames += 1;
            if let Some(reached) = checkpoint.filter(|c| c.seq == self.cursor) {
                sink.frame(Frame::Checkpoint(reached));
                written.frames += 1;
            }
        }
    }

    /// The reader's deadline and its heartbeats.
    fn keep_time(&mut self, now: Instant, sink: &mut (impl FrameSink + ?Sized), written: &mut Written) {
        if self.reading.deadline.is_some_and(|at| at <= now) {
            self.send_away(DetachReason::Deadline, sink, written);
        } else if written.frames == 0 && now >= self.last_sent + self.heartbeat {
            sink.frame(Frame::Heartbeat(self.cursor));
            written.frames += 1;
        }
    }

    /// Ends this connection, and not the stream.
    fn send_away(
        &mut self,
        reason: DetachReason,
        sink: &mut (impl FrameSink + ?Sized),
        written: &mut Written,
    ) {
        sink.frame(Frame::Detached(reason, None));
        self.generation.observer().event(&Event::Detached { reason });
        (self.done, self.detached) = (true, true);
        written.frames += 1;
    }

    fn cut_has_come(&self, now: Instant) -> bool {
        self.reading.cut_at.is_some_and(|at| at <= now)
    }

    fn account(&mut self, now: Instant, written: &Written) {
        self.last_sent = now;
        if !written.text {
            return;
        }
        self.last_text = Some(now);
        let observer = self.generation.observer();
        observer.flushed(written.deltas, written.bytes);
        if std::mem::take(&mut self.report_first) {
            let elapsed = now.duration_since(self.reading.received);
            let model = &self.generation.about().model;
            observer.event(&Event::FirstDelta { model, wire: self.reading.wire, elapsed });
        }
    }

    fn window_ends(&self) -> Option<Instant> {
        let window = self.reading.delivery.window;
        self.last_text.filter(|_| !window.is_zero()).map(|at| at + window)
    }

    /// One timer for everything, re-armed only when it has fired or when it would fire too late.
    fn sleep(&mut self, cx: &mut Context<'_>, now: Instant) -> Poll<Progress> {
        let window = self.window_ends().filter(|at| *at > now);
        let cut_at = self.reading.cut_at.filter(|at| *at > now);
        let wanted = [Some(self.last_sent + self.heartbeat), self.reading.deadline, cut_at, window];
        let Some(next) = wanted.into_iter().flatten().min() else { return Poll::Pending };
        let timer = self.timer.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(next)));
        if timer.deadline() > next {
            timer.as_mut().reset(next);
        }
        while timer.as_mut().poll(cx).is_ready() {
            if next <= Instant::now() {
                cx.waker().wake_by_ref();
                break;
            }
            timer.as_mut().reset(next);
        }
        Poll::Pending
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let wish = self.reading.delivery.on_disconnect;
        self.generation.leave(self.slot, wish, self.detached, Instant::now());
    }
}
