//! Lends guard a way to fetch key sets.

use std::sync::Arc;

use seseragi_guard::{FetchError, FetchKeys, Fetched, Fetching, KEY_SET_BYTES_MAX};
use seseragi_net::{FetchOptions, Fetcher};

use crate::commands::Failure;
use crate::config::{Config, KeySource};

/// Fetches over HTTPS, with the bounds that [`FetchKeys`] asks for.
#[derive(Debug)]
struct Fetch(Fetcher);

/// What fetches as the configuration says; `None` if there is nothing to fetch.
///
/// # Errors
/// If no certificates can be read.
pub(super) fn fetch(config: &Config) -> Result<Option<Arc<dyn FetchKeys>>, Failure> {
    let fetched = |keys: &Option<KeySource>| matches!(keys, Some(KeySource::JwksUrl(_)));
    if !config.auth.external.iter().any(|each| fetched(&each.keys)) {
        return Ok(None);
    }
    let options = FetchOptions {
        body_bytes_max: KEY_SET_BYTES_MAX,
        allow_private: config.auth.allow_private_key_urls,
        ..FetchOptions::default()
    };
    Ok(Some(Arc::new(Fetch(Fetcher::new(options).map_err(Failure::start)?))))
}

impl FetchKeys for Fetch {
    fn fetch<'a>(&'a self, url: &'a str) -> Fetching<'a> {
        Box::pin(async move {
            let document = self.0.get(url).await.map_err(|error| FetchError(error.to_string()))?;
            if !(200..300).contains(&document.status) {
                return Err(FetchError(format!("{url} answered {}", document.status)));
            }
            Ok(Fetched { body: document.body.to_vec(), max_age: document.max_age })
        })
    }
}
