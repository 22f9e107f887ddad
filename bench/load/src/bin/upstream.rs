//! A mock model server: `infer.Infer/Stream` on HTTP/2 without TLS. The prompt says what to send; each delta carries
//! the time it was sent at.

use std::future::poll_fn;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use bytes::Bytes;
use clap::Parser;
use h2::server::{Builder, SendResponse};
use h2::{RecvStream, SendStream};
use http::{HeaderMap, HeaderValue, Request, Response};
use seseragi_bench_load::{ENVELOPE_BYTES, Template, Workload};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{MissedTickBehavior, interval, sleep};

/// Without pauses, the other streams get their turn after so many deltas.
const TURN_DELTAS: u64 = 64;

#[derive(Parser)]
#[command(about = "A mock model server: sends what the prompt asks for")]
struct Args {
    /// Where to listen
    #[arg(long, default_value = "127.0.0.1:50051")]
    listen: SocketAddr,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let args = Args::parse();
    let listener = match TcpListener::bind(args.listen).await {
        Ok(listener) => listener,
        Err(error) => {
            eprintln!("cannot listen on {}: {error}", args.listen);
            return ExitCode::FAILURE;
        }
    };
    eprintln!("listening on {}", args.listen);
    loop {
        match listener.accept().await {
            Ok((socket, _)) => drop(tokio::spawn(serve(socket))),
            Err(error) => {
                eprintln!("a connection could not be accepted: {error}");
                sleep(Duration::from_millis(10)).await;
            }
        }
    }
}

async fn serve(socket: TcpStream) {
    let mut builder = Builder::new();
    builder
        .initial_window_size(1 << 20)
        .initial_connection_window_size(1 << 24)
        .max_concurrent_streams(100_000)
        .max_send_buffer_size(1 << 20);
    if let Err(error) = socket.set_nodelay(true) {
        eprintln!("a socket takes no options: {error}");
    }
    let connection = async {
        let mut connection = builder.handshake(socket).await?;
        while let Some(request) = connection.accept().await {
            let (request, respond) = request?;
            // A reset stream is the client's business: it counts what it got.
            tokio::spawn(async { answer(request, respond).await });
        }
        Ok::<(), h2::Error>(())
    };
    if let Err(error) = connection.await {
        eprintln!("a connection failed: {error}");
    }
}

async fn answer(request: Request<RecvStream>, mut respond: SendResponse<Bytes>) -> Result<(), h2::Error> {
    let request = message(request.into_body()).await?;
    let mut head = Response::new(());
    head.headers_mut().insert("content-type", HeaderValue::from_static("application/grpc"));
    let mut body = respond.send_response(head, false)?;
    let status = match Workload::find(&request) {
        Some(workload) => {
            send_all(&mut body, workload).await?;
            "0"
        }
        None => "3",
    };
    let mut trailers = HeaderMap::new();
    trailers.insert("grpc-status", HeaderValue::from_static(status));
    body.send_trailers(trailers)
}

/// The request's one message, and whatever surrounds the prompt in it.
async fn message(mut body: RecvStream) -> Result<String, h2::Error> {
    let mut bytes = Vec::new();
    while let Some(piece) = body.data().await {
        let piece = piece?;
        body.flow_control().release_capacity(piece.len())?;
        bytes.extend_from_slice(&piece);
    }
    Ok(String::from_utf8_lossy(bytes.get(ENVELOPE_BYTES..).unwrap_or_default()).into_owned())
}

async fn send_all(body: &mut SendStream<Bytes>, workload: Workload) -> Result<(), h2::Error> {
    let mut template = Template::new(workload.size);
    let mut clock = (!workload.interval.is_zero()).then(|| {
        let mut clock = interval(workload.interval);
        clock.set_missed_tick_behavior(MissedTickBehavior::Burst);
        clock
    });
    for count in 0..workload.deltas {
        match &mut clock {
            Some(clock) => {
                clock.tick().await;
            }
            None if count % TURN_DELTAS == 0 => tokio::task::yield_now().await,
            None => {}
        }
        send(body, &mut template).await?;
    }
    sleep(workload.hold).await;
    Ok(())
}

/// Sends one delta, stamped when there is room for it.
async fn send(body: &mut SendStream<Bytes>, template: &mut Template) -> Result<(), h2::Error> {
    let length = template.bytes();
    body.reserve_capacity(length);
    while body.capacity() < length {
        match poll_fn(|cx| body.poll_capacity(cx)).await {
            Some(capacity) => {
                capacity?;
            }
            None => return Err(h2::Reason::CANCEL.into()),
        }
    }
    body.send_data(template.stamped(), false)
}
