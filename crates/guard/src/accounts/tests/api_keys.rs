use super::*;
use crate::{NewApiKey, Reason, Revoked};

fn new_key(world: &World) -> (crate::ApiKey, crate::ApiKeySecret) {
    let new = NewApiKey {
        name: "backend".to_owned(),
        scopes: Scopes::from_list("infer:read reflection:read"),
        tier: Tier::Server,
        expires_at: Some(NOW.plus(1000)),
    };
    world.store().add_api_key(new, NOW).unwrap()
}

#[tokio::test]
async fn an_api_key_is_its_own_subject_and_client() {
    let world = World::new();
    let (key, secret) = new_key(&world);
    let wish = Wish { scopes: Some(Scope::InferRead.into()), ..Wish::default() };
    let issued = world.accounts.issue_for_api_key(secret.expose(), wish, NOW).await.unwrap();
    assert_eq!((issued.refresh_token.as_ref(), &issued.sub), (None, &format!("key:{}", key.id)));
    let claims = claims(&issued);
    assert_eq!((&claims["client_id"], &claims["sub"]), (&key.sub().into(), &key.sub().into()));
    assert_eq!((&claims["scope"], &claims["lim"]), (&"infer:read".into(), &"server".into()));
    assert_eq!(claims.get("sid"), None);
    assert_eq!(world.times_told("by: \"api_key\""), 1);
}

#[tokio::test]
async fn a_key_that_is_not_good_is_refused_with_its_reason() {
    let world = World::new();
    let (key, secret) = new_key(&world);
    let asked = async |secret: &str, wish, now| {
        world.accounts.issue_for_api_key(secret, wish, now).await.unwrap_err()
    };
    let plain = Wish::default();
    let text = secret.expose();
    assert_eq!(asked("x", plain, NOW).await, AuthRefusal::Rejected(Reason::ApiKeyMalformed));
    assert_eq!(asked(text, plain, NOW.plus(1000)).await, AuthRefusal::Rejected(Reason::ApiKeyExpired));
    let wide = Wish { scopes: Some(Scope::AdminRevoke.into()), ..plain };
    assert_eq!(asked(text, wide, NOW).await, AuthRefusal::Scope);
    world.store().revoke_api_key(&key.id, NOW).unwrap();
    assert_eq!(asked(text, plain, NOW).await, AuthRefusal::Rejected(Reason::ApiKeyRevoked));
    assert_eq!(world.times_told("Rejected"), 3);
    assert!(!world.told().contains(text));
    world.break_table("api_key");
    assert_eq!(asked(text, plain, NOW).await, AuthRefusal::Unavailable);
}

#[tokio::test]
async fn what_revokes_the_subject_revokes_the_key() {
    for in_store in [false, true] {
        let world = World::new();
        let (key, secret) = new_key(&world);
        if in_store {
            let written = world.store().end_subject(&key.sub(), NOW.plus(1)).unwrap();
            assert!(matches!(&written[..], [Revocation { what: Revoked::Subject { .. }, .. }]));
        } else {
            let subject = Subject::new(ISSUER, key.sub());
            let what = Revoked::Subject { subject, before: NOW.plus(1) };
            world.revocations.insert(Revocation { what, until: NOW.plus(300) }).unwrap();
        }
        let later = world.accounts.issue_for_api_key(secret.expose(), Wish::default(), NOW.plus(2)).await;
        assert_eq!(later.unwrap_err(), AuthRefusal::Rejected(Reason::ApiKeyRevoked));
    }
}
