use super::*;
use crate::{Caller, Scope};

/// A guest of ours that comes again.
fn again(issued: &Issued) -> Caller {
    Caller::testing(ISSUER, &issued.sub, Scope::InferRead.into(), Tier::Guest)
}

#[tokio::test]
async fn a_guest_may_infer_and_stays_the_same_for_an_hour() {
    let world = World::new();
    let guest = async |returning: Option<&Caller>, now| {
        world.accounts.guest(returning, Wish::default(), None, now).await.unwrap()
    };
    let first = guest(None, NOW).await;
    assert_eq!(claims(&first)["scope"], "infer:read");
    assert_eq!((&claims(&first)["lim"], &claims(&first)["client_id"]), (&"guest".into(), &"guest".into()));
    assert!(first.refresh_token.is_none() && first.sub.starts_with("guest:"));
    assert_eq!(guest(Some(&again(&first)), NOW.plus(3599)).await.sub, first.sub);
    assert_ne!(guest(Some(&again(&first)), NOW.plus(3600)).await.sub, first.sub);
    assert_ne!(guest(None, NOW).await.sub, first.sub);
    assert_eq!(world.times_told("by: \"guest\""), 4);
}

#[tokio::test]
async fn nobody_else_comes_again_as_a_guest() {
    let world = World::new();
    let first = world.accounts.guest(None, Wish::default(), None, NOW).await.unwrap();
    let infer = Scopes::from(Scope::InferRead);
    for (issuer, sub, tier) in [
        ("https://other", &*first.sub, Tier::Guest),
        (ISSUER, "user:a", Tier::Guest),
        (ISSUER, &first.sub, Tier::User),
        (ISSUER, "guest:7zzzzzzzzzzzzzzzzzzzzzzzzz", Tier::Guest),
        (ISSUER, "guest:x", Tier::Guest),
    ] {
        let caller = Caller::testing(issuer, sub, infer, tier);
        let issued = world.accounts.guest(Some(&caller), Wish::default(), None, NOW).await.unwrap();
        assert!(issued.sub != sub && issued.sub != first.sub, "{issuer} {sub}");
    }
}

#[tokio::test]
async fn a_guest_gets_no_more_than_a_guest_may() {
    let world = World::new();
    let wish = Wish { scopes: Some(Scope::AdminRevoke.into()), ..Wish::default() };
    let issued = world.accounts.guest(None, wish, None, NOW).await;
    assert_eq!(issued.unwrap_err(), AuthRefusal::Scope);
    let wish = Wish { cookie: Some([1; 32]), ..Wish::default() };
    let issued = world.accounts.guest(None, wish, None, NOW).await.unwrap();
    assert_eq!(claims(&issued)["cnf"]["cbh"].as_str().unwrap().len(), 43);
}

#[tokio::test]
async fn new_guests_of_a_network_are_few_and_known_ones_are_not_counted() {
    let world = World::new();
    let from = address("203.0.113.1");
    let guest = async |returning: Option<&Caller>, from| {
        world.accounts.guest(returning, Wish::default(), from, NOW).await
    };
    let first = guest(None, from).await.unwrap();
    for _ in 0..4 {
        guest(None, from).await.unwrap();
    }
    assert_eq!(guest(None, from).await.unwrap_err(), AuthRefusal::Throttled(12));
    assert_eq!(guest(Some(&again(&first)), from).await.unwrap().sub, first.sub);
    assert!(guest(None, address("203.0.113.2")).await.is_ok());
    for _ in 0..20 {
        for local in ["127.0.0.1", "::1", "::ffff:127.0.0.1"] {
            assert!(guest(None, address(local)).await.is_ok());
        }
    }
}
