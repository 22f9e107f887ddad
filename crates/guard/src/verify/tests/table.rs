//! The comparison table of verifiers: each test is a row, tried in every alternative against our own issuer and an
//! external one with RSA, P-256 and Ed25519 keys, through the whole gate.

use serde_json::{Value, json};

use super::forge::*;
use super::pair::{pair, token};
use crate::{Evidence, ExternalIssuer, Gate, KeySource, Reason, Rejection, VerifierConfig};

const THEIRS: &str = "https://idp.test";

/// Who signs, and how: ourselves, or the external issuer by one of its keys.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Signer {
    Own,
    Theirs(&'static str),
}

const SIGNERS: [Signer; 4] =
    [Signer::Own, Signer::Theirs("RS256"), Signer::Theirs("ES256"), Signer::Theirs("EdDSA")];

impl Signer {
    fn header(self) -> Value {
        match self {
            Self::Own => own_header(),
            Self::Theirs(alg) => json!({"typ": "at+jwt", "alg": alg, "kid": alg}),
        }
    }

    fn claims(self) -> Value {
        match self {
            Self::Own => own_claims(),
            Self::Theirs(_) => with(own_claims(), "iss", THEIRS),
        }
    }

    /// Signed by this signer, whatever header and claims say.
    fn sign(self, header: impl ToString, claims: impl ToString) -> String {
        match self {
            Self::Own => signed_by_us(header, claims),
            Self::Theirs(alg) => {
                let message = format!("{}.{}", b64(header.to_string()), b64(claims.to_string()));
                let signature = pair(alg).sign(alg, message.as_bytes());
                format!("{message}.{}", b64(signature))
            }
        }
    }
}

/// A gate that trusts both, with the defaults of `oidc` for the external one.
fn gate_of_both() -> Gate {
    let algorithms = ["RS256", "ES256", "EdDSA"];
    let keys = algorithms.map(|alg| with(with(pair(alg).jwk(), "kid", alg), "alg", alg));
    let content = json!({"keys": keys}).to_string().into_bytes();
    let mut external = ExternalIssuer::preset("oidc", "idp", KeySource::JwksFile { content }).unwrap();
    external.issuer = Some(THEIRS.to_owned());
    external.algorithms = algorithms.map(str::to_owned).to_vec();
    external.audiences = vec![AUDIENCE.to_owned()];
    gate(VerifierConfig { own: WORLD.issuer.as_own_issuer(), external: vec![external] }, true)
}

async fn ask(gate: &Gate, headers: &[String], path: &str) -> Result<(), Reason> {
    let headers: Vec<&[u8]> = headers.iter().map(String::as_bytes).collect();
    let evidence = Evidence { authorization: &headers, method: "POST", path, ..Evidence::default() };
    gate.caller(&evidence, NOW).await.map(drop).map_err(Rejection::reason)
}

/// The verdict on the token made by each signer, twice, so that memory has its say.
async fn each(make: impl Fn(Signer) -> String, expected: Result<(), Reason>) {
    let gate = gate_of_both();
    for signer in SIGNERS {
        for _ in 0..2 {
            let verdict = ask(&gate, &[format!("Bearer {}", make(signer))], "/x").await;
            assert_eq!(verdict, expected, "{signer:?}: {}", make(signer));
        }
    }
}

async fn each_claim(name: &str, value: impl Into<Value> + Clone, expected: Result<(), Reason>) {
    each(|signer| signer.sign(signer.header(), with(signer.claims(), name, value.clone())), expected).await;
}

#[tokio::test]
async fn row_00_the_good_token_of_every_signer_is_accepted() {
    each(|signer| signer.sign(signer.header(), signer.claims()), Ok(())).await;
}

#[tokio::test]
async fn row_01_no_algorithm_hmac_with_a_public_key_embedded_key_kid_traversal() {
    for alg in ["none", "NoNe", "NONE", "nOnE", ""] {
        let header = |signer: Signer| with(signer.header(), "alg", alg);
        each(|signer| signer.sign(header(signer), signer.claims()), Err(Reason::AlgorithmForbidden)).await;
        let unsigned = |signer: Signer| {
            format!("{}.{}.", b64(header(signer).to_string()), b64(signer.claims().to_string()))
        };
        each(unsigned, Err(Reason::TokenMalformed)).await;
    }
    let hmac = |signer: Signer| {
        let pem = match signer {
            Signer::Own => WORLD.issuer.key().public_key().jwk().to_string(),
            Signer::Theirs(alg) => pair(alg).pem(),
        };
        signed_with(pem.as_bytes(), with(signer.header(), "alg", "HS256"), signer.claims())
    };
    each(hmac, Err(Reason::AlgorithmForbidden)).await;
    // The attacker's own key, in the header.
    let embedded = |signer: Signer| {
        let header = with(signer.header(), "jwk", pair("ES384").jwk());
        token("ES384", header, signer.claims())
    };
    each(embedded, Err(Reason::HeaderFieldForbidden)).await;
    for kid in
        ["../../../../dev/null", "/dev/null", "..\\x", "' UNION SELECT 'k", "k\u{0}", "http://evil.test/k"]
    {
        let traversal = |signer: Signer| signer.sign(with(signer.header(), "kid", kid), signer.claims());
        each(traversal, Err(Reason::KeyUnknown)).await;
    }
}

