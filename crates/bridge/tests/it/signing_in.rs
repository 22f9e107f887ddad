//! Signing in by name and password, what a browser keeps of it, and what nobody learns from it.

use http::Version;
use serde_json::{Value, json};
use seseragi_bridge::Exposure;
use seseragi_guard::{Scope, Scopes, TestProver, UnixSeconds};
use seseragi_testkit::client::{Client, Connection, Dialect, Response};
use seseragi_testkit::{Scripted, Step};

use crate::browser::{Browser, form, post, send, set_cookies};
use crate::support::{Fixture, ISSUER, LOCAL_ISSUER, PASSWORD, Setup, ask};

fn fixture() -> Fixture {
    Fixture::new(Scripted::new([Step::say("answer")]))
}

/// A gateway that is for its own machine.
fn local() -> Fixture {
    let setup = Setup { issuer_url: LOCAL_ISSUER, ..Setup::default() };
    Fixture::with(Scripted::new([Step::Hang]), setup)
}

fn text(response: &Response, field: &str) -> String {
    let document = response.json();
    document[field].as_str().unwrap_or_else(|| panic!("{field} in {document}")).to_owned()
}

#[tokio::test]
async fn a_browser_signs_in_gets_tokens_by_its_cookie_and_signs_out() {
    let fixture = fixture();
    let sub = fixture.user("ann").await;
    let mut browser = Browser::signed_in(&fixture, "ann").await;
    let issued = browser.post("/auth/issue", &json!({})).await;
    assert_eq!((issued.head.status.as_u16(), issued.header("cache-control")), (200, "no-store"));
    assert_eq!(issued.json()["token_type"], "Bearer");
    assert_eq!(issued.json()["subject"], *sub);
    let token = text(&issued, "access_token");
    let story =
        Client::new(fixture.addr, Dialect::Grpc).with_token(&token).stream(&ask("q")).await.story().await;
    assert_eq!(story.text, "answer");

    let me = browser.get("/auth/me").await.json();
    assert_eq!(
        (&me["name"], &me["by"], &me["subject"]),
        (&"ann".into(), &"cookie".into(), &Value::from(&*sub))
    );
    assert_eq!(browser.post("/auth/logout", &json!({})).await.head.status, 204);
    assert!(!browser.cookies.contains_key("__Host-seseragi_session"));
    assert_eq!(browser.get("/auth/me").await.head.status, 401);
    assert_eq!(browser.post("/auth/logout", &json!({})).await.head.status, 204, "twice is fine");
    let status =
        Client::new(fixture.addr, Dialect::Grpc).with_token(&token).stream(&ask("q")).await.refusal().await;
    assert_eq!((status.code, status.reason.as_str()), (16, "INVALID"), "its tokens ended with it");
}

#[tokio::test]
async fn cookies_are_for_us_alone() {
    let fixture = fixture();
    fixture.user("ann").await;
    let mut browser = Browser::new(&fixture);
    let login = json!({ "username": "ann", "password": PASSWORD, "remember": true });
    let response = browser.post("/auth/login", &login).await;
    let lines = set_cookies(&response);
    assert_eq!(lines.len(), 2);
    for (line, name) in lines.iter().zip(["__Host-seseragi_session=", "__Host-seseragi_device="]) {
        assert!(line.starts_with(name), "{line}");
        for attribute in ["; Path=/;", "; HttpOnly", "; SameSite=Strict", "; Secure", "; Max-Age="] {
            assert!(line.contains(attribute), "{attribute} in {line}");
        }
        assert!(!line.to_ascii_lowercase().contains("domain"), "{line}");
    }
    let mut browser = Browser::new(&fixture);
    let response = browser.post("/auth/login", &json!({ "username": "ann", "password": PASSWORD })).await;
    assert!(!set_cookies(&response)[0].contains("Max-Age"), "it goes with the browser");
    assert!(response.json().get("refresh_token").is_none(), "no script sees one");
}

