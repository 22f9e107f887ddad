//! OAuth for programs: codes with PKCE, client credentials, revocation, introspection.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::json;
use seseragi_guard::{Scope, digest_of};
use seseragi_testkit::client::{Client, Dialect, Response};
use seseragi_testkit::{Scripted, Step};

use crate::browser::{Browser, form, post, send};
use crate::support::{CALLBACK, Fixture, ISSUER, PASSWORD, PROGRAM, ask};

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

fn fixture() -> Fixture {
    Fixture::new(Scripted::new([Step::say("answer")]))
}

fn challenge() -> String {
    URL_SAFE_NO_PAD.encode(digest_of(VERIFIER))
}

fn encode(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// The query of a good request, with changes; a change to nothing leaves a parameter out.
fn query(changes: &[(&str, &str)]) -> String {
    let challenge = challenge();
    let good = [
        ("response_type", "code"),
        ("client_id", PROGRAM),
        ("redirect_uri", CALLBACK),
        ("code_challenge", &*challenge),
        ("code_challenge_method", "S256"),
        ("state", "s&t=a\"te"),
    ];
    let change = |name: &str| changes.iter().find(|(changed, _)| *changed == name).map(|(_, value)| *value);
    let extra = changes.iter().copied().filter(|(name, _)| !good.iter().any(|(known, _)| known == name));
    let changed = good.into_iter().map(|(name, value)| (name, change(name).unwrap_or(value)));
    let pairs = changed.chain(extra).filter(|(_, value)| !value.is_empty());
    pairs.map(|(name, value)| format!("{name}={}", encode(value))).collect::<Vec<_>>().join("&")
}

fn path(changes: &[(&str, &str)]) -> String {
    format!("/auth/authorize?{}", query(changes))
}

/// The value of a hidden field of our page, as a browser would send it.
fn hidden(page: &str, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let rest = page.split_once(&start).unwrap_or_else(|| panic!("{name} in {page}")).1;
    let value = rest.split('"').next().expect("a value ends");
    value
        .replace("&quot;", "\"")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

fn page(response: &Response) -> String {
    assert_eq!(response.head.status, 200, "{}", String::from_utf8_lossy(&response.body));
    String::from_utf8(response.body.to_vec()).expect("a page is text")
}

/// The form as the browser of our page sends it.
async fn decide(browser: &mut Browser, page: &str, decision: &str, change: (&str, &str)) -> Response {
    let names = [
        "client_id",
        "redirect_uri",
        "response_type",
        "code_challenge",
        "code_challenge_method",
        "state",
        "csrf",
    ];
    let pairs = names.map(|name| {
        let value = if name == change.0 { change.1.to_owned() } else { hidden(page, name) };
        format!("{name}={}", encode(&value))
    });
    let request = browser
        .request("POST", "/auth/authorize")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("origin", ISSUER)
        .header("sec-fetch-site", "same-origin");
    browser.send(request, format!("{}&decision={decision}", pairs.join("&"))).await
}

fn parameter(location: &str, name: &str) -> Option<String> {
    let query = location.split_once('?')?.1;
    query.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}="))).map(str::to_owned)
}

#[tokio::test]
async fn a_program_gets_a_code_by_the_persons_word_and_tokens_for_it_once() {
    let fixture = fixture();
    let sub = fixture.user("ann").await;
    let mut browser = Browser::signed_in(&fixture, "ann").await;
    let asked = browser.get(&path(&[])).await;
    let policy = asked.header("content-security-policy").to_owned();
    assert!(
        policy.contains("frame-ancestors 'none'")
            && policy.contains("form-action 'self' https://notes.test;")
    );
    assert_eq!((asked.header("x-frame-options"), asked.header("cache-control")), ("DENY", "no-store"));
    let page = page(&asked);
    assert!(page.contains("Notes &lt;b&gt;") && page.contains("ann") && !page.contains("<b> asks"));
    let response = decide(&mut browser, &page, "allow", ("", "")).await;
    let location = response.header("location").to_owned();
    assert_eq!((response.head.status.as_u16(), response.header("referrer-policy")), (303, "no-referrer"));
    assert!(location.starts_with(&format!("{CALLBACK}?code=")), "{location}");
    assert_eq!(parameter(&location, "state").as_deref(), Some("s%26t%3Da%22te"));
    assert_eq!(parameter(&location, "iss").as_deref(), Some("https%3A%2F%2Fgateway.test"));

    let code = parameter(&location, "code").expect("a code");
    let exchange = |verifier: &str| {
        let redirect = encode(CALLBACK);
        format!(
            "grant_type=authorization_code&code={code}&client_id={PROGRAM}&redirect_uri={redirect}&code_verifier={verifier}"
        )
    };
    let issued = form(&fixture, "/auth/token", &exchange(VERIFIER)).await;
    assert_eq!((issued.head.status.as_u16(), &issued.json()["subject"]), (200, &(*sub).into()));
    let token = issued.json()["access_token"].as_str().expect("a token").to_owned();
    let client = Client::new(fixture.addr, Dialect::Grpc).with_token(&token);
    assert_eq!(client.stream(&ask("q")).await.story().await.text, "answer");
    let again = form(&fixture, "/auth/token", &exchange(VERIFIER)).await;
    assert_eq!((again.head.status.as_u16(), &again.json()["error"]), (400, &"invalid_grant".into()));
    let refused = client.stream(&ask("q")).await.refusal().await;
    assert_eq!(refused.code, 16, "a code that is used twice ends what came of it");
}

#[tokio::test]
async fn a_no_goes_back_to_the_program() {
    let fixture = fixture();
    fixture.user("ann").await;
    let mut browser = Browser::signed_in(&fixture, "ann").await;
    let asked = page(&browser.get(&path(&[])).await);
    let response = decide(&mut browser, &asked, "deny", ("", "")).await;
    assert_eq!(parameter(response.header("location"), "error").as_deref(), Some("access_denied"));
}

#[tokio::test]
async fn nothing_is_sent_to_an_address_that_is_not_the_programs_own() {
    let fixture = fixture();
    fixture.user("ann").await;
    let mut browser = Browser::signed_in(&fixture, "ann").await;
    for redirect in [
        "https://evil.test/callback",
        "https://notes.test/callback/",
        "https://notes.test/callback?x=1",
        "https://notes.test/Callback",
        "https://notes.test@evil.test/callback",
        "https://notes.test.evil.test/callback",
        "http://notes.test/callback",
        "//evil.test/callback",
        "/callback",
        "javascript:alert(1)",
        "http://127.0.0.1.evil.test/cb",
        "http://127.0.0.1:80@evil.test/cb",
        "http://localhost/cb",
    ] {
        let response = browser.get(&path(&[("redirect_uri", redirect)])).await;
        assert_eq!((response.head.status.as_u16(), response.header("location")), (400, ""), "{redirect}");
    }
    for changes in [("client_id", "unknown"), ("client_id", ""), ("redirect_uri", "")] {
        let response = browser.get(&path(&[changes])).await;
        assert!(
            response.head.status.is_client_error() && response.header("location").is_empty(),
            "{changes:?}"
        );
    }
    let repeated = browser.get(&format!("{}&redirect_uri=https%3A%2F%2Fevil.test", path(&[]))).await;
    assert_eq!(
        (repeated.head.status.as_u16(), &repeated.json()["reason"]),
        (400, &"repeated_parameter".into())
    );
    let asked = page(&browser.get(&path(&[])).await);
    let response =
        decide(&mut browser, &asked, "allow", ("redirect_uri", "https://evil.test/callback")).await;
    assert_eq!((response.head.status.as_u16(), response.header("location")), (400, ""));
    let native = browser.get(&path(&[("redirect_uri", "http://127.0.0.1:54321/cb")])).await;
    assert_eq!(native.head.status, 200, "a program on this machine may choose its port");
}

#[tokio::test]
async fn what_a_program_asks_wrongly_it_is_told() {
    let fixture = fixture();
    fixture.user("ann").await;
    let mut browser = Browser::signed_in(&fixture, "ann").await;
    for (change, error) in [
        (("response_type", "token"), "unsupported_response_type"),
        (("response_type", ""), "unsupported_response_type"),
        (("response_mode", "fragment"), "invalid_request"),
        (("code_challenge", ""), "invalid_request"),
        (("code_challenge", "short"), "invalid_request"),
        (("code_challenge_method", "plain"), "invalid_request"),
        (("code_challenge_method", ""), "invalid_request"),
        (("dpop_jkt", "short"), "invalid_request"),
        (("scope", "world:domination"), "invalid_scope"),
    ] {
        let response = browser.get(&path(&[change])).await;
        let location = response.header("location");
        assert!(response.head.status == 303 && location.starts_with(CALLBACK), "{change:?}: {location}");
        assert_eq!(parameter(location, "error").as_deref(), Some(error), "{change:?}");
        assert!(parameter(location, "state").is_some() && parameter(location, "iss").is_some());
    }
}

#[tokio::test]
async fn who_is_not_signed_in_is_led_to_the_sign_in_and_never_away() {
    let fixture = fixture();
    let mut browser = Browser::new(&fixture);
    let response = browser.get(&path(&[])).await;
    let location = response.header("location");
    assert!(
        response.head.status == 303 && location.starts_with("/?sign-in&next=%2Fauth%2Fauthorize%3F"),
        "{location}"
    );
    // Another site's link comes without our cookie: a page of ours leads here once more.
    let request =
        browser.request("GET", &path(&[("state", "\"><script>")])).header("sec-fetch-site", "cross-site");
    let detour = browser.send(request, "").await;
    let html = page(&detour);
    assert!(html.contains("content=\"0;url=/auth/authorize?") && !html.contains("<script"), "{html}");
    assert!(detour.header("content-security-policy").contains("default-src 'none'"));
}

#[tokio::test]
async fn a_yes_is_only_taken_from_the_page_that_asked() {
    let fixture = fixture();
    fixture.user("ann").await;
    fixture.user("eve").await;
    let mut ann = Browser::signed_in(&fixture, "ann").await;
    let mut eve = Browser::signed_in(&fixture, "eve").await;
    let eves = page(&eve.get(&path(&[])).await);
    let forged = decide(&mut ann, &eves, "allow", ("", "")).await;
    assert_eq!((forged.head.status.as_u16(), &forged.json()["reason"]), (403, &"csrf".into()));
    let anns = page(&ann.get(&path(&[])).await);
    for change in [("csrf", "x"), ("state", "other"), ("code_challenge", "")] {
        let response = decide(&mut ann, &anns, "allow", change).await;
        assert_eq!(response.head.status, 403, "{change:?}");
    }
    let token = hidden(&anns, "csrf");
    for (origin, site) in [("https://evil.test", "cross-site"), ("null", "cross-site"), (ISSUER, "same-site")]
    {
        let request = ann
            .request("POST", "/auth/authorize")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("origin", origin)
            .header("sec-fetch-site", site);
        let response = ann.send(request, format!("{}&csrf={token}&decision=allow", query(&[]))).await;
        assert_eq!(response.head.status, 403, "{origin} {site}");
    }
}

#[tokio::test]
async fn a_client_authenticates_with_its_api_key_in_one_way() {
    let fixture = fixture();
    let key = fixture.api_key(Scope::InferRead.into());
    let post_form = async |body: &str, authorization: &str| {
        let mut request = http::Request::post(fixture.url("/auth/token"))
            .header("content-type", "application/x-www-form-urlencoded");
        if !authorization.is_empty() {
            request = request.header("authorization", authorization);
        }
        send(request, body.to_owned()).await
    };
    let basic = |secret: &str| format!("Basic {}", STANDARD.encode(format!("server:{secret}")));
    let grant = "grant_type=client_credentials";
    for (body, authorization) in [
        (grant.to_owned(), basic(&key)),
        (format!("{grant}&client_id=server&client_secret={key}"), String::new()),
        (format!("{grant}&scope=infer%3Aread&client_secret={key}"), String::new()),
    ] {
        let response = post_form(&body, &authorization).await;
        assert_eq!(
            (response.head.status.as_u16(), &response.json()["scope"]),
            (200, &"infer:read".into()),
            "{body}"
        );
        assert!(response.json().get("refresh_token").is_none());
    }
    let both = post_form(&format!("{grant}&client_secret={key}"), &basic(&key)).await;
    assert_eq!((both.head.status.as_u16(), &both.json()["error"]), (400, &"invalid_request".into()));
    for (body, authorization) in [
        (grant.to_owned(), String::new()),
        (grant.to_owned(), basic("ssr_live_nonsense")),
        (grant.to_owned(), "Basic %%%".to_owned()),
        (format!("{grant}&client_secret=x"), String::new()),
    ] {
        let response = post_form(&body, &authorization).await;
        assert_eq!(
            (response.head.status.as_u16(), &response.json()["error"]),
            (401, &"invalid_client".into()),
            "{body}"
        );
        assert!(response.header("www-authenticate").starts_with("Basic "));
        assert_eq!(response.header("content-type"), "application/json");
    }
    let more = post_form(&format!("{grant}&scope=admin%3Arevoke&client_secret={key}"), "").await;
    assert_eq!((more.head.status.as_u16(), &more.json()["error"]), (400, &"invalid_scope".into()));
    let unknown = post_form("grant_type=password&username=a&password=b", "").await;
    assert_eq!(
        (unknown.head.status.as_u16(), &unknown.json()["error"]),
        (400, &"unsupported_grant_type".into())
    );
}

#[tokio::test]
async fn a_revoked_token_is_worth_nothing_and_unknown_ones_are_fine() {
    let fixture = fixture();
    fixture.user("ann").await;
    let key = fixture.api_key(Scope::InferRead.into());
    let login = json!({ "username": "ann", "password": PASSWORD, "mode": "token" });
    let signed_in = post(&fixture, "/auth/login", &login).await.json();
    let (access, refresh) = (signed_in["access_token"].as_str(), signed_in["refresh_token"].as_str());
    let (access, refresh) = (access.expect("one").to_owned(), refresh.expect("one").to_owned());
    let introspect = async |token: &str| {
        let request = http::Request::post(fixture.url("/auth/introspect"))
            .header("content-type", "application/x-www-form-urlencoded")
            .header("authorization", format!("Bearer {key}"));
        let response = send(request, format!("token={token}")).await;
        assert_eq!(response.head.status, 200);
        response.json()
    };
    let worth = introspect(&access).await;
    assert_eq!(
        (&worth["active"], &worth["iss"], &worth["scope"]),
        (&true.into(), &ISSUER.into(), &"infer:read".into())
    );
    assert_eq!(introspect(&refresh).await["active"], true);
    for nothing in ["x", "a.b.c", "ssr_live_x", &key, &format!("{access}x")] {
        assert_eq!(introspect(nothing).await, json!({ "active": false }), "{nothing}");
        let revoked = form(&fixture, "/auth/revoke", &format!("token={nothing}")).await;
        assert_eq!(revoked.head.status, 200, "{nothing}");
    }
    assert_eq!(
        form(&fixture, "/auth/revoke", &format!("token={access}&token_type_hint=x")).await.head.status,
        200
    );
    assert_eq!(introspect(&access).await, json!({ "active": false }));
    let status =
        Client::new(fixture.addr, Dialect::Grpc).with_token(&access).stream(&ask("q")).await.refusal().await;
    assert_eq!(status.code, 16);
    assert_eq!(introspect(&refresh).await["active"], true, "one token, not the sign-in");
    form(&fixture, "/auth/revoke", &format!("token={refresh}")).await;
    assert_eq!(introspect(&refresh).await, json!({ "active": false }));
    let used =
        form(&fixture, "/auth/token", &format!("grant_type=refresh_token&refresh_token={refresh}")).await;
    assert_eq!((used.head.status.as_u16(), &used.json()["error"]), (400, &"invalid_grant".into()));
}

#[tokio::test]
async fn only_a_client_may_introspect() {
    let fixture = fixture();
    let own = fixture.token("ann", Scope::InferRead.into(), seseragi_guard::UnixSeconds::now());
    for authorization in ["", "Bearer garbage", &format!("Bearer {own}"), "Basic eDp5"] {
        let mut request = http::Request::post(fixture.url("/auth/introspect"))
            .header("content-type", "application/x-www-form-urlencoded");
        if !authorization.is_empty() {
            request = request.header("authorization", authorization);
        }
        let response = send(request, format!("token={own}")).await;
        assert_eq!(
            (response.head.status.as_u16(), &response.json()["error"]),
            (401, &"invalid_client".into())
        );
        assert!(!response.header("www-authenticate").is_empty());
    }
}
