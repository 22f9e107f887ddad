//! An HTTP server that says exactly what the test wants, over TCP or TLS.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_rustls::TlsAcceptor;

/// What to do with the bytes of an answer.
#[derive(Clone, Debug)]
pub(super) enum Say {
    /// Send them and close.
    All(Vec<u8>),
    /// Send them and keep the connection open, saying nothing more.
    AndHang(Vec<u8>),
    /// Send them one by one, forever.
    Drip(u8),
}

pub(super) struct Server {
    pub(super) port: u16,
    hits: Arc<AtomicUsize>,
    /// The heads of the requests.
    pub(super) heads: UnboundedReceiver<String>,
    /// Told when a client has closed the connection of an answer that hangs or drips.
    pub(super) left: UnboundedReceiver<()>,
}

impl Server {
    /// Answers each request by its path.
    pub(super) async fn start(answer: impl Fn(&str) -> Say + Send + Sync + 'static) -> Self {
        Self::start_with(None, answer).await
    }

    pub(super) async fn start_tls(config: ServerConfig, answer: &'static str) -> Self {
        Self::start_with(Some(TlsAcceptor::from(Arc::new(config))), move |_| ok(answer)).await
    }

    async fn start_with(
        tls: Option<TlsAcceptor>,
        answer: impl Fn(&str) -> Say + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let port = listener.local_addr().expect("it is bound").port();
        let (hits, answer) = (Arc::new(AtomicUsize::new(0)), Arc::new(answer));
        let (sender, heads) = unbounded_channel();
        let (leaver, left) = unbounded_channel();
        let counter = Arc::clone(&hits);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                counter.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(stream, tls.clone(), Arc::clone(&answer), sender.clone(), leaver.clone()));
            }
        });
        Self { port, hits, heads, left }
    }

    /// Connections so far.
    pub(super) fn hits(&self) -> usize {
        self.hits.load(Ordering::SeqCst)
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }
}

async fn serve<A: Fn(&str) -> Say>(
    stream: TcpStream,
    tls: Option<TlsAcceptor>,
    answer: Arc<A>,
    heads: UnboundedSender<String>,
    left: UnboundedSender<()>,
) {
    match tls {
        None => speak(stream, &*answer, heads, left).await,
        Some(acceptor) => {
            if let Ok(stream) = acceptor.accept(stream).await {
                speak(stream, &*answer, heads, left).await;
            }
        }
    }
}

async fn speak(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    answer: impl Fn(&str) -> Say,
    heads: UnboundedSender<String>,
    left: UnboundedSender<()>,
) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let Ok(byte) = stream.read_u8().await else { return };
        head.push(byte);
    }
    let head = String::from_utf8(head).expect("a head is text");
    let path = head.split(' ').nth(1).expect("a request line").to_owned();
    let _ = heads.send(head);
    match answer(&path) {
        Say::All(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
        Say::AndHang(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.read_u8().await;
            let _ = left.send(());
        }
        Say::Drip(byte) => {
            while stream.write_u8(byte).await.is_ok() && stream.flush().await.is_ok() {
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
            let _ = left.send(());
        }
    }
}

pub(super) fn ok(body: &str) -> Say {
    say("200 OK", &[], body)
}

pub(super) fn say(status: &str, headers: &[(&str, &str)], body: &str) -> Say {
    let mut text = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n", body.len());
    headers.iter().for_each(|(name, value)| text.push_str(&format!("{name}: {value}\r\n")));
    Say::All(format!("{text}\r\n{body}").into_bytes())
}