#[tokio::test]
async fn by_plain_http_on_this_machine_cookies_have_no_prefix() {
    let setup = Setup { issuer_url: LOCAL_ISSUER, exposure: Exposure::Network, ..Setup::default() };
    let fixture = Fixture::with(Scripted::new([Step::Hang]), setup);
    fixture.user("ann").await;
    let login = json!({ "username": "ann", "password": PASSWORD });
    let response = post(&fixture, "/auth/login", &login).await;
    let session = &set_cookies(&response)[0];
    assert!(session.starts_with("seseragi_session=") && !session.contains("Secure"), "{session}");
    assert!(session.contains("HttpOnly") && session.contains("SameSite=Strict"));

    let request = http::Request::post(fixture.url("/auth/login")).header("host", "gateway.test:8080");
    let response = send(request.header("content-type", "application/json"), login.to_string()).await;
    assert!(set_cookies(&response)[0].starts_with("__Host-"), "elsewhere they are never plain");
}

#[tokio::test]
async fn a_program_gets_a_refresh_token_and_no_cookie() {
    let fixture = fixture();
    fixture.user("ann").await;
    let login = json!({ "username": "ann", "password": PASSWORD, "mode": "token" });
    let response = post(&fixture, "/auth/login", &login).await;
    assert_eq!(set_cookies(&response), [] as [String; 0]);
    let first = text(&response, "refresh_token");
    let refreshed =
        form(&fixture, "/auth/token", &format!("grant_type=refresh_token&refresh_token={first}")).await;
    assert_eq!(refreshed.head.status, 200, "{}", refreshed.json());
    let second = text(&refreshed, "refresh_token");
    assert_ne!(first, second);
    let again = json!({ "grant_type": "refresh_token", "refresh_token": second });
    let again = post(&fixture, "/auth/token", &again).await;
    assert_eq!((again.head.status.as_u16(), again.header("cache-control")), (200, "no-store"));
}

#[tokio::test]
async fn wrong_password_unknown_name_and_disabled_user_look_alike() {
    let fixture = fixture();
    fixture.user("ann").await;
    let gone = fixture.user("gone").await;
    let accounts = fixture.app.accounts.as_ref().expect("there are accounts");
    accounts.disable_user(&gone, UnixSeconds::now()).await.expect("it is disabled");
    let mut answers = Vec::new();
    for (name, password) in [("ann", "not the password"), ("nobody", PASSWORD), ("gone", PASSWORD)] {
        let response =
            post(&fixture, "/auth/login", &json!({ "username": name, "password": password })).await;
        let mut headers: Vec<String> = response.head.headers.keys().map(ToString::to_string).collect();
        headers.sort();
        answers.push((response.head.status, response.body.clone(), headers));
    }
    assert_eq!(answers[0].0, 401);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
}

#[tokio::test]
async fn guessing_is_slowed_per_account_and_per_address_behind_a_trusted_proxy() {
    let setup = Setup { trusted_proxies: vec!["127.0.0.0/8".parse().expect("a range")], ..Setup::default() };
    let fixture = Fixture::with(Scripted::new([Step::Hang]), setup);
    let guess = async |name: &str, from: &str| {
        let body = json!({ "username": name, "password": "guess guess guess" }).to_string();
        let request = http::Request::post(fixture.url("/auth/login"))
            .header("content-type", "application/json")
            .header("x-forwarded-for", from);
        send(request, body).await
    };
    let mut throttled = None;
    for round in 0..20 {
        let response = guess("ann", &format!("203.0.113.{round}, 198.51.100.{round}")).await;
        if response.head.status == 429 {
            throttled = Some(response);
            break;
        }
    }
    let throttled = throttled.expect("one account is slowed, wherever the guesses come from");
    assert_eq!(throttled.json()["reason"], "too_many_attempts");
    assert!(throttled.header("retry-after").parse::<u64>().expect("seconds") > 0);
    let mut spread = 0;
    for round in 0..40 {
        // What stands left of the nearest hop that is not ours is anybody's word.
        let response = guess(&format!("user{round}"), &format!("192.0.2.{round}, 198.51.100.200")).await;
        spread += usize::from(response.head.status == 429);
    }
    assert!(spread > 0, "one address is slowed, whatever it says of itself");
    assert_eq!(guess("bob", "198.51.100.201").await.head.status, 401, "another one is not");
}

