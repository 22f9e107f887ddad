//! How a connection's driver is told to drain or to end, at the cost of one atomic load per poll.

use std::fmt;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Waker};

/// Why a connection should take no new requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DrainReason {
    /// The process is going down or the listener is closed for good.
    Shutdown,
    /// The connection has reached its greatest age.
    MaxAge,
    /// The connection was without streams for too long.
    MaxIdle,
}

impl fmt::Display for DrainReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Shutdown => "shutdown",
            Self::MaxAge => "max_age",
            Self::MaxIdle => "max_idle",
        })
    }
}

/// What a connection was told. It only ever rises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Order {
    Serve,
    Drain,
    End,
}

impl Order {
    fn from_u8(value: u8) -> Self {
        match value {
            0 => Self::Serve,
            1 => Self::Drain,
            _ => Self::End,
        }
    }
}

/// One order for one task.
#[derive(Debug, Default)]
pub(super) struct Signal {
    order: AtomicU8,
    waker: Mutex<Option<Waker>>,
}

impl Signal {
    /// Gives an order and wakes whoever listens; returns whether it was higher than the one before.
    pub(super) fn raise(&self, order: Order) -> bool {
        let before = self.order.fetch_max(order as u8, Ordering::AcqRel);
        let waker = self.waker.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(waker) = waker {
            waker.wake();
        }
        before < order as u8
    }

    pub(super) fn order(&self) -> Order {
        Order::from_u8(self.order.load(Ordering::Acquire))
    }

    /// Makes the task of `cx` the one that is woken.
    fn register(&self, cx: &Context<'_>) {
        *self.waker.lock().unwrap_or_else(PoisonError::into_inner) = Some(cx.waker().clone());
    }
}

/// The listening end: remembers whether its task is registered, so that a poll takes no lock.
#[derive(Debug, Default)]
pub(super) struct Listener(Option<Waker>);

impl Listener {
    /// The present order; the task of `cx` is woken when a higher one is given.
    pub(super) fn poll(&mut self, signal: &Signal, cx: &Context<'_>) -> Order {
        if !self.0.as_ref().is_some_and(|known| known.will_wake(cx.waker())) {
            signal.register(cx);
            self.0 = Some(cx.waker().clone());
        }
        signal.order()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::AtomicUsize;
    use std::task::Wake;

    use super::*;

    #[derive(Default)]
    struct Count(AtomicUsize);

    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[test]
    fn an_order_wakes_the_listener_and_never_falls() {
        let (signal, mut listener, count) =
            (Signal::default(), Listener::default(), Arc::new(Count::default()));
        let waker = Waker::from(count.clone());
        let cx = Context::from_waker(&waker);

        assert_eq!(listener.poll(&signal, &cx), Order::Serve);
        assert!(signal.raise(Order::Drain));
        assert_eq!(listener.poll(&signal, &cx), Order::Drain);
        assert!(signal.raise(Order::End));
        assert!(!signal.raise(Order::Drain));
        assert_eq!(listener.poll(&signal, &cx), Order::End);
        assert_eq!(count.0.load(Ordering::Relaxed), 3);
    }

    #[test]
    fn an_order_before_the_first_poll_is_seen() {
        let signal = Signal::default();
        signal.raise(Order::End);
        assert_eq!(Listener::default().poll(&signal, &Context::from_waker(Waker::noop())), Order::End);
    }
}
