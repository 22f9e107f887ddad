//! The settings of `[auth]` but for other issuers: who issues tokens, how long they and sign-ins live, how passwords
//! are hashed, which programs may use the authorization code flow.

use std::path::PathBuf;

use http::HeaderName;
use seseragi_bridge::{Guests, IpNet, OnExpiry};
use seseragi_guard::{Client, HashingConfig, Scope, Scopes};

use super::external::{ExternalConfig, externals};
use super::source::Section;
use super::url;

const DAY_S: u64 = 86_400;

/// All of `[auth]`.
#[derive(Debug)]
pub struct AuthConfig {
    /// Who issues tokens.
    pub issuer: IssuerMode,
    /// The `iss` of our tokens. Not made from the address, so that every command signs and accepts the same.
    pub issuer_url: String,
    /// The `aud` of our tokens.
    pub audience: String,
    /// How long our tokens live, in seconds.
    pub access_token_ttl_s: u32,
    /// Who may be a guest.
    pub guests: Guests,
    /// The header that carries the access token.
    pub token_header: HeaderName,
    /// What the end of a token does to its running stream.
    pub on_expiry: OnExpiry,
    /// How long a sign-in lasts unused, in seconds.
    pub session_idle_s: u64,
    /// How long a sign-in lasts at most, in seconds.
    pub session_max_s: u64,
    /// How long a guest's sign-in lasts, in seconds.
    pub guest_max_s: u64,
    /// How long a used refresh token gives the same successor again, in seconds.
    pub refresh_grace_s: u64,
    /// The file of the key-encryption key; `None`: the one in the data folder.
    pub key_file: Option<PathBuf>,
    /// How long a signing key signs, in days.
    pub key_rotation_days: u64,
    /// The origins that proofs may name; never empty.
    pub dpop_origins: Vec<String>,
    /// Whether proofs of remote calls need a nonce.
    pub dpop_nonce: bool,
    /// Proxies whose `X-Forwarded-For` and `Forwarded` are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Whether key sets may be fetched from private addresses.
    pub allow_private_key_urls: bool,
    /// The audit log, in the data folder unless absolute; `None`: there is none.
    pub audit_log: Option<PathBuf>,
    /// How passwords are hashed.
    pub hashing: HashingConfig,
    /// Programs that may use the authorization code flow.
    pub clients: Vec<Client>,
    /// Other issuers.
    pub external: Vec<ExternalConfig>,
}

/// Who issues tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IssuerMode {
    /// This program.
    Embedded,
    /// Only others.
    External,
}

impl AuthConfig {
    /// Reads everything; faults are noted in the section's source.
    pub(super) fn read(root: &Section<'_>) -> Self {
        let auth = root.section("auth");
        let issuer_url = issuer_url(&auth);
        let (session_idle_s, session_max_s) = sessions(&auth);
        let config = Self {
            issuer: auth
                .choice("issuer", &[("embedded", IssuerMode::Embedded), ("external", IssuerMode::External)]),
            audience: named(&auth, "audience", "seseragi"),
            access_token_ttl_s: auth.number("access_token_ttl_s", 300, 30..=3600) as u32,
            guests: auth.choice(
                "guests",
                &[("local", Guests::Local), ("off", Guests::Off), ("everybody", Guests::Everybody)],
            ),
            token_header: token_header(&auth),
            on_expiry: auth.choice("on_expiry", &[("continue", OnExpiry::Continue), ("cut", OnExpiry::Cut)]),
            session_idle_s,
            session_max_s,
            guest_max_s: auth.number("guest_max_s", 3600, 60..=DAY_S),
            refresh_grace_s: auth.number("refresh_grace_s", 10, 0..=60),
            key_file: auth.file("key_file"),
            key_rotation_days: auth.number("key_rotation_days", 30, 1..=365),
            dpop_origins: dpop_origins(&auth, &issuer_url),
            dpop_nonce: auth.truth("dpop_nonce", false),
            trusted_proxies: networks(&auth),
            allow_private_key_urls: auth.truth("allow_private_key_urls", false),
            audit_log: Some(auth.text("audit_log", "audit.jsonl"))
                .filter(|f| !f.is_empty())
                .map(PathBuf::from),
            hashing: hashing(&auth.section("hashing")),
            clients: clients(&auth),
            external: externals(&auth),
            issuer_url,
        };
        if config.issuer == IssuerMode::External && config.external.is_empty() {
            auth.fault("issuer", "\"external\" needs at least one [[auth.external]]: nobody could call");
        }
        if config.external.iter().any(|each| each.issuer.as_deref() == Some(&*config.issuer_url)) {
            auth.fault("issuer_url", "is the issuer of an [[auth.external]], too: each needs its own");
        }
        auth.done();
        config
    }
}

/// In the one form in which everybody compares it: an `iss` that is written in two ways is two issuers.
fn issuer_url(auth: &Section<'_>) -> String {
    let text = auth.text("issuer_url", "http://127.0.0.1:8080");
    if !url::is_issuer(&text) {
        let hint = "write the public URL of this gateway, such as https://api.example.com: in lower case, without the \
                    scheme's own port, without ? and #, and without / at its end";
        auth.fault("issuer_url", hint);
    }
    text
}

