//! Whose TLS is believed.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use seseragi_net::{FetchError, FetchOptions, Fetcher};

use super::server::Server;
use super::{QUICK, with};

/// An authority of a company, say, that the system does not know.
struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("no names are good names");
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key can be made");
        Self(CertifiedIssuer::self_signed(params, key).expect("it can be signed"))
    }

    /// A fetcher that believes it.
    fn fetcher(&self) -> Fetcher {
        let extra_roots_pem = Some(self.0.pem().into_bytes());
        with(FetchOptions { extra_roots_pem, ..FetchOptions::default() })
    }

    /// A server with a certificate for this name.
    async fn server(&self, name: &str, change: impl FnOnce(&mut CertificateParams)) -> Server {
        let mut params = CertificateParams::new(vec![name.to_owned()]).expect("a good name");
        change(&mut params);
        let key = KeyPair::generate().expect("a key can be made");
        let certificate = params.signed_by(&key, &self.0).expect("it can be signed");
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .expect("TLS versions that exist")
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .expect("a certificate and its key");
        Server::start_tls(config, "{}").await
    }
}

fn url(host: &str, server: &Server) -> String {
    format!("https://{host}:{}/jwks", server.port)
}

#[tokio::test]
async fn a_good_certificate_of_a_known_authority_is_believed() {
    let authority = Authority::new("ours");
    for host in ["localhost", "127.0.0.1"] {
        let mut server = authority.server(host, |_| {}).await;
        let document = authority.fetcher().get(&url(host, &server)).await.unwrap();
        assert_eq!(&*document.body, b"{}");
        assert!(server.heads.recv().await.is_some());
    }
}

#[tokio::test]
async fn other_certificates_are_not() {
    let (authority, other) = (Authority::new("ours"), Authority::new("another"));
    let expired = |params: &mut CertificateParams| params.not_after = date_time_ymd(2024, 1, 1);
    let early = |params: &mut CertificateParams| params.not_before = date_time_ymd(4000, 1, 1);
    let unknown = "UnknownIssuer";
    let cases = [
        (authority.server("keys.example", |_| {}).await, authority.fetcher(), "not valid for name"),
        (authority.server("localhost", expired).await, authority.fetcher(), "expired"),
        (authority.server("localhost", early).await, authority.fetcher(), "not valid yet"),
        (authority.server("localhost", |_| {}).await, other.fetcher(), unknown),
        (authority.server("localhost", |_| {}).await, with(FetchOptions::default()), unknown),
    ];
    for (mut server, fetcher, why) in cases {
        let error = fetcher.get(&url("localhost", &server)).await.unwrap_err();
        assert!(matches!(error, FetchError::Tls { .. }), "{why}: {error}");
        assert!(error.to_string().contains(why), "{why}: {error}");
        assert!(server.heads.try_recv().is_err(), "nothing was asked");
    }
}

#[tokio::test]
async fn a_server_without_tls_is_none() {
    let server = Server::start(|_| super::server::ok("{}")).await;
    let fetcher = with(FetchOptions { timeout: QUICK, ..FetchOptions::default() });
    let error = fetcher.get(&url("localhost", &server)).await.unwrap_err();
    assert!(matches!(error, FetchError::Tls { .. } | FetchError::Timeout), "{error}");
}