#[tokio::test]
async fn a_token_bound_to_a_cookie_needs_it() {
    let fixture = fixture();
    fixture.user("ann").await;
    let mut browser = Browser::signed_in(&fixture, "ann").await;
    let issued = browser.post("/auth/issue", &json!({ "binding": "cookie" })).await;
    let token = text(&issued, "access_token");
    let line = set_cookies(&issued).remove(0);
    assert!(line.starts_with("__Host-seseragi_binding=") && line.contains("Secure"), "{line}");
    let cookie = line.split(';').next().expect("a pair").to_owned();
    for dialect in Dialect::ALL {
        let client = Client::new(fixture.addr, dialect).with_token(&token);
        let status = client.stream(&ask("q")).await.refusal().await;
        assert_eq!((status.code, status.reason.as_str()), (16, "INVALID"), "{dialect:?}");
        let story = client.with_header("cookie", &*cookie).stream(&ask("q")).await.story().await;
        assert_eq!(story.text, "answer");
    }
    let again = browser.post("/auth/issue", &json!({ "binding": "cookie" })).await;
    assert_eq!(set_cookies(&again)[0].split(';').next(), Some(&*cookie), "other tabs keep working");
}

#[tokio::test]
async fn an_api_key_gets_tokens_and_calls_by_itself() {
    let fixture = fixture();
    let key = fixture.api_key(Scope::InferRead.into());
    let request = http::Request::post(fixture.url("/auth/issue")).header("content-type", "application/json");
    let issued = send(request.header("authorization", format!("Bearer {key}")), "{}").await;
    assert_eq!(issued.head.status, 200);
    for token in [text(&issued, "access_token"), key] {
        let client = Client::new(fixture.addr, Dialect::ConnectH1).with_token(&token);
        assert_eq!(client.stream(&ask("q")).await.story().await.text, "answer");
    }
    let request = http::Request::post(fixture.url("/auth/issue")).header("content-type", "application/json");
    let refused = send(request.header("authorization", "Bearer ssr_live_nonsense"), "{}").await;
    assert_eq!((refused.head.status.as_u16(), &refused.json()["reason"]), (401, &"invalid".into()));
}

#[tokio::test]
async fn a_guest_that_comes_back_is_the_same_guest() {
    let fixture = local();
    let first = post(&fixture, "/auth/guest", &json!({})).await;
    let (subject, token) = (text(&first, "subject"), text(&first, "access_token"));
    assert!(subject.starts_with("guest:"));
    let request = http::Request::post(fixture.url("/auth/guest")).header("content-type", "application/json");
    let again = send(request.header("authorization", format!("Bearer {token}")), "{}").await;
    assert_eq!(text(&again, "subject"), subject);
    let me = http::Request::get(fixture.url("/auth/me")).header("authorization", format!("Bearer {token}"));
    assert_eq!(text(&send(me, "").await, "subject"), subject);
}

#[tokio::test]
async fn tokens_are_read_from_the_configured_header_only() {
    let header: http::HeaderName = "x-seseragi-token".parse().expect("a name");
    let fixture = Fixture::with(
        Scripted::new([Step::say("answer")]),
        Setup { token_header: header, ..Setup::default() },
    );
    let token = fixture.token("ann", Scope::InferRead.into(), UnixSeconds::now());
    for dialect in Dialect::ALL {
        let client = Client::new(fixture.addr, dialect);
        let refused = client.clone().with_token(&token).stream(&ask("q")).await.refusal().await;
        assert_eq!(refused.reason, "MISSING", "{dialect:?}");
        let client = client.with_header("authorization", "AWS4-HMAC-SHA256 x");
        let client = client.with_header("x-seseragi-token", format!("Bearer {token}"));
        assert_eq!(client.stream(&ask("q")).await.story().await.text, "answer");
    }
}

