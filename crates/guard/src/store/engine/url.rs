//! A connection URL, taken apart: what the driver understands, and how the connection is made secure.
//!
//! It never shows the URL: it holds a password, and a mistyped one holds it anywhere.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use ::postgres::config::{Config, Host, SslMode};

use crate::store::StoreError;

/// How long a server may take to accept a connection.
const CONNECT_WAIT: Duration = Duration::from_secs(5);
/// A peer that has acknowledged nothing for this long is gone.
const SILENCE_MAX: Duration = Duration::from_secs(10);

/// Where to connect and how.
pub(in crate::store) struct Target {
    /// For the driver.
    pub(in crate::store) config: Config,
    /// The roots that the server's certificate must lead to; `None`: those of the system.
    pub(super) roots: Option<PathBuf>,
    /// The address and the name of the database, to be shown.
    pub(super) place: String,
}

/// Reads `postgres://…`. As libpq does, with three differences: the certificate is verified whenever TLS is used;
/// without `sslmode` TLS is required, unless the server is on this machine; `verify-ca` and `verify-full` are
/// `require`.
pub(in crate::store) fn parse(url: &str) -> Result<Target, StoreError> {
    if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
        return Err(StoreError::Url("the connection URL does not start with postgres://"));
    }
    let (base, settings) = url.split_once('?').unwrap_or((url, ""));
    let (mut mode, mut roots, mut others) = (None, None, Vec::new());
    for setting in settings.split('&').filter(|setting| !setting.is_empty()) {
        match setting.split_once('=') {
            Some(("sslmode", value)) => mode = Some(ssl_mode(value)?),
            Some(("sslrootcert", value)) => roots = Some(path(value)?),
            _ => others.push(setting),
        }
    }
    let plain = if others.is_empty() { base.to_owned() } else { format!("{base}?{}", others.join("&")) };
    // What the driver says about it may quote it.
    let mut config: Config =
        plain.parse().map_err(|_| StoreError::Url("the connection URL cannot be understood"))?;
    if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
        return Err(StoreError::Url("the connection URL names no host"));
    }
    config.ssl_mode(mode.unwrap_or(if is_local(&config) { SslMode::Disable } else { SslMode::Require }));
    config.connect_timeout(CONNECT_WAIT).tcp_user_timeout(SILENCE_MAX);
    config.keepalives_idle(SILENCE_MAX).keepalives_interval(SILENCE_MAX / 5).keepalives_retries(3);
    if config.get_application_name().is_none() {
        config.application_name("seseragi");
    }
    let place = place(&config);
    Ok(Target { config, roots, place })
}

fn ssl_mode(value: &str) -> Result<SslMode, StoreError> {
    match value {
        "disable" => Ok(SslMode::Disable),
        "prefer" => Ok(SslMode::Prefer),
        "require" | "verify-ca" | "verify-full" => Ok(SslMode::Require),
        _ => Err(StoreError::Url("sslmode is disable, prefer or require")),
    }
}

/// Percent-decoded (RFC 3986 §2.1).
fn path(value: &str) -> Result<PathBuf, StoreError> {
    let wrong = || StoreError::Url("sslrootcert must be the path of a file");
    let mut bytes = Vec::new();
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
                let (high, low) = (digit(rest.next()), digit(rest.next()));
                (high.ok_or_else(wrong)? * 16 + low.ok_or_else(wrong)?) as u8
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok().filter(|path| !path.is_empty()).map(PathBuf::from).ok_or_else(wrong)
}

/// Whether nothing leaves this machine.
fn is_local(config: &Config) -> bool {
    config.get_hostaddrs().iter().all(IpAddr::is_loopback)
        && config.get_hosts().iter().all(|host| match host {
            Host::Tcp(name) => {
                name == "localhost" || name.parse().is_ok_and(|address: IpAddr| address.is_loopback())
            }
            Host::Unix(_) => true,
        })
}

fn place(config: &Config) -> String {
    let ports = config.get_ports();
    let port = |index: usize| ports.get(index).or_else(|| ports.first()).copied().unwrap_or(5432);
    let host = |(index, host): (usize, &Host)| match host {
        Host::Tcp(name) => format!("{name}:{}", port(index)),
        Host::Unix(folder) => format!("{}:{}", folder.display(), port(index)),
    };
    let hosts: Vec<_> = config.get_hosts().iter().enumerate().map(host).collect();
    let user = config.get_user().unwrap_or_default();
    format!("postgres at {}/{}", hosts.join(","), config.get_dbname().unwrap_or(user))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(url: &str) -> SslMode {
        parse(url).unwrap_or_else(|error| panic!("{url}: {error}")).config.get_ssl_mode()
    }

    #[test]
    fn what_leaves_the_machine_is_secured() {
        assert_eq!(mode("postgres://u:p@db.example/x"), SslMode::Require);
        assert_eq!(mode("postgres://u:p@10.0.0.1/x?sslmode=verify-full"), SslMode::Require);
        assert_eq!(mode("postgres://u:p@10.0.0.1/x?connect_timeout=2&sslmode=prefer"), SslMode::Prefer);
        assert_eq!(mode("postgresql://u:p@10.0.0.1/x?sslmode=disable"), SslMode::Disable);
        for local in ["localhost", "127.0.0.1:5433", "%2Fvar%2Frun%2Fpostgresql"] {
            assert_eq!(mode(&format!("postgres://u:p@{local}/x")), SslMode::Disable, "{local}");
        }
        assert_eq!(mode("postgres://u:p@localhost,db.example/x"), SslMode::Require, "one of two leaves it");
        assert_eq!(mode("postgres://u:p@localhost/x?hostaddr=10.0.0.1"), SslMode::Require);
    }

    #[test]
    fn the_roots_are_a_path() {
        let roots = |url: &str| parse(url).map(|target| target.roots);
        let decoded = roots("postgres://db/x?sslrootcert=%2fetc%2Fmy%20ca.pem&sslmode=require").unwrap();
        assert_eq!(decoded, Some(PathBuf::from("/etc/my ca.pem")));
        for wrong in ["", "%", "%2", "%zz", "%ff"] {
            assert!(roots(&format!("postgres://db/x?sslrootcert={wrong}")).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn neither_a_place_nor_an_error_shows_the_password() {
        let target = parse("postgres://ann:hunter2@db.example:6432/accounts").unwrap_or_else(|_| panic!());
        assert_eq!(target.place, "postgres at db.example:6432/accounts");
        let wrong = [
            "mysql://ann:hunter2@db/x",
            "postgres://ann:hun/ter2@db:hunter2/x",
            "postgres://ann:hunter2@db/x?sslmode=hunter2",
            "postgres://ann@db/x?hunter2=1",
            "postgres://ann@db:hunter2/x",
            "postgres:///x?password=hunter2",
            "host=db password=hunter2",
        ];
        for url in wrong {
            let error = parse(url).err().unwrap_or_else(|| panic!("{url} is accepted"));
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
            assert!(error.to_string().contains("postgres://USER:PASSWORD@HOST"), "{error}");
        }
    }
}
