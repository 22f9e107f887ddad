//! Whose tokens there are, and how long something of them may have to be remembered.

use std::sync::Arc;

use seseragi_guard::IssuerConfig;

use crate::config::Config;

/// No access token of ours lives longer, whatever an earlier configuration said; and the difference of clocks.
const OWN_LIFE_S: u64 = 3600 + 5;
/// Added to every life, so that a revocation is never forgotten in the second in which it still counts.
const MARGIN_S: u64 = 60;

/// All issuers.
#[derive(Clone, Debug)]
pub struct Issuers {
    own: Known,
    external: Vec<Known>,
    token_config: IssuerConfig,
}

/// One issuer.
#[derive(Clone, Debug)]
pub struct Known {
    /// What stands for it in subjects and revocations: its `iss`, or its configured name if its tokens carry none.
    pub iss: Arc<str>,
    /// Its configured name; empty for our own.
    pub name: Arc<str>,
    /// For how long a token of it may be good, in seconds.
    pub life_s: u64,
    /// Whether it is ourselves.
    pub is_own: bool,
}

impl Issuers {
    /// Those of a configuration.
    pub fn of(config: &Config) -> Self {
        let auth = &config.auth;
        let mut token_config = IssuerConfig::new(auth.issuer_url.clone(), auth.audience.clone());
        token_config.ttl_s = auth.access_token_ttl_s;
        let own = Known {
            iss: auth.issuer_url.as_str().into(),
            name: "".into(),
            life_s: OWN_LIFE_S + MARGIN_S,
            is_own: true,
        };
        let external = auth.external.iter().map(|each| Known {
            iss: each.issuer.as_deref().unwrap_or(&each.name).into(),
            name: each.name.as_str().into(),
            life_s: each.max_age_s + each.clock_skew_s + MARGIN_S,
            is_own: false,
        });
        Self { own, external: external.collect(), token_config }
    }

    /// Ourselves.
    pub const fn own(&self) -> &Known {
        &self.own
    }

    /// What our tokens have in common.
    pub fn token_config(&self) -> IssuerConfig {
        self.token_config.clone()
    }

    /// The issuer of this `iss` or configured name; the empty text is ourselves.
    ///
    /// # Errors
    /// A sentence that lists the issuers.
    pub fn find(&self, text: &str) -> Result<&Known, String> {
        let mut all = std::iter::once(&self.own).chain(&self.external);
        let found = all.find(|each| &*each.iss == text || (&*each.name == text));
        found.ok_or_else(|| {
            let known: Vec<&str> =
                std::iter::once(&self.own).chain(&self.external).map(|k| &*k.iss).collect();
            format!("there is no issuer {text:?}; there is: {}", known.join(", "))
        })
    }
}
