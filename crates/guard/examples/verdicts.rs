//! Our verdict on tokens, for comparison with the verifiers of others (`tests/peers/verify_differential.py`).
//!
//! Reads JSON lines: first `{"now", "issuer", "audience", "keys": {"ES256": "<PEM>", "HS256": "<secret>", …}}`, then
//! `{"alg", "token"}` each. Writes a line each: `ok`, or the code of the reason.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{BufRead as _, BufWriter, Write as _, stdin, stdout};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use serde::Deserialize;
use seseragi_guard::{
    Dpop, DpopConfig, Evidence, ExternalIssuer, Gate, GateParts, IgnoreAuth, KeySource, OwnIssuer, OwnKeys,
    Revocations, UnixSeconds, VerifierConfig,
};

#[derive(Deserialize)]
struct Setting {
    now: u64,
    issuer: String,
    audience: String,
    keys: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Question {
    alg: String,
    token: String,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut lines = stdin().lock().lines();
    let setting: Setting = serde_json::from_str(&lines.next().ok_or("no setting")??)?;
    let gates: BTreeMap<&str, Gate> = setting
        .keys
        .iter()
        .map(|(alg, key)| Ok((&**alg, gate(&setting, alg, key)?)))
        .collect::<Result<_, Box<dyn Error>>>()?;
    let mut out = BufWriter::new(stdout().lock());
    for line in lines {
        let question: Question = serde_json::from_str(&line?)?;
        let gate = gates.get(&*question.alg).ok_or("an algorithm without a key")?;
        writeln!(out, "{}", verdict(gate, &question.token, UnixSeconds(setting.now)))?;
    }
    Ok(out.flush()?)
}

fn gate(setting: &Setting, alg: &str, key: &str) -> Result<Gate, Box<dyn Error>> {
    let keys = if alg == "HS256" {
        KeySource::Hs256 { secret: key.as_bytes().to_vec(), kid: None }
    } else {
        KeySource::Pem { text: key.to_owned(), kid: None }
    };
    let mut external = ExternalIssuer::new("theirs", keys);
    external.issuer = Some(setting.issuer.clone());
    external.algorithms = vec![alg.to_owned()];
    external.audiences = vec![setting.audience.clone()];
    let own = OwnIssuer {
        issuer: "https://own.test".to_owned(),
        audience: setting.audience.clone(),
        keys: OwnKeys::Fixed(Vec::new()),
    };
    Ok(Gate::new(GateParts {
        verifier: VerifierConfig { own, external: vec![external] },
        dpop: Dpop::new(DpopConfig::default()),
        revocations: Revocations::default(),
        api_keys: None,
        fetch: None,
        observer: Arc::new(IgnoreAuth),
        cache: true,
    })?)
}

fn verdict(gate: &Gate, token: &str, now: UnixSeconds) -> &'static str {
    let header = format!("Bearer {token}");
    let authorization: &[&[u8]] = &[header.as_bytes()];
    let evidence = Evidence { authorization, method: "POST", path: "/x", ..Evidence::default() };
    match pin!(gate.caller(&evidence, now)).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Ok(_)) => "ok",
        Poll::Ready(Err(rejection)) => rejection.reason().as_str(),
        Poll::Pending => unreachable!("nothing is fetched and nothing looked up"),
    }
}
