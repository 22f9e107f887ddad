//! PEM (RFC 7468 §10): the form in which `openssl` writes and reads a PKCS#8 private key.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A P-256 key takes about 240 bytes; comments around it are allowed.
pub(super) const BYTES_MAX: u64 = 16 * 1024;

const BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const END: &str = "-----END PRIVATE KEY-----";
const LINE_CHARACTERS: usize = 64;

pub(super) fn to_pem(pkcs8: &[u8]) -> String {
    let mut rest = &*STANDARD.encode(pkcs8);
    let mut text = format!("{BEGIN}\n");
    while !rest.is_empty() {
        let (line, more) = rest.split_at(rest.len().min(LINE_CHARACTERS));
        text.push_str(line);
        text.push('\n');
        rest = more;
    }
    text + END + "\n"
}

/// The one private key in this file; `None` if there is none, several, or a broken one.
pub(super) fn from_pem(content: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(content).ok()?;
    let (_, rest) = text.split_once(BEGIN)?;
    let (body, after) = rest.split_once(END)?;
    if after.contains(BEGIN) {
        return None;
    }
    let body: String = body.chars().filter(|character| !character.is_ascii_whitespace()).collect();
    STANDARD.decode(body).ok()
}