#[tokio::test]
async fn row_02_the_name_ed25519_is_accepted_for_an_ed25519_key_only() {
    let gate = gate_of_both();
    for signer in SIGNERS {
        let token = signer.sign(with(signer.header(), "alg", "Ed25519"), signer.claims());
        let expected =
            if signer == Signer::Theirs("EdDSA") { Ok(()) } else { Err(Reason::AlgorithmForbidden) };
        assert_eq!(ask(&gate, &[format!("Bearer {token}")], "/x").await, expected, "{signer:?}");
    }
}

#[tokio::test]
async fn row_03_expired_for_30_s_is_expired() {
    let expired = |signer: Signer, ago: u64| {
        let claims = with(with(signer.claims(), "iat", NOW.0 - 300), "nbf", NOW.0 - 300);
        signer.sign(signer.header(), with(claims, "exp", NOW.0 - ago))
    };
    each(|signer| expired(signer, 30), Err(Reason::Expired)).await;
    // The skew is 5 s for our own clocks, 30 s for those of others.
    let skew = |signer: Signer| if signer == Signer::Own { 5 } else { 30 };
    each(|signer| expired(signer, skew(signer)), Err(Reason::Expired)).await;
    each(|signer| expired(signer, skew(signer) - 1), Ok(())).await;
}

#[tokio::test]
async fn row_04_nbf_ahead_by_30_s_and_by_300_s() {
    each_claim("nbf", NOW.0 + 30, Err(Reason::NotYetValid)).await;
    each_claim("nbf", NOW.0 + 300, Err(Reason::NotYetValid)).await;
}

#[tokio::test]
async fn row_05_no_exp_and_an_exp_in_ten_years() {
    let endless = |signer: Signer| signer.sign(signer.header(), without(signer.claims(), "exp"));
    each(endless, Err(Reason::ExpiryInvalid)).await;
    each_claim("exp", NOW.0 + 315_360_000, Err(Reason::LifetimeInvalid)).await;
}

#[tokio::test]
async fn row_06_iat_an_hour_ahead() {
    let made = |signer: Signer| {
        let claims = with(signer.claims(), "iat", NOW.0 + 3600);
        signer.sign(signer.header(), with(claims, "exp", NOW.0 + 3900))
    };
    each(made, Err(Reason::IssuedInFuture)).await;
}

#[tokio::test]
async fn row_07_no_iss_and_no_aud() {
    let no_iss = |signer: Signer| signer.sign(signer.header(), without(signer.claims(), "iss"));
    each(no_iss, Err(Reason::IssuerMissing)).await;
    let no_aud = |signer: Signer| signer.sign(signer.header(), without(signer.claims(), "aud"));
    each(no_aud, Err(Reason::AudienceInvalid)).await;
}

#[tokio::test]
async fn row_08_iss_as_an_array() {
    let array = |signer: Signer| {
        let iss = json!([signer.claims()["iss"]]);
        signer.sign(signer.header(), with(signer.claims(), "iss", iss))
    };
    each(array, Err(Reason::IssuerInvalid)).await;
}

#[tokio::test]
async fn row_09_the_type_of_a_proof_and_of_an_id_token() {
    for typ in ["dpop+jwt", "JWT", "logout+jwt", "id_token", ""] {
        let typed = |signer: Signer| signer.sign(with(signer.header(), "typ", typ), signer.claims());
        each(typed, Err(Reason::TypeForbidden)).await;
    }
    let untyped = |signer: Signer| signer.sign(without(signer.header(), "typ"), signer.claims());
    each(untyped, Err(Reason::TypeForbidden)).await;
}