#[tokio::test]
async fn a_token_anywhere_else_is_no_token() {
    let fixture = fixture();
    let token = fixture.token("ann", Scope::InferRead.into(), UnixSeconds::now());
    let (_, claims) = token.split_once('.').expect("three parts");
    let claims = claims.split('.').next().expect("three parts");
    let headers = [
        ("proxy-authorization", format!("Bearer {token}")),
        ("authorization-bin", token.clone()),
        ("x-authorization", format!("Bearer {token}")),
        ("cookie", format!("access_token={token}; __Host-seseragi_session={token}")),
        ("x-jwt-payload", claims.to_owned()),
        ("sec-websocket-protocol", format!("bearer, {token}")),
    ];
    for dialect in Dialect::ALL {
        for (name, value) in &headers {
            let client = Client::new(fixture.addr, dialect).with_header(*name, value);
            let status = client.stream(&ask("q")).await.refusal().await;
            assert_eq!((status.code, status.reason.as_str()), (16, "MISSING"), "{name} on {dialect:?}");
        }
        let path = format!("/infer.Infer/Stream?access_token={token}");
        let status = Client::new(fixture.addr, dialect).call(&path, &ask("q")).await.refusal().await;
        assert_eq!((status.code, status.reason.as_str()), (16, "MISSING"), "query on {dialect:?}");
        let twice = Client::new(fixture.addr, dialect).with_token(&token).with_token(&token);
        assert_eq!(twice.stream(&ask("q")).await.refusal().await.reason, "INVALID");
    }
    for path in ["/auth/me?access_token=", "/auth/authorize?access_token="] {
        let request = http::Request::get(format!("{}{token}", fixture.url(path)));
        let response = send(request, "").await;
        assert!(response.head.status.is_client_error());
        assert!(!String::from_utf8_lossy(&response.body).contains(&token));
    }
    assert!(fixture.facts.told().iter().all(|fact| !fact.contains(&token)));
}

#[tokio::test]
async fn a_sign_in_may_be_bound_to_a_key() {
    let fixture = fixture();
    fixture.user("ann").await;
    let (prover, thief) = (TestProver::new_es256(), TestProver::new_es256());
    let send_with = async |path: &str, body: &Value, by: &TestProver, nonce: Option<&str>| {
        let proof = by.proof("POST", &fixture.url(path), None, nonce, UnixSeconds::now());
        let request = http::Request::post(fixture.url(path)).header("content-type", "application/json");
        send(request.header("dpop", proof), body.to_string()).await
    };
    let login = json!({ "username": "ann", "password": PASSWORD, "mode": "token" });
    let wanted = send_with("/auth/login", &login, &prover, None).await;
    assert_eq!((wanted.head.status.as_u16(), &wanted.json()["reason"]), (400, &"use_dpop_nonce".into()));
    let nonce = wanted.header("dpop-nonce").to_owned();
    let signed_in = send_with("/auth/login", &login, &prover, Some(&nonce)).await;
    assert_eq!(signed_in.json()["token_type"], "DPoP");
    assert!(!signed_in.header("dpop-nonce").is_empty(), "for the next proof");

    let refresh = |token: &str| json!({ "grant_type": "refresh_token", "refresh_token": token });
    let first = text(&signed_in, "refresh_token");
    let stolen = send_with("/auth/token", &refresh(&first), &thief, Some(&nonce)).await;
    assert_eq!((stolen.head.status.as_u16(), &stolen.json()["error"]), (400, &"invalid_grant".into()));
    let bare = post(&fixture, "/auth/token", &refresh(&first)).await;
    assert_eq!((bare.head.status.as_u16(), &bare.json()["error"]), (400, &"invalid_grant".into()));
    let wanted = send_with("/auth/token", &refresh(&first), &prover, None).await;
    assert_eq!((wanted.head.status.as_u16(), &wanted.json()["error"]), (400, &"use_dpop_nonce".into()));
    let refreshed = send_with("/auth/token", &refresh(&first), &prover, Some(&nonce)).await;
    assert_eq!((refreshed.head.status.as_u16(), &refreshed.json()["token_type"]), (200, &"DPoP".into()));
    let garbage = http::Request::post(fixture.url("/auth/token")).header("content-type", "application/json");
    let garbage = send(garbage.header("dpop", "garbage"), refresh(&first).to_string()).await;
    assert_eq!((garbage.head.status.as_u16(), &garbage.json()["error"]), (400, &"invalid_dpop_proof".into()));
}

