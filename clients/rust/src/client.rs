//! The [`Client`]: calls of `infer.Infer`, bound to an address, a source of access tokens and a retry policy.

use std::fmt;
use std::sync::Arc;

use http::{HeaderValue, Uri};
use prost::Message;
use seseragi_net::{Upstream, UpstreamOptions};
use seseragi_proto::infer;
use tokio::time::{Instant, sleep, timeout};

use crate::link::silent;
use crate::retry::{Backoff, Phase};
use crate::rpc::{Replies, Rpc};
use crate::{
    ClientError, Code, Model, RetryPolicy, Status, Stream, StreamInfo, StreamOptions, Terminal, TokenRequest,
    TokenSource,
};

/// Numbers of a client.
#[derive(Clone, Debug, Default)]
pub struct ClientOptions {
    /// How patient it is.
    pub retry: RetryPolicy,
    /// Its connections.
    pub upstream: UpstreamOptions,
}

/// The address is not one that this client can use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidUrl {
    /// An `https` address.
    #[error("{0} needs TLS, which comes later: use http:// with a host and a port")]
    NeedsTls(String),
    /// Anything else.
    #[error("{0} is not an address like http://host:port")]
    Malformed(String),
}

/// A gateway to ask. Cheap to clone; clones share connections. Needs a tokio runtime.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
}

/// What streams share with their client.
pub(crate) struct Shared {
    rpc: Rpc,
    token: Box<dyn TokenSource>,
    pub(crate) retry: RetryPolicy,
}

impl Client {
    /// A client of the gateway at `http://host:port`. Nothing is looked up or dialled yet.
    ///
    /// # Errors
    /// [`InvalidUrl`] if it is no such address.
    pub fn new(url: &str, token: impl TokenSource) -> Result<Self, InvalidUrl> {
        Self::with_options(url, token, ClientOptions::default())
    }

    /// The same with all numbers given.
    ///
    /// # Errors
    /// [`InvalidUrl`] as in [`Client::new`].
    pub fn with_options(
        url: &str,
        token: impl TokenSource,
        options: ClientOptions,
    ) -> Result<Self, InvalidUrl> {
        let malformed = || InvalidUrl::Malformed(url.to_owned());
        let upstream = Upstream::new(&authority(url)?, options.upstream).map_err(|_| malformed())?;
        let shared = Shared { rpc: Rpc::new(upstream), token: Box::new(token), retry: options.retry };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Starts a generation. Nothing is sent before [`Stream::next`]. Unless `delivery` says otherwise it survives a lost
    /// connection.
    #[must_use]
    pub fn stream(&self, options: StreamOptions) -> Stream {
        Stream::open(Arc::clone(&self.shared), options.into_request(random_key))
    }

    /// Reads a generation of the same caller from its beginning: another window, or a program that was started again.
    /// Never runs the model again.
    #[must_use]
    pub fn attach(&self, stream_id: impl Into<String>) -> Stream {
        Stream::attach(Arc::clone(&self.shared), stream_id.into())
    }

    /// Stops a generation and keeps what was written. Idempotent, and repeated by itself where the connection fails.
    ///
    /// # Errors
    /// [`ClientError::Refused`], for example with [`Code::NotFound`].
    pub async fn cancel(&self, stream_id: &str) -> Result<Option<Terminal>, ClientError> {
        self.shared.cancel(stream_id).await
    }

    /// Tells about a generation of the caller.
    ///
    /// # Errors
    /// [`ClientError::Refused`], for example with [`Code::NotFound`].
    pub async fn get_stream(&self, stream_id: &str) -> Result<StreamInfo, ClientError> {
        let request = infer::GetStreamRequest { stream_id: stream_id.to_owned() };
        let info: infer::StreamInfo = self.shared.unary("GetStream", &request).await?;
        Ok(info.into())
    }

    /// The caller's generations, newest first; `limit` 0 leaves their number to the server.
    ///
    /// # Errors
    /// [`ClientError::Refused`].
    pub async fn list_streams(&self, live_only: bool, limit: u32) -> Result<Vec<StreamInfo>, ClientError> {
        let request = infer::ListStreamsRequest { live_only, limit };
        let reply: infer::ListStreamsReply = self.shared.unary("ListStreams", &request).await?;
        Ok(reply.streams.into_iter().map(Into::into).collect())
    }

    /// The models that the server offers.
    ///
    /// # Errors
    /// [`ClientError::Refused`].
    pub async fn list_models(&self) -> Result<Vec<Model>, ClientError> {
        let reply: infer::ListModelsReply =
            self.shared.unary("ListModels", &infer::ListModelsRequest {}).await?;
        Ok(reply.models.into_iter().map(Into::into).collect())
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("rpc", &self.shared.rpc).finish_non_exhaustive()
    }
}

impl Shared {
    /// The access token as a header.
    pub(crate) async fn authorization(&self, refresh: bool) -> Result<Option<HeaderValue>, ClientError> {
        let token = self.token.token(TokenRequest { refresh }).await.map_err(ClientError::NoToken)?;
        let Some(token) = token else { return Ok(None) };
        let mut value = HeaderValue::try_from(format!("Bearer {token}"))
            .map_err(|_| ClientError::NoToken("the access token has characters that no header has".into()))?;
        value.set_sensitive(true);
        Ok(Some(value))
    }

