//! Streams over HTTP/2: gRPC and gRPC-Web.

use std::sync::Arc;

use bytes::Bytes;
use h2::client::{Builder, SendRequest};
use http::header::{AUTHORIZATION, CONTENT_TYPE, TE};
use http::{HeaderValue, Request};
use seseragi_bench_load::enveloped;

use crate::args::Wire;
use crate::reader::Reader;
use crate::socket::Socket;
use crate::tally::Bench;

/// Opens the connections that the streams share.
pub(crate) async fn connect(bench: &Bench) -> Result<Vec<SendRequest<Bytes>>, String> {
    let mut senders = Vec::new();
    for _ in 0..bench.args.connections.min(bench.args.streams) {
        let socket = Socket::connect(bench.args.address, Arc::clone(&bench.reads)).await.map_err(text)?;
        let mut builder = Builder::new();
        builder.initial_window_size(1 << 20).initial_connection_window_size(1 << 24);
        let (sender, connection) = builder.handshake(socket).await.map_err(text)?;
        // Its streams tell how it ended.
        tokio::spawn(async { connection.await.unwrap_or_default() });
        senders.push(sender);
    }
    Ok(senders)
}

/// Opens one stream and follows it to its end.
pub(crate) async fn stream(sender: SendRequest<Bytes>, bench: &Bench) {
    let mut reader = Reader::new(bench);
    let outcome = follow(sender, bench, &mut reader).await;
    reader.finish(outcome);
}

async fn follow(sender: SendRequest<Bytes>, bench: &Bench, reader: &mut Reader<'_>) -> Result<(), String> {
    let mut sender = sender.ready().await.map_err(text)?;
    let (response, mut body) = sender.send_request(request(bench)?, false).map_err(text)?;
    let message = enveloped(&bench.args.workload().to_string());
    body.send_data(message.into(), true).map_err(text)?;
    let (head, mut body) = response.await.map_err(text)?.into_parts();
    if head.status != http::StatusCode::OK {
        return Err(format!("HTTP status {}", head.status));
    }
    reader.headers(&head.headers);
    while let Some(data) = body.data().await {
        let data = data.map_err(text)?;
        body.flow_control().release_capacity(data.len()).map_err(text)?;
        reader.data(&data);
    }
    if let Some(trailers) = body.trailers().await.map_err(text)? {
        reader.headers(&trailers);
    }
    Ok(())
}

fn request(bench: &Bench) -> Result<Request<()>, String> {
    let uri = format!("http://{}/infer.Infer/Stream", bench.args.address);
    let mut request = Request::post(uri).header(TE, "trailers").body(()).map_err(text)?;
    let headers = request.headers_mut();
    if bench.args.wire == Wire::Grpc {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
    } else {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/grpc-web+proto"));
        headers.insert("x-grpc-web", HeaderValue::from_static("1"));
    }
    if let Some(authorization) = &bench.authorization {
        headers.insert(AUTHORIZATION, authorization.clone());
    }
    Ok(request)
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