#[tokio::test]
async fn a_bound_token_works_with_its_proof_once_on_every_wire() {
    let fixture = fixture();
    let prover = TestProver::new_es256();
    let token = fixture.bound_token(prover.thumbprint());
    for dialect in Dialect::ALL {
        let url = fixture.url("/infer.Infer/Stream");
        let proof = prover.proof("POST", &url, Some(&token), None, UnixSeconds::now());
        let client = Client::new(fixture.addr, dialect)
            .with_header("authorization", format!("DPoP {token}"))
            .with_header("dpop", proof);
        assert_eq!(client.stream(&ask("q")).await.story().await.text, "answer", "{dialect:?}");
        let replayed = client.stream(&ask("q")).await.refusal().await;
        assert_eq!((replayed.code, replayed.reason.as_str()), (16, "PROOF"), "{dialect:?}");
        let downgraded =
            Client::new(fixture.addr, dialect).with_token(&token).stream(&ask("q")).await.refusal().await;
        assert_eq!(downgraded.reason, "PROOF", "{dialect:?}");
        let other =
            prover.proof("POST", &fixture.url("/infer.Infer/Resume"), Some(&token), None, UnixSeconds::now());
        let client = Client::new(fixture.addr, dialect).with_header("authorization", format!("DPoP {token}"));
        assert_eq!(client.with_header("dpop", other).stream(&ask("q")).await.refusal().await.reason, "PROOF");
    }
    assert!(fixture.facts.told().contains(&"rejected proof_replayed".to_owned()));
}

#[tokio::test]
async fn with_nonces_each_answer_to_a_proof_has_the_next_one() {
    let fixture =
        Fixture::with(Scripted::new([Step::say("answer")]), Setup { nonce: true, ..Setup::default() });
    let prover = TestProver::new_es256();
    let token = fixture.bound_token(prover.thumbprint());
    for dialect in Dialect::ALL {
        let call = async |nonce: Option<&str>| {
            let url = fixture.url("/infer.Infer/Stream");
            let proof = prover.proof("POST", &url, Some(&token), nonce, UnixSeconds::now());
            let client = Client::new(fixture.addr, dialect)
                .with_header("authorization", format!("DPoP {token}"))
                .with_header("dpop", proof);
            client.stream(&ask("q")).await
        };
        let refused = call(None).await;
        let nonce = refused.head.headers["dpop-nonce"].to_str().expect("text").to_owned();
        assert_eq!(refused.refusal().await.reason, "PROOF");
        let taken = call(Some(&nonce)).await;
        assert!(taken.head.headers.contains_key("dpop-nonce"), "{dialect:?}");
        assert_eq!(taken.story().await.text, "answer");
    }
}

