//! The [`App`]: everything that the request path needs, wired once at start.

use std::sync::Arc;

use seseragi_flow::Hub;
use seseragi_guard::{Admission, ApiKeyStore, Issuer, Verifier};

use crate::cors::Cors;
use crate::routes::Routes;

/// Everything that the request path needs.
pub struct App {
    /// Checks access tokens.
    pub verifier: Verifier,
    /// Makes them, unless another program does.
    pub issuer: Option<Issuer>,
    /// The API keys of the embedded issuer.
    pub api_keys: Option<Arc<dyn ApiKeyStore>>,
    /// Decides how much may run.
    pub admission: Admission,
    /// The generations.
    pub hub: Hub,
    /// The models.
    pub routes: Routes,
    /// Which pages of other origins may call.
    pub cors: Cors,
    /// Who may be a guest.
    pub guests: Guests,
    /// What the listener is.
    pub exposure: Exposure,
    /// The longest prompt, in bytes.
    pub max_prompt_bytes: usize,
    /// What the console is told: version, questions, the model's note.
    pub console: serde_json::Value,
    /// Takes facts about requests.
    pub observer: Arc<dyn RequestObserver>,
}

/// Who may sign in as a guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guests {
    /// Nobody.
    Off,
    /// Whoever sits at this machine: loopback listener, local `Host`, and no proxy in between.
    Local,
    /// Everybody who reaches the listener.
    Everybody,
}

/// Where the listener can be reached from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exposure {
    /// This machine only.
    Loopback,
    /// Other machines too.
    Network,
}

/// Takes facts about requests. Called on their path: it must not block.
pub trait RequestObserver: Send + Sync + 'static {
    /// A call was answered: by which wire, which method, with which gRPC status.
    fn answered(&self, wire: &'static str, method: &'static str, status: &'static str);

    /// A credential was refused; the reason is one of guard's stable codes.
    fn rejected(&self, reason: &'static str);

    /// A request was refused for a limit; the reason is one of guard's stable codes.
    fn refused(&self, reason: &'static str);

    /// A page of another origin was turned away.
    fn origin_refused(&self, origin: &str);
}
