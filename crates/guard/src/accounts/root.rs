//! What is derived from the secret of the deployment (HMAC-SHA256), so that all gateways of one store agree on it without
//! keeping it. Each purpose has a label of its own.

use std::net::IpAddr;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::Secret;
use super::secret::Kind;
use crate::{Digest, random};

const DEVICE_START: &str = "v1.";
const DEVICE_BYTES: usize = 16;

/// The secret of the deployment, ready to be used.
pub(super) struct Root(hmac::Key);

/// A device that has signed in to an account before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Device([u8; DEVICE_BYTES]);

impl Root {
    pub(super) fn new(secret: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, secret))
    }

    /// The refresh token that follows this one: the same for all who present it, and unknown to all who do not.
    pub(super) fn successor(&self, refresh_token: &str) -> Secret {
        Secret::of(Kind::Refresh, &self.derive("refresh", &[refresh_token.as_bytes()]))
    }

    /// Names the attempts on an account. Keyed, because people type passwords into fields for names.
    pub(super) fn account(&self, login_key: &str) -> Digest {
        self.derive("attempts of account", &[login_key.as_bytes()])
    }

    /// Names the attempts of a device on its account.
    pub(super) fn device(&self, device: Device) -> Digest {
        self.derive("attempts of device", &[&device.0])
    }

    /// Names the attempts from a network, as [`network`](super::throttle::network) gives it.
    pub(super) fn address(&self, network: IpAddr) -> Digest {
        self.derive("attempts of address", &[network.to_string().as_bytes()])
    }

    /// The cookie of this device for this account.
    pub(super) fn device_cookie(&self, device: Device, login_key: &str) -> Secret {
        let proof = URL_SAFE_NO_PAD.encode(self.device_proof(device, login_key));
        Secret::from_text(format!("{DEVICE_START}{}.{proof}", URL_SAFE_NO_PAD.encode(device.0)))
    }

    /// The device of this cookie, if we gave it for this account.
    pub(super) fn device_of(&self, cookie: &str, login_key: &str) -> Option<Device> {
        let (id, proof) = cookie.strip_prefix(DEVICE_START)?.split_once('.')?;
        if cookie.len() > 128 {
            return None;
        }
        let device = Device(URL_SAFE_NO_PAD.decode(id).ok()?.try_into().ok()?);
        let proof = URL_SAFE_NO_PAD.decode(proof).ok()?;
        let good = verify_slices_are_equal(&proof, &self.device_proof(device, login_key)).is_ok();
        good.then_some(device)
    }

    fn device_proof(&self, device: Device, login_key: &str) -> Digest {
        self.derive("device", &[&device.0, login_key.as_bytes()])
    }

    /// All parts but the last have a fixed length, so that one message has one meaning.
    fn derive(&self, label: &str, parts: &[&[u8]]) -> Digest {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(label.as_bytes());
        context.update(&[0]);
        parts.iter().for_each(|part| context.update(part));
        context.sign().as_ref().try_into().expect("HMAC-SHA256 has 32 bytes")
    }
}

impl Device {
    /// A new one.
    pub(super) fn random() -> Self {
        Self(random::bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root() -> Root {
        Root::new(&[7; 32])
    }

    #[test]
    fn all_who_present_a_token_get_one_successor() {
        let token = Secret::random(Kind::Refresh);
        let next = root().successor(token.expose());
        assert_eq!(next, root().successor(token.expose()));
        assert_ne!(next, token);
        assert_ne!(next, root().successor(next.expose()));
        assert_ne!(next, Root::new(&[8; 32]).successor(token.expose()), "it takes the secret");
        assert!(Kind::Refresh.digest_of(next.expose()).is_some());
    }

    #[test]
    fn a_device_is_known_at_its_own_account_only() {
        let device = Device::random();
        let cookie = root().device_cookie(device, "ann");
        assert_eq!(root().device_of(cookie.expose(), "ann"), Some(device));
        assert_eq!(root().device_of(cookie.expose(), "bob"), None);
        assert_eq!(Root::new(&[8; 32]).device_of(cookie.expose(), "ann"), None);
        for place in 0..cookie.expose().len() {
            let mut bytes = cookie.expose().as_bytes().to_vec();
            bytes[place] = if bytes[place] == b'x' { b'y' } else { b'x' };
            assert_eq!(root().device_of(&String::from_utf8(bytes).unwrap(), "ann"), None, "{place}");
        }
        for text in ["", "v1.", "v1..", "v1.AAAA.AAAA", &format!("v1.{}", "A.".repeat(500))] {
            assert_eq!(root().device_of(text, "ann"), None);
        }
    }

    #[test]
    fn purposes_do_not_mix() {
        let device = Device(*b"0123456789abcdef");
        let names =
            [root().account("0123456789abcdef"), root().device(device), root().device_proof(device, "")];
        assert!(names[0] != names[1] && names[1] != names[2] && names[0] != names[2]);
    }
}