#[tokio::test]
async fn where_others_issue_tokens_nothing_is_issued_here() {
    let fixture =
        Fixture::with(Scripted::new([Step::say("answer")]), Setup { embedded: false, ..Setup::default() });
    for path in ["login", "guest", "issue", "token", "revoke", "introspect", "logout"] {
        let response = post(&fixture, &format!("/auth/{path}"), &json!({})).await;
        assert_eq!(
            (response.head.status.as_u16(), &response.json()["reason"]),
            (404, &"no_issuer".into()),
            "{path}"
        );
    }
    for path in ["/auth/me", "/auth/authorize", "/.well-known/jwks.json", "/.well-known/openid-configuration"]
    {
        let response = send(http::Request::get(fixture.url(path)), "").await;
        assert_eq!(
            (response.head.status.as_u16(), &response.json()["reason"]),
            (404, &"no_issuer".into()),
            "{path}"
        );
    }
    let resource = send(http::Request::get(fixture.url("/.well-known/oauth-protected-resource")), "").await;
    assert_eq!((resource.head.status.as_u16(), &resource.json()["resource"]), (200, &ISSUER.into()));
    let now = UnixSeconds::now();
    let token = crate::support::sign(&fixture.other, "ann", Scopes::from(Scope::InferRead), now);
    let client = Client::new(fixture.addr, Dialect::Grpc).with_token(token);
    assert_eq!(client.stream(&ask("q")).await.story().await.text, "answer");
}

#[tokio::test]
async fn discovery_names_our_endpoints_and_keys_and_may_be_kept() {
    let fixture = fixture();
    for path in ["/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"] {
        let found = send(http::Request::get(fixture.url(path)), "").await;
        let metadata = found.json();
        assert_eq!(metadata["issuer"], ISSUER);
        assert_eq!(metadata["token_endpoint"], format!("{ISSUER}/auth/token"));
        assert_eq!(metadata["code_challenge_methods_supported"], json!(["S256"]));
        let again = http::Request::get(fixture.url(path)).header("if-none-match", found.header("etag"));
        let again = send(again, "").await;
        assert_eq!((again.head.status.as_u16(), again.body.len()), (304, 0));
    }
    let jwks = send(http::Request::get(fixture.url("/.well-known/jwks.json")), "").await;
    let key = &jwks.json()["keys"][0];
    assert_eq!(
        (&key["kid"], &key["alg"], &key["use"]),
        (&fixture.issuer.key().kid().into(), &"ES256".into(), &"sig".into())
    );
    assert!(key.get("d").is_none() && jwks.header("cache-control").contains("max-age=900"));
    let elsewhere =
        send(http::Request::get(fixture.url("/.well-known/oauth-protected-resource/else")), "").await;
    assert_eq!(elsewhere.head.status, 404);
}

#[tokio::test]
async fn credentials_are_for_origins_that_are_written_out() {
    let origins = vec!["https://app.example", "http://localhost:*", "*"];
    let fixture = Fixture::with(Scripted::new([Step::Hang]), Setup { origins, ..Setup::default() });
    let preflight = async |origin: &str| {
        let request = http::Request::options(fixture.url("/auth/issue"))
            .header("origin", origin)
            .header("access-control-request-method", "POST");
        Connection::open(fixture.addr, Version::HTTP_11).await.ask(request, "").await
    };
    let listed = preflight("https://app.example").await;
    assert_eq!(listed.header("access-control-allow-credentials"), "true");
    assert_eq!(listed.header("access-control-allow-origin"), "https://app.example");
    for header in ["dpop", "x-seseragi-csrf", "authorization"] {
        assert!(listed.header("access-control-allow-headers").contains(header), "{header}");
    }
    for header in ["dpop-nonce", "www-authenticate"] {
        assert!(listed.header("access-control-expose-headers").contains(header), "{header}");
    }
    for origin in ["http://localhost:5173", "https://evil.example", "null"] {
        let response = preflight(origin).await;
        assert_eq!(response.head.status, 204);
        assert_eq!(response.header("access-control-allow-credentials"), "", "{origin}");
    }
}
