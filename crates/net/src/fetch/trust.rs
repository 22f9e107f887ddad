//! Whose certificates are believed.

use std::sync::Arc;

use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};

use super::TrustError;

/// A configuration for HTTP/1.1 over TLS 1.2 and 1.3, without a certificate of our own.
pub(super) fn client_config(extra_pem: Option<&[u8]>) -> Result<ClientConfig, TrustError> {
    let mut roots = RootCertStore::empty();
    // What cannot be read is skipped: one odd certificate must not end trust in the others.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    for certificate in extra_pem.map(certificates).transpose()?.into_iter().flatten() {
        roots.add(certificate).map_err(|error| TrustError::Pem(error.to_string()))?;
    }
    let mut config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| TrustError::Setup(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TrustError> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let found = found.map_err(|error| TrustError::Pem(error.to_string()))?;
    if found.is_empty() { Err(TrustError::Empty) } else { Ok(found) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extra_certificates_have_to_be_some() {
        assert!(client_config(None).is_ok());
        assert!(matches!(client_config(Some(b"")), Err(TrustError::Empty)));
        assert!(matches!(client_config(Some(b"not PEM")), Err(TrustError::Empty)));
        let broken = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        assert!(matches!(client_config(Some(broken)), Err(TrustError::Pem(_))));
    }
}
