//! Pages of other sites, and what their forms and scripts cannot do with a browser that is signed in.

use serde_json::json;
use seseragi_testkit::{Scripted, Step};

use crate::browser::Browser;
use crate::support::{Fixture, ISSUER, PASSWORD, Setup};

const JSON: &str = "application/json";

/// Origin, sec-fetch-site, our own header, content type.
type Sent<'a> = (Option<&'a str>, Option<&'a str>, Option<&'a str>, &'a str);

async fn sent(
    browser: &mut Browser,
    path: &str,
    (origin, site, csrf, media_type): Sent<'_>,
) -> (u16, String) {
    let mut request = browser.request("POST", path).header("content-type", media_type);
    for (name, value) in [("origin", origin), ("sec-fetch-site", site), ("x-seseragi-csrf", csrf)] {
        if let Some(value) = value {
            request = request.header(name, value);
        }
    }
    let response = browser.send(request, "{}").await;
    let reason = if response.body.is_empty() { String::new() } else { response.json()["reason"].to_string() };
    (response.head.status.as_u16(), reason)
}

#[tokio::test]
async fn no_strange_page_may_use_the_cookie() {
    let fixture = Fixture::new(Scripted::new([Step::Hang]));
    fixture.user("ann").await;
    let mut browser = Browser::signed_in(&fixture, "ann").await;
    let (ours, same) = (Some(ISSUER), Some("same-origin"));
    let attacks: [(Sent<'_>, u16); 14] = [
        ((Some("https://evil.test"), Some("cross-site"), None, "text/plain"), 403),
        ((Some("https://evil.test"), Some("cross-site"), Some("1"), JSON), 403),
        ((Some("https://evil.test"), None, Some("1"), JSON), 403),
        ((Some("null"), None, Some("1"), JSON), 403),
        ((Some("https://sub.gateway.test"), Some("same-site"), Some("1"), JSON), 403),
        ((Some("http://gateway.test"), None, Some("1"), JSON), 403),
        ((Some("https://gateway.test:444"), None, Some("1"), JSON), 403),
        ((Some("https://gateway.test.evil.test"), None, Some("1"), JSON), 403),
        ((ours, Some("same-site"), Some("1"), JSON), 403),
        ((None, Some("cross-site"), Some("1"), JSON), 403),
        ((None, Some("none"), Some("1"), JSON), 403),
        ((ours, same, None, JSON), 403),
        ((ours, same, Some("0"), JSON), 403),
        ((ours, same, Some("1"), "text/plain"), 415),
    ];
    for path in ["/auth/issue", "/auth/logout"] {
        for (attack, status) in attacks {
            assert_eq!(sent(&mut browser, path, attack).await.0, status, "{path} {attack:?}");
        }
    }
    assert_eq!(sent(&mut browser, "/auth/issue", (ours, same, Some("1"), JSON)).await.0, 200);
    assert_eq!(
        sent(&mut browser, "/auth/issue", (None, None, Some("1"), JSON)).await.0,
        200,
        "an old browser"
    );
    assert_eq!(browser.get("/auth/me").await.head.status, 200, "still signed in");
}

#[tokio::test]
async fn no_strange_page_signs_its_visitor_in_as_somebody_else() {
    let fixture = Fixture::new(Scripted::new([Step::Hang]));
    fixture.user("eve").await;
    let login = json!({ "username": "eve", "password": PASSWORD }).to_string();
    for (origin, site, media_type, status) in [
        ("https://evil.test", "cross-site", JSON, 403),
        ("https://evil.test", "cross-site", "text/plain", 403),
        ("null", "cross-site", JSON, 403),
        (ISSUER, "same-origin", "text/plain", 415),
    ] {
        let mut browser = Browser::new(&fixture);
        let request = browser.request("POST", "/auth/login").header("content-type", media_type);
        let request = request.header("origin", origin).header("sec-fetch-site", site);
        let response = browser.send(request, login.clone()).await;
        assert_eq!(response.head.status.as_u16(), status, "{origin} {media_type}");
        assert!(browser.cookies.is_empty());
    }
}

#[tokio::test]
async fn a_page_that_is_named_may_use_the_cookie_and_a_pattern_names_none() {
    let origins = vec!["https://app.gateway.test", "http://localhost:*"];
    let fixture = Fixture::with(Scripted::new([Step::Hang]), Setup { origins, ..Setup::default() });
    fixture.user("ann").await;
    let mut browser = Browser::signed_in(&fixture, "ann").await;
    let named: Sent<'_> = (Some("https://app.gateway.test"), Some("same-site"), Some("1"), JSON);
    assert_eq!(sent(&mut browser, "/auth/issue", named).await.0, 200);
    let matched: Sent<'_> = (Some("http://localhost:5173"), Some("cross-site"), Some("1"), JSON);
    assert_eq!(sent(&mut browser, "/auth/issue", matched).await.0, 403);
    let matched: Sent<'_> = (Some("http://localhost:5173"), None, Some("1"), JSON);
    assert_eq!(sent(&mut browser, "/auth/issue", matched).await.0, 403);
}

#[tokio::test]
async fn a_page_on_another_site_signs_in_without_cookies() {
    let origins = vec!["https://app.example"];
    let fixture = Fixture::with(Scripted::new([Step::Hang]), Setup { origins, ..Setup::default() });
    fixture.user("ann").await;
    for (mode, status) in [("token", 200), ("cookie", 403)] {
        let mut browser = Browser::new(&fixture);
        let request = browser.request("POST", "/auth/login").header("content-type", JSON);
        let request = request.header("origin", "https://app.example").header("sec-fetch-site", "cross-site");
        let login = json!({ "username": "ann", "password": PASSWORD, "mode": mode }).to_string();
        assert_eq!(browser.send(request, login).await.head.status.as_u16(), status, "{mode}");
        assert!(browser.cookies.is_empty());
    }
}

#[tokio::test]
async fn a_planted_cookie_beside_the_real_one_signs_nobody_in() {
    let fixture = Fixture::new(Scripted::new([Step::Hang]));
    fixture.user("ann").await;
    let browser = Browser::signed_in(&fixture, "ann").await;
    let real = &browser.cookies["__Host-seseragi_session"];
    for line in [
        format!("__Host-seseragi_session={real}; __Host-seseragi_session=planted"),
        format!("__Host-seseragi_session=planted; __Host-seseragi_session={real}"),
        format!("seseragi_session={real}"),
    ] {
        let request = http::Request::get(fixture.url("/auth/me")).header("cookie", line);
        assert_eq!(crate::browser::send(request, "").await.head.status, 401);
    }
}
