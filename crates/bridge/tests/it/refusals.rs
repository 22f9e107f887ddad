//! One table of refusals: each cause on each wire. `docs/refusals.md` shows the same table.

use http::Version;
use prost::Message;
use seseragi_guard::{Revocation, Revoked, Scope, Scopes, TestProver, UnixSeconds};
use seseragi_proto::infer::ListModelsRequest;
use seseragi_testkit::client::{Client, Connection, Dialect, Response};
use seseragi_testkit::{Scripted, Step};

use crate::support::{Fixture, ISSUER, Setup, ask, sign};

const DOCUMENT: &str = include_str!("../../../../docs/refusals.md");

/// What a caller brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    Missing,
    Invalid,
    Expired,
    Revoked,
    Placeholder,
    ProofRequired,
    ProofBad,
    ProofNonce,
    Scope,
    Store,
}

/// How a cause is answered: the row of the document.
struct Row {
    cause: Cause,
    title: &'static str,
    reason: &'static str,
    code: u16,
    name: &'static str,
    http: u16,
    challenge: &'static str,
}

const ROWS: [Row; 10] = [
    Row {
        cause: Cause::Missing,
        title: "no token",
        reason: "missing",
        code: 16,
        name: "UNAUTHENTICATED",
        http: 401,
        challenge: "Bearer {realm}",
    },
    Row {
        cause: Cause::Invalid,
        title: "a token that is not good",
        reason: "invalid",
        code: 16,
        name: "UNAUTHENTICATED",
        http: 401,
        challenge: "Bearer {realm}, error=\"invalid_token\"",
    },
    Row {
        cause: Cause::Expired,
        title: "a token that has ended",
        reason: "expired",
        code: 16,
        name: "UNAUTHENTICATED",
        http: 401,
        challenge: "Bearer {realm}, error=\"invalid_token\", error_description=\"expired\"",
    },
    Row {
        cause: Cause::Revoked,
        title: "a token that was revoked",
        reason: "invalid",
        code: 16,
        name: "UNAUTHENTICATED",
        http: 401,
        challenge: "Bearer {realm}, error=\"invalid_token\"",
    },
    Row {
        cause: Cause::Placeholder,
        title: "another issuer's token whose subject is a placeholder such as `None`",
        reason: "invalid",
        code: 16,
        name: "UNAUTHENTICATED",
        http: 401,
        challenge: "Bearer {realm}, error=\"invalid_token\"",
    },
    Row {
        cause: Cause::ProofRequired,
        title: "a bound token without its proof, also as `Bearer`",
        reason: "proof",
        code: 16,
        name: "UNAUTHENTICATED",
        http: 401,
        challenge: "DPoP {realm}, error=\"invalid_dpop_proof\", algs=\"{algs}\"",
    },
    Row {
        cause: Cause::ProofBad,
        title: "a bound token with a proof of another key",
        reason: "proof",
        code: 16,
        name: "UNAUTHENTICATED",
        http: 401,
        challenge: "DPoP {realm}, error=\"invalid_dpop_proof\", algs=\"{algs}\"",
    },
    Row {
        cause: Cause::ProofNonce,
        title: "a proof without a nonce, where one is needed; `dpop-nonce` holds it",
        reason: "proof",
        code: 16,
        name: "UNAUTHENTICATED",
        http: 401,
        challenge: "DPoP {realm}, error=\"use_dpop_nonce\", algs=\"{algs}\"",
    },
    Row {
        cause: Cause::Scope,
        title: "a token without the scope of the method",
        reason: "insufficient_scope",
        code: 7,
        name: "PERMISSION_DENIED",
        http: 403,
        challenge: "Bearer {realm}, error=\"insufficient_scope\", scope=\"{scope}\"",
    },
    Row {
        cause: Cause::Store,
        title: "an API key while the store does not answer",
        reason: "store_unavailable",
        code: 14,
        name: "UNAVAILABLE",
        http: 503,
        challenge: "",
    },
];

impl Row {
    /// The line of the document.
    fn line(&self) -> String {
        let Self { title, reason, code, name, http, challenge, .. } = self;
        let challenge = if challenge.is_empty() { "–".to_owned() } else { format!("`{challenge}`") };
        format!("| {title} | `{reason}` | {code} {name} | 200 | 200 | 200 | {http} | {http} | {challenge} |")
    }

    fn challenge(&self, scope: Scope) -> String {
        let realm = format!(
            "realm=\"seseragi\", resource_metadata=\"{ISSUER}/.well-known/oauth-protected-resource\""
        );
        self.challenge
            .replace("{realm}", &realm)
            .replace("{algs}", "ES256 EdDSA RS256 PS256")
            .replace("{scope}", scope.as_str())
    }
}

#[test]
fn the_document_shows_the_table_that_is_tested() {
    let lines: Vec<String> = ROWS.iter().map(Row::line).collect();
    let shown: Vec<&str> = DOCUMENT
        .lines()
        .skip_while(|line| !line.starts_with("| cause |"))
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .collect();
    assert_eq!(shown, lines);
}