    /// Starts a call that answers with frames.
    pub(crate) async fn call(
        &self,
        method: &'static str,
        message: &impl Message,
        authorization: Option<HeaderValue>,
    ) -> Result<Replies, Status> {
        self.rpc.call(method, message, authorization).await
    }

    /// A call with one answer; once more with a new token if the server does not accept the first.
    async fn unary<M: Message + Default>(
        &self,
        method: &'static str,
        message: &impl Message,
    ) -> Result<M, ClientError> {
        match self.unary_once(method, message, false).await {
            Err(ClientError::Refused(status)) if status.code == Code::Unauthenticated => {
                self.unary_once(method, message, true).await
            }
            answer => answer,
        }
    }

    async fn unary_once<M: Message + Default>(
        &self,
        method: &'static str,
        message: &impl Message,
        refresh: bool,
    ) -> Result<M, ClientError> {
        let authorization = self.authorization(refresh).await?;
        let answer = timeout(self.retry.connect_timeout, self.rpc.unary(method, message, authorization));
        Ok(answer.await.unwrap_or_else(|_| Err(silent()))?)
    }

    pub(crate) async fn cancel(&self, stream_id: &str) -> Result<Option<Terminal>, ClientError> {
        let request = infer::CancelRequest { stream_id: stream_id.to_owned() };
        let mut backoff = Backoff::new(self.retry);
        loop {
            let status = match self.unary::<infer::CancelReply>("Cancel", &request).await {
                Ok(reply) => return Ok(reply.terminal.map(Into::into)),
                Err(ClientError::Refused(status)) => status,
                Err(error) => return Err(error),
            };
            if status.code == Code::Unauthenticated || Phase::Open.is_final(status.code) {
                return Err(status.into());
            }
            let wait = backoff.next(Instant::now(), Phase::Open, false, status.retry_after, chance());
            sleep(wait.ok_or(status)?).await;
        }
    }
}

/// `host:port` out of `http://host:port/`.
fn authority(url: &str) -> Result<String, InvalidUrl> {
    let malformed = || InvalidUrl::Malformed(url.to_owned());
    let uri: Uri = url.trim().parse().map_err(|_| malformed())?;
    let (scheme, authority) = (uri.scheme_str(), uri.authority().ok_or_else(malformed)?);
    if scheme == Some("https") {
        return Err(InvalidUrl::NeedsTls(url.to_owned()));
    }
    if scheme != Some("http") || uri.path_and_query().is_some_and(|path| path.as_str() != "/") {
        return Err(malformed());
    }
    let port = authority.port_u16().map_or(":80", |_| "");
    Ok(format!("{authority}{port}"))
}

/// A number from 0 to 1. Without a source of randomness the waits lose their jitter and nothing else.
pub(crate) fn chance() -> f64 {
    getrandom::u32().map_or(1.0, |number| f64::from(number) / f64::from(u32::MAX))
}

/// 128 random bits; empty without a source of randomness, which makes the opening not repeatable.
fn random_key() -> String {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)
        .map_or_else(|_| String::new(), |()| format!("{:032x}", u128::from_ne_bytes(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_http_a_host_and_a_port() {
        assert_eq!(authority("http://127.0.0.1:8080").as_deref(), Ok("127.0.0.1:8080"));
        assert_eq!(authority("http://[::1]:8080/").as_deref(), Ok("[::1]:8080"));
        assert_eq!(authority("http://model.internal").as_deref(), Ok("model.internal:80"));
        assert_eq!(authority("https://a:1"), Err(InvalidUrl::NeedsTls("https://a:1".into())));
        for bad in ["", "a:1", "127.0.0.1:80", "ftp://a:1", "http://", "http://a:1/path", "http://a:1/?x"] {
            assert!(matches!(authority(bad), Err(InvalidUrl::Malformed(_))), "{bad}");
        }
        assert!(Client::new("http://user@a:1", crate::Anonymous).is_err());
    }

    #[test]
    fn keys_differ() {
        assert_ne!(random_key(), random_key());
        assert_eq!(random_key().len(), 32);
        assert!((0..99).all(|_| (0.0..=1.0).contains(&chance())));
    }
}
