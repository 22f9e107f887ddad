//! Making a connection, and what to do when one has ended.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use seseragi_proto::infer;
use tokio::time::timeout;

use crate::client::Shared;
use crate::link::{Link, silent};
use crate::{ClientError, Status};

/// A connection being made.
pub(crate) type Attempt = Pin<Box<dyn Future<Output = Result<Link, Missed>> + Send>>;

/// What a connection is made for.
pub(crate) enum Ask {
    /// To start a generation. Safe to repeat: the request has an idempotency key.
    Open(Arc<infer::StreamRequest>),
    /// To read one from a position.
    Resume(infer::ResumeRequest),
}

/// Why no connection was made.
pub(crate) enum Missed {
    /// The application had no token to give.
    NoToken(ClientError),
    /// The server refused, or could not be reached.
    Failed(Status),
}

/// How a connection ended, if not by a terminal.
#[derive(Debug, Default)]
pub(crate) struct Cut {
    pub(crate) cause: Option<Status>,
    pub(crate) at_once: bool,
    pub(crate) retry_after: Option<Duration>,
    /// The next one needs a new token.
    pub(crate) refresh: bool,
}

impl From<infer::Detached> for Cut {
    fn from(detached: infer::Detached) -> Self {
        let refresh = detached.reason() == infer::detached::Reason::Expired;
        let retry_after = Some(Duration::from_millis(detached.retry_after_ms.into()));
        Self { cause: None, at_once: true, retry_after, refresh }
    }
}

/// Makes a connection. A silent one is given up; the source of tokens has its own patience.
pub(crate) async fn attempt(shared: Arc<Shared>, ask: Ask, refresh: bool) -> Result<Link, Missed> {
    let authorization = shared.authorization(refresh).await.map_err(Missed::NoToken)?;
    let call = async {
        match &ask {
            Ask::Open(request) => shared.call("Stream", &**request, authorization).await,
            Ask::Resume(request) => shared.call("Resume", request, authorization).await,
        }
    };
    let patience = shared.retry.connect_timeout;
    let replies = timeout(patience, call).await.unwrap_or_else(|_| Err(silent()));
    replies.map(|replies| Link::new(replies, patience)).map_err(Missed::Failed)
}