/// Headers that make a call of this method fail for this cause.
fn credentials(set: &Set, cause: Cause, method: &str, path: &str) -> Vec<(&'static str, String)> {
    let fixture = &set.fixture;
    let (now, read) = (UnixSeconds::now(), Scopes::from(Scope::InferRead));
    let bearer = |token: String| vec![("authorization", format!("Bearer {token}"))];
    let prover = TestProver::new_es256();
    let bound = || fixture.bound_token(prover.thumbprint());
    let proved = |by: &TestProver| {
        let token = bound();
        let proof = by.proof(method, &fixture.url(path), Some(&token), None, now);
        vec![("authorization", format!("DPoP {token}")), ("dpop", proof)]
    };
    match cause {
        Cause::Missing => Vec::new(),
        Cause::Invalid => bearer("garbage".to_owned()),
        Cause::Expired => bearer(fixture.token("ann", read, UnixSeconds(now.0 - 10_000))),
        Cause::Revoked => bearer(fixture.token("rita", read, UnixSeconds(now.0 - 10))),
        Cause::Placeholder => bearer(sign(&fixture.other, "None", read, now)),
        Cause::ProofRequired => bearer(bound()),
        Cause::ProofBad => proved(&TestProver::new_es256()),
        Cause::ProofNonce => proved(&prover),
        Cause::Scope => bearer(fixture.token("ann", Scopes::NONE, now)),
        Cause::Store => bearer(set.api_key.clone()),
    }
}

/// A gateway where one cause can be met, and an API key of it.
struct Set {
    fixture: Fixture,
    api_key: String,
}

fn set(cause: Cause) -> Set {
    let setup = Setup { nonce: cause == Cause::ProofNonce, ..Setup::default() };
    let fixture = Fixture::with(Scripted::new([Step::say("never said")]), setup);
    let now = UnixSeconds::now();
    let subject = seseragi_guard::Subject::new(ISSUER, "rita");
    let what = Revoked::Subject { subject, before: UnixSeconds(now.0 - 5) };
    let revocation = Revocation { what, until: now.plus(600) };
    fixture.app.gate.revocations().insert(revocation).expect("there is room");
    let api_key = fixture.api_key(Scope::InferRead.into());
    if cause == Cause::Store {
        fixture.break_store();
    }
    Set { fixture, api_key }
}

fn check_head(row: &Row, head: &http::response::Parts, scope: Scope, what: &str) {
    let header = |name: &str| head.headers.get(name).map_or("", |value| value.to_str().expect("text"));
    assert_eq!(header("www-authenticate"), row.challenge(scope), "{what}");
    assert_eq!(!header("dpop-nonce").is_empty(), row.cause == Cause::ProofNonce, "{what}");
}

async fn streams(set: &Set, row: &Row) {
    for dialect in Dialect::ALL {
        let what = format!("{:?} on {dialect:?}", row.cause);
        let headers = credentials(set, row.cause, "POST", "/infer.Infer/Stream");
        let client =
            headers.into_iter().fold(Client::new(set.fixture.addr, dialect), |client, (name, value)| {
                client.with_header(name, value)
            });
        let call = client.stream(&ask("question")).await;
        assert_eq!(call.head.status, 200, "{what}");
        check_head(row, &call.head, Scope::InferRead, &what);
        let status = call.refusal().await;
        assert_eq!((status.code, status.reason), (row.code, row.reason.to_ascii_uppercase()), "{what}");
        assert_eq!(status.has_retry, row.cause == Cause::Store, "{what}");
    }
}

async fn ask_plainly(
    set: &Set,
    row: &Row,
    version: Version,
    (method, path, media_type): (&str, &str, &str),
) -> Response {
    let (headers, fixture) = (credentials(set, row.cause, method, path), &set.fixture);
    let request =
        http::Request::builder().method(method).uri(fixture.url(path)).header("content-type", media_type);
    let request = headers.into_iter().fold(request, |request, (name, value)| request.header(name, value));
    let body = if method == "GET" { Vec::new() } else { ListModelsRequest {}.encode_to_vec() };
    Connection::open(fixture.addr, version).await.ask(request, body).await
}

#[tokio::test]
async fn each_cause_is_answered_on_each_wire_as_the_table_says() {
    for row in &ROWS {
        let set = set(row.cause);
        streams(&set, row).await;
        for version in [Version::HTTP_11, Version::HTTP_2] {
            let what = format!("{:?} on {version:?}", row.cause);
            let call = ("POST", "/infer.Infer/ListModels", "application/proto");
            let response = ask_plainly(&set, row, version, call).await;
            assert_eq!(response.head.status, row.http, "{what}");
            check_head(row, &response.head, Scope::InferRead, &what);

            // No page of ours needs the scope of the calls, so the one for administrators stands for it.
            let (method, path, scope) = match row.cause {
                Cause::Scope => ("POST", "/admin/revoke", Scope::AdminRevoke),
                _ => ("GET", "/auth/me", Scope::InferRead),
            };
            let call = (method, path, "application/json");
            let response = ask_plainly(&set, row, version, call).await;
            assert_eq!(response.head.status, row.http, "{what} {path}");
            assert_eq!(response.json()["reason"], row.reason, "{what} {path}");
            assert_eq!(response.json()["status"], row.http);
            assert_eq!(response.header("content-type"), "application/problem+json");
            check_head(row, &response.head, scope, &what);
        }
        assert_eq!(set.fixture.events.events(), [], "nothing was started");
    }
}
