//! What is wrong with a configuration, all of it at once.

use std::fmt;

use thiserror::Error;

/// One thing to mend in the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigFault {
    /// Where: `own.issuer`, `external[1].secret`.
    pub path: String,
    /// What must be true there. Never quotes a secret.
    pub hint: String,
}

/// All that is wrong with a configuration; never empty.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub struct ConfigFaults(pub Vec<ConfigFault>);

impl ConfigFaults {
    pub(super) fn add(&mut self, path: &str, key: &str, hint: impl Into<String>) {
        self.0.push(ConfigFault { path: format!("{path}.{key}"), hint: hint.into() });
    }

    pub(super) fn unless(&mut self, holds: bool, path: &str, key: &str, hint: &str) {
        if !holds {
            self.add(path, key, hint);
        }
    }
}

/// One line per fault.
impl fmt::Display for ConfigFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, ConfigFault { path, hint }) in self.0.iter().enumerate() {
            write!(f, "{}{path} {hint}", if index == 0 { "" } else { "\n" })?;
        }
        Ok(())
    }
}
