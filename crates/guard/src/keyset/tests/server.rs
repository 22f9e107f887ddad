//! A real server of key sets, on threads of its own, and a key set that lives there.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use seseragi_net::{FetchOptions, Fetcher};

use super::make::{P256, set, with};
use crate::keyset::{Alg, FetchError, FetchKeys, Fetched, Fetching, LiveKeySet};
use crate::{AuthEvent, AuthObserver, UnixSeconds};

/// What the server does with a request.
#[derive(Clone, Debug)]
pub(super) enum Act {
    /// Answers with status, more headers and body.
    Say(u16, String, Vec<u8>),
    /// Says nothing until the client has left.
    Hang,
    /// Closes the connection.
    Close,
}

/// Serves until it is dropped; then its port is closed.
pub(super) struct Server {
    pub(super) port: u16,
    act: Arc<Mutex<Act>>,
    hits: Arc<AtomicUsize>,
    stop: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Server {
    pub(super) fn start(act: Act) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (act, hits) = (Arc::new(Mutex::new(act)), Arc::new(AtomicUsize::new(0)));
        let stop = Arc::new(AtomicBool::new(false));
        let (acts, counter, stopped) = (Arc::clone(&act), Arc::clone(&hits), Arc::clone(&stop));
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if stopped.load(Ordering::SeqCst) {
                    return;
                }
                counter.fetch_add(1, Ordering::SeqCst);
                let act = acts.lock().unwrap().clone();
                std::thread::spawn(move || stream.map(|stream| serve(stream, &act)));
            }
        });
        Self { port, act, hits, stop, thread: Some(thread) }
    }

    /// Serves keys of these names.
    pub(super) fn with_keys(kids: &[&str]) -> Self {
        Self::start(keys(kids))
    }

    pub(super) fn now(&self, act: Act) {
        *self.act.lock().unwrap() = act;
    }

    pub(super) fn hits(&self) -> usize {
        self.hits.load(Ordering::SeqCst)
    }

    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/jwks.json", self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(("127.0.0.1", self.port)));
        self.thread.take().map(std::thread::JoinHandle::join);
    }
}

fn serve(mut stream: TcpStream, act: &Act) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte)? == 1 {
        head.push(byte[0]);
    }
    match act {
        Act::Say(status, headers, body) => {
            write!(stream, "HTTP/1.1 {status} x\r\ncontent-length: {}\r\n{headers}\r\n", body.len())?;
            stream.write_all(body)
        }
        Act::Hang => stream.read(&mut byte).map(drop),
        Act::Close => Ok(()),
    }
}

/// A good answer with keys of these names.
pub(super) fn keys(kids: &[&str]) -> Act {
    let keys: Vec<_> = kids.iter().map(|kid| with(P256.jwk(), "kid", *kid)).collect();
    Act::Say(200, "cache-control: max-age=600\r\n".to_owned(), set(keys))
}

/// Fetches as the program does.
struct Real(Fetcher);

impl FetchKeys for Real {
    fn fetch<'a>(&'a self, url: &'a str) -> Fetching<'a> {
        Box::pin(async move {
            let document = self.0.get(url).await.map_err(|error| FetchError(error.to_string()))?;
            if document.status != 200 {
                return Err(FetchError(format!("the server answered {}", document.status)));
            }
            Ok(Fetched { body: document.body.into(), max_age: document.max_age })
        })
    }
}

/// Notes whether fetches were good, and why not.
#[derive(Default)]
pub(super) struct Noted(Mutex<Vec<Option<String>>>);

impl AuthObserver for Noted {
    fn auth_event(&self, event: &AuthEvent<'_>, _: UnixSeconds) {
        let AuthEvent::KeysFetched { issuer: "django", good, error } = event else { panic!("{event:?}") };
        assert_eq!(*good, error.is_none());
        self.0.lock().unwrap().push(error.map(str::to_owned));
    }
}

impl Noted {
    /// What was noted since the last call.
    pub(super) fn take(&self) -> Vec<Option<String>> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

/// A key set that lives at this server.
pub(super) fn live(server: &Server) -> (Arc<LiveKeySet>, Arc<Noted>) {
    let fetch = Arc::new(Real(Fetcher::new(FetchOptions::default()).unwrap()));
    let noted = Arc::new(Noted::default());
    let observer = Arc::clone(&noted) as Arc<dyn AuthObserver>;
    let live = LiveKeySet::new("django".to_owned(), server.url(), vec![Alg::ES256], fetch, observer);
    (Arc::new(live), noted)
}

/// The names of the keys there are.
pub(super) fn kids(live: &LiveKeySet) -> Vec<String> {
    live.current().keys().iter().filter_map(|key| key.kid().map(str::to_owned)).collect()
}
