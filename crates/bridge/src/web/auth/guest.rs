//! `POST /auth/guest`: a fresh subject that nobody knows, for whoever may be a guest.

use http::StatusCode;
use http::request::Parts;
use hyper::body::Incoming;
use seseragi_guard::{Caller, Wish};
use seseragi_net::ConnInfo;

use super::local::{is_local, is_local_host, is_local_page};
use super::{Answer, Visit, answer, body, csrf, prove};
use crate::app::{App, Exposure, Guests};
use crate::web::Document;

/// A guest that comes with a token that is still good stays the same, and so keeps its streams.
pub(super) async fn guest(visit: &Visit<'_>, body: Incoming) -> Answer {
    let accounts = visit.accounts()?;
    csrf::not_a_strange_page(visit)?;
    body::json(visit.head, body).await?.end()?;
    welcome(visit.app, visit.head)?;
    // A token that is not good any more is no obstacle: its owner becomes a new guest.
    let returning = match visit.head.headers.contains_key(&visit.app.identity.token_header) {
        true => visit.app.who(visit.head).await.ok(),
        false => None,
    };
    // A proof is good once: the one that came with a bound token has been used for that.
    let key = match returning.as_ref().and_then(Caller::proven_key) {
        Some(key) => Some(key),
        None => prove::prove(visit)?,
    };
    let wish = Wish { key: key.as_ref(), ..Wish::default() };
    let address = visit.app.client_address(visit.head);
    let issued = accounts.guest(returning.as_ref(), wish, address, visit.now).await;
    issued.map(|issued| answer::granted(&issued)).map_err(|refusal| answer::refused(visit, refusal))
}

/// Whether a guest would be welcome; the console asks before it offers the button.
pub(in crate::web) fn guests_welcome(app: &App, head: &Parts) -> bool {
    app.accounts.is_some()
        && match app.guests {
            Guests::Off => false,
            Guests::Everybody => true,
            Guests::Local => is_at_home(app, head) && is_local(head) && is_local_page(head),
        }
}

/// Whether nobody but this machine can reach us, as far as we know: a proxy in front may add no header that tells of it,
/// but whoever sets one up sets the public URL.
fn is_at_home(app: &App, head: &Parts) -> bool {
    let peer = head.extensions.get::<ConnInfo>().map(|info| info.peer.ip().to_canonical());
    app.exposure == Exposure::Loopback
        && peer.is_some_and(|peer| peer.is_loopback())
        && is_local_host(app.identity.host())
}

fn welcome(app: &App, head: &Parts) -> Result<(), Document> {
    if guests_welcome(app, head) {
        return Ok(());
    }
    let why = match app.guests {
        Guests::Off => "guests are turned off; sign in, or set auth.guests = \"everybody\"",
        _ => {
            "guests are welcome on this machine only: a loopback address, a local Host and auth.issuer_url, and no \
             proxy in between"
        }
    };
    Err(Document::new(StatusCode::FORBIDDEN, "guests_off").because(why))
}
