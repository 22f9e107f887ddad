//! Rights that are given back by being dropped.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::book::{ReaderSlot, Slot};
use crate::{Principal, StreamId, Subject};

/// The most one generation may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caps {
    /// Model tokens it may produce.
    pub max_output_tokens: u32,
    /// How long it may run, from its start.
    pub max_duration: Duration,
}

/// The right to run one generation. Its slot is given back exactly once: when the permit is dropped, by
/// whatever way.
///
/// The generation holds it to its end, not the connection: a permit that lived in a request handler would be
/// given back when the response begins.
#[must_use = "dropping a permit gives the right back"]
pub struct Permit {
    slot: Slot,
    principal: Arc<Principal>,
    stream_id: StreamId,
    caps: Caps,
}

impl Permit {
    pub(super) fn new(slot: Slot, principal: Arc<Principal>, caps: Caps) -> Self {
        Self { slot, principal, stream_id: StreamId::random(), caps }
    }

    /// What the right rests on.
    pub const fn principal(&self) -> &Arc<Principal> {
        &self.principal
    }

    /// The name of the generation to come.
    pub const fn stream_id(&self) -> StreamId {
        self.stream_id
    }

    /// The limits of the tier, lowered by what the caller asked for.
    pub const fn caps(&self) -> Caps {
        self.caps
    }

    /// Whose generation it is.
    pub const fn subject(&self) -> &Subject {
        self.slot.subject()
    }
}

impl fmt::Debug for Permit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Permit")
            .field("stream_id", &self.stream_id)
            .field("subject", self.subject())
            .field("caps", &self.caps)
            .finish()
    }
}

/// The right to read one generation. Given back when dropped.
#[must_use = "dropping a permit gives the right back"]
pub struct ReadPermit {
    pub(super) slot: ReaderSlot,
    pub(super) principal: Arc<Principal>,
}

impl ReadPermit {
    /// Who reads.
    pub const fn subject(&self) -> &Subject {
        self.slot.subject()
    }

    /// What the right rests on.
    pub const fn principal(&self) -> &Arc<Principal> {
        &self.principal
    }
}

impl fmt::Debug for ReadPermit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ReadPermit").field(self.subject()).finish()
    }
}
