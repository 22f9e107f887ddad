//! Where access tokens come from.

use std::error::Error;
use std::fmt;
use std::pin::Pin;

/// Why there is no access token. Any error will do.
pub type TokenError = Box<dyn Error + Send + Sync>;

/// A token to come; `None` sends none.
pub type TokenFuture<'a> = Pin<Box<dyn Future<Output = Result<Option<String>, TokenError>> + Send + 'a>>;

/// Which token is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TokenRequest {
    /// The server did not accept the last token: get a new one rather than the same again.
    pub refresh: bool,
}

/// Gives access tokens. Asked before each connection and each call; nothing is kept by the client.
///
/// Closures `Fn(TokenRequest) -> impl Future<Output = Result<String, E>>` are sources.
pub trait TokenSource: Send + Sync + 'static {
    /// The access token to use now. The future may be dropped before it is complete.
    fn token(&self, request: TokenRequest) -> TokenFuture<'_>;
}

impl<F, R, E> TokenSource for F
where
    F: Fn(TokenRequest) -> R + Send + Sync + 'static,
    R: Future<Output = Result<String, E>> + Send + 'static,
    E: Into<TokenError>,
{
    fn token(&self, request: TokenRequest) -> TokenFuture<'_> {
        let token = self(request);
        Box::pin(async { token.await.map(Some).map_err(Into::into) })
    }
}

/// The same access token every time: for one answer, as on a command line.
#[derive(Clone)]
pub struct StaticToken(String);

impl StaticToken {
    /// This token.
    #[must_use]
    pub fn new(access_token: impl Into<String>) -> Self {
        Self(access_token.into())
    }
}

impl fmt::Debug for StaticToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StaticToken")
    }
}

impl TokenSource for StaticToken {
    fn token(&self, _: TokenRequest) -> TokenFuture<'_> {
        Box::pin(std::future::ready(Ok(Some(self.0.clone()))))
    }
}

/// No access token at all.
#[derive(Clone, Copy, Debug, Default)]
pub struct Anonymous;

impl TokenSource for Anonymous {
    fn token(&self, _: TokenRequest) -> TokenFuture<'_> {
        Box::pin(std::future::ready(Ok(None)))
    }
}