/// A text of 1 to 255 bytes without control characters.
fn named(section: &Section<'_>, key: &str, default: &str) -> String {
    let text = section.text(key, default);
    if text.is_empty() || text.len() > 255 || text.chars().any(char::is_control) {
        section.fault(key, "write 1 to 255 bytes without control characters");
    }
    text
}

fn sessions(auth: &Section<'_>) -> (u64, u64) {
    let idle = auth.number("session_idle_s", 7 * DAY_S, 60..=365 * DAY_S);
    let max = auth.number("session_max_s", 30 * DAY_S, 60..=365 * DAY_S);
    if idle > max {
        auth.fault("session_idle_s", format!("is longer than session_max_s, which is {max}"));
    }
    (idle, max)
}

/// Headers with a meaning of their own cannot carry the token.
fn token_header(auth: &Section<'_>) -> HeaderName {
    const TAKEN: [&str; 12] = [
        "connection",
        "content-length",
        "content-type",
        "cookie",
        "dpop",
        "forwarded",
        "host",
        "origin",
        "te",
        "transfer-encoding",
        "x-forwarded-for",
        "x-seseragi-csrf",
    ];
    let text = auth.text("token_header", "authorization");
    match HeaderName::from_bytes(text.as_bytes()) {
        Ok(name) if !TAKEN.contains(&name.as_str()) => return name,
        Ok(_) => auth.fault("token_header", "that header has a meaning of its own: choose another"),
        Err(_) => auth.fault("token_header", "write the name of a header, such as x-forwarded-authorization"),
    }
    http::header::AUTHORIZATION
}

fn dpop_origins(auth: &Section<'_>, issuer_url: &str) -> Vec<String> {
    let mut origins = auth.texts("dpop_origins", &[]);
    if origins.iter().any(|text| url::origin(text).is_none_or(|origin| origin != *text)) {
        auth.fault("dpop_origins", "write origins: scheme://host[:port] in lower case and nothing behind it");
    }
    if origins.is_empty() {
        origins.extend(url::origin(issuer_url));
    }
    origins
}

fn networks(auth: &Section<'_>) -> Vec<IpNet> {
    let texts = auth.texts("trusted_proxies", &[]);
    let networks: Vec<IpNet> = texts.iter().filter_map(|text| text.parse().ok()).collect();
    if networks.len() < texts.len() {
        auth.fault("trusted_proxies", "write addresses or networks, such as [\"10.0.0.0/8\", \"::1\"]");
    }
    networks
}

/// OWASP's floor by default; what is weaker than that is refused.
fn hashing(section: &Section<'_>) -> HashingConfig {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let config = HashingConfig {
        memory_kib: section.number("memory_kib", 19_456, 7168..=1024 * 1024) as u32,
        passes: section.number("passes", 2, 1..=16) as u32,
        lanes: section.number("lanes", 1, 1..=16) as u32,
        at_once: match section.number("at_once", 0, 0..=512) {
            0 => cores,
            wanted => wanted as usize,
        },
        waiting_max: section.number("waiting_max", 32, 0..=10_000) as usize,
    };
    if u64::from(config.memory_kib) * u64::from(config.passes) < 7168 * 5 {
        section.fault("passes", "memory_kib times passes must be at least 35840: less is guessed too fast");
    }
    section.done();
    config
}

fn clients(auth: &Section<'_>) -> Vec<Client> {
    let mut all: Vec<Client> = Vec::new();
    for section in auth.sections("clients") {
        let client = client(&section);
        if all.iter().any(|other| other.id == client.id) {
            section.fault("id", format!("{:?} is there twice", client.id));
        }
        all.push(client);
    }
    all
}

fn client(section: &Section<'_>) -> Client {
    let id = named(section, "id", "");
    let name = named(section, "name", &id);
    let redirect_uris = section.texts("redirect_uris", &[]);
    if redirect_uris.is_empty() {
        section.fault("redirect_uris", "name where codes may be sent: [\"https://app.example/callback\"]");
    } else if !redirect_uris.iter().all(|uri| url::is_redirect(uri)) {
        section.fault("redirect_uris", "each must be https://…, http:// of a loopback address, or a private scheme such as com.example.app:/…, without #");
    }
    let client = Client { id, name, redirect_uris, scopes: scopes(section, "scopes", &["infer:read"]) };
    section.done();
    client
}

/// A list of scopes; unknown ones are faults.
pub(super) fn scopes(section: &Section<'_>, key: &str, default: &[&str]) -> Scopes {
    let texts = section.texts(key, default);
    if let Some(unknown) = texts.iter().find(|text| text.parse::<Scope>().is_err()) {
        let all = Scope::ALL.map(Scope::as_str).join(", ");
        section.fault(key, format!("{unknown:?} is no scope; there is: {all}"));
    }
    Scopes::from_names(texts.iter().map(String::as_str))
}