#[tokio::test]
async fn row_10_unknown_crit_and_unencoded_payload() {
    let fields = [
        vec![("crit", json!(["x"])), ("x", json!(1))],
        vec![("crit", json!([]))],
        vec![("b64", json!(false))],
        vec![("b64", json!(false)), ("crit", json!(["b64"]))],
    ];
    for fields in fields {
        let header = |signer: Signer| {
            fields.iter().fold(signer.header(), |header, (name, value)| with(header, name, value.clone()))
        };
        each(|signer| signer.sign(header(signer), signer.claims()), Err(Reason::HeaderFieldForbidden)).await;
    }
    // What is signed is the text of the claims itself (RFC 7797).
    let unencoded = |signer: Signer| {
        let header = b64(with(signer.header(), "b64", false).to_string());
        let claims = signer.claims().to_string();
        let signature = match signer {
            Signer::Own => WORLD.issuer.key().sign(format!("{header}.{claims}").as_bytes()).as_ref().to_vec(),
            Signer::Theirs(alg) => pair(alg).sign(alg, format!("{header}.{claims}").as_bytes()),
        };
        format!("{header}.{}.{}", b64(claims), b64(signature))
    };
    each(unencoded, Err(Reason::HeaderFieldForbidden)).await;
}

#[tokio::test]
async fn row_11_every_claim_twice_nested_ones_too() {
    let names: Vec<String> = own_claims().as_object().unwrap().keys().cloned().collect();
    for name in names {
        let twice = |signer: Signer| {
            let claims = signer.claims();
            let again = format!("{{\"{name}\":{},", claims[&name]);
            signer.sign(signer.header(), claims.to_string().replacen('{', &again, 1))
        };
        each(twice, Err(Reason::ClaimsMalformed)).await;
    }
    for inner in [r#""cnf":{"jkt":"a","jkt":"b"}"#, r#""x":[{"y":{"a":1,"a":1}}]"#, r#""a":1,"\u0061":1"#] {
        let nested = |signer: Signer| {
            let claims = signer.claims().to_string().replacen('{', &format!("{{{inner},"), 1);
            signer.sign(signer.header(), claims)
        };
        each(nested, Err(Reason::ClaimsMalformed)).await;
    }
}

#[tokio::test]
async fn row_12_padding_and_a_space_at_the_end() {
    for end in ["==", "=", " ", "  ", "\t", "\n", "%3D"] {
        let made = |signer: Signer| format!("{}{end}", signer.sign(signer.header(), signer.claims()));
        each(made, Err(Reason::TokenMalformed)).await;
    }
}

#[tokio::test]
async fn row_13_a_bound_token_without_a_proof() {
    each_claim("cnf", json!({"jkt": b64([7; 32])}), Err(Reason::ProofRequired)).await;
}

#[tokio::test]
async fn row_14_a_token_of_60_kb() {
    let padded = |bytes: usize| {
        move |signer: Signer| {
            let token = signer.sign(signer.header(), with(signer.claims(), "pad", "x".repeat(bytes)));
            assert!(token.len() > bytes);
            token
        }
    };
    each(padded(45_000), Err(Reason::TokenTooLarge)).await;
    each(padded(6_200), Err(Reason::TokenTooLarge)).await;
    let gate = gate_of_both();
    for (signer, expected) in [(Signer::Own, Err(Reason::TokenTooLarge)), (Signer::Theirs("RS256"), Ok(()))] {
        let token = padded(4_000)(signer);
        assert!((4097..8192).contains(&token.len()));
        assert_eq!(ask(&gate, &[format!("Bearer {token}")], "/x").await, expected, "{signer:?}");
    }
}

#[tokio::test]
async fn row_15_a_token_in_the_query_is_not_looked_at() {
    let gate = gate_of_both();
    for signer in SIGNERS {
        let token = signer.sign(signer.header(), signer.claims());
        assert_eq!(ask(&gate, &[], &format!("/x?access_token={token}")).await, Err(Reason::Missing));
    }
}

#[tokio::test]
async fn row_16_two_authorization_headers() {
    let gate = gate_of_both();
    for signer in SIGNERS {
        let good = format!("Bearer {}", signer.sign(signer.header(), signer.claims()));
        for other in [good.as_str(), "Bearer x", "Basic eDp5", ""] {
            for headers in [[good.clone(), other.to_owned()], [other.to_owned(), good.clone()]] {
                assert_eq!(ask(&gate, &headers, "/x").await, Err(Reason::HeaderRepeated), "{other}");
            }
        }
    }
}

#[tokio::test]
async fn row_17_the_scheme_in_any_case() {
    let gate = gate_of_both();
    for signer in SIGNERS {
        let token = signer.sign(signer.header(), signer.claims());
        for scheme in ["bearer", "BEARER", "bEARER", "Bearer"] {
            assert_eq!(ask(&gate, &[format!("{scheme} {token}")], "/x").await, Ok(()), "{scheme}");
        }
    }
}
