//! Permissions a caller carries.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// One permission. Methods demand one by [`Caller::require`](crate::Caller::require); a method without one is
/// denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// `infer:read`: start, read, resume and cancel one's own generations.
    InferRead,
    /// `reflection:read`: read the descriptions of the served methods.
    ReflectionRead,
    /// `admin:revoke`: withdraw what others were given (`POST /admin/revoke`).
    AdminRevoke,
}

impl Scope {
    /// Every scope there is.
    pub const ALL: [Self; 3] = [Self::InferRead, Self::ReflectionRead, Self::AdminRevoke];

    /// The text of tokens and of the configuration.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InferRead => "infer:read",
            Self::ReflectionRead => "reflection:read",
            Self::AdminRevoke => "admin:revoke",
        }
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Scope {
    type Err = UnknownScope;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == text).ok_or(UnknownScope)
    }
}

/// The text names no scope; case and spaces count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("unknown scope: the scopes are infer:read, reflection:read and admin:revoke")]
pub struct UnknownScope;

/// The caller was verified but lacks this scope: answer `PERMISSION_DENIED` or 403 and name it (RFC 6750
/// §3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the scope {0} is needed")]
pub struct MissingScope(pub Scope);

/// A set of scopes.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Scopes(u8);

impl Scopes {
    /// No scope at all.
    pub const NONE: Self = Self(0);

    /// The scopes in a space-delimited list (RFC 6749 §3.3). What we do not know is left out: other services
    /// share tokens.
    pub fn from_list(list: &str) -> Self {
        Self::from_names(list.split(' '))
    }

    /// The known scopes among these names.
    pub fn from_names<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        names.into_iter().filter_map(|name| name.parse().ok()).collect()
    }

    /// Whether the set holds `scope`.
    pub const fn contains(self, scope: Scope) -> bool {
        self.0 & scope.bit() != 0
    }

    /// What both sets hold.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The set without `scope`.
    #[must_use]
    pub const fn without(self, scope: Scope) -> Self {
        Self(self.0 & !scope.bit())
    }

    /// Whether the set holds nothing.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The scopes of the set, in the order of [`Scope::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.into_iter().filter(move |scope| self.contains(*scope))
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().fold(0, |bits, scope| bits | scope.bit()))
    }
}

impl From<Scope> for Scopes {
    fn from(scope: Scope) -> Self {
        Self(scope.bit())
    }
}

/// Space-delimited, as in the `scope` claim (RFC 8693 §4.2).
impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, scope) in self.iter().enumerate() {
            write!(f, "{}{scope}", if index == 0 { "" } else { " " })?;
        }
        Ok(())
    }
}

impl fmt::Debug for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scopes({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_names_are_left_out_and_case_counts() {
        let scopes = Scopes::from_list("openid  infer:read INFER:READ infer:read\u{a0}reflection:read");
        assert_eq!(scopes, Scopes::from(Scope::InferRead));
        assert_eq!(Scopes::from_list(""), Scopes::NONE);
    }

    #[test]
    fn text_is_read_back_as_the_same_set() {
        let all: Scopes = Scope::ALL.into_iter().collect();
        assert_eq!(all.to_string(), "infer:read reflection:read admin:revoke");
        assert_eq!(Scopes::from_list(&all.to_string()), all);
        assert_eq!("infer:read ".parse::<Scope>(), Err(UnknownScope));
    }
}
