//! Streams over HTTP/1.1: gRPC-Web, a connection for each. Just enough of HTTP to read chunks.

use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue};
use httparse::{EMPTY_HEADER, Response, Status, parse_chunk_size};
use seseragi_bench_load::enveloped;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::reader::Reader;
use crate::socket::Socket;
use crate::tally::Bench;

const MAX_HEADERS: usize = 64;
/// What follows the bytes of a chunk.
const CRLF_BYTES: usize = 2;

/// Opens one stream and follows it to its end.
pub(crate) async fn stream(bench: &Bench) {
    let mut reader = Reader::new(bench);
    let outcome = follow(bench, &mut reader).await;
    reader.finish(outcome);
}

async fn follow(bench: &Bench, reader: &mut Reader<'_>) -> Result<(), String> {
    let socket = Socket::connect(bench.args.address, Arc::clone(&bench.reads)).await.map_err(text)?;
    let mut input = Input { socket, bytes: Vec::with_capacity(8192), at: 0 };
    input.socket.write_all(&request(bench)).await.map_err(text)?;
    let head = loop {
        if let Some((length, head)) = head(&input.bytes)? {
            input.at = length;
            break head;
        }
        input.more().await?;
    };
    reader.headers(&head);
    if !head.contains_key("transfer-encoding") {
        return Ok(());
    }
    while input.chunk(reader).await? > 0 {}
    Ok(())
}

fn request(bench: &Bench) -> Vec<u8> {
    let message = enveloped(&bench.args.workload().to_string());
    let mut request = format!(
        "POST /infer.Infer/Stream HTTP/1.1\r\nhost: {}\r\ncontent-type: application/grpc-web+proto\r\n\
         accept: application/grpc-web+proto\r\nx-grpc-web: 1\r\ncontent-length: {}\r\n",
        bench.args.address,
        message.len()
    )
    .into_bytes();
    if let Some(authorization) = &bench.authorization {
        request.extend_from_slice(b"authorization: ");
        request.extend_from_slice(authorization.as_bytes());
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"\r\n");
    request.extend_from_slice(&message);
    request
}

/// The response's head and its length; `None` while it has not arrived.
fn head(bytes: &[u8]) -> Result<Option<(usize, HeaderMap)>, String> {
    let mut headers = [EMPTY_HEADER; MAX_HEADERS];
    let mut response = Response::new(&mut headers);
    let Status::Complete(length) = response.parse(bytes).map_err(text)? else { return Ok(None) };
    if response.code != Some(200) {
        return Err(format!("HTTP status {}", response.code.unwrap_or_default()));
    }
    let mut map = HeaderMap::new();
    for header in response.headers {
        let name = HeaderName::from_bytes(header.name.as_bytes()).map_err(text)?;
        map.insert(name, HeaderValue::from_bytes(header.value).map_err(text)?);
    }
    Ok(Some((length, map)))
}

struct Input {
    socket: Socket,
    bytes: Vec<u8>,
    /// How many of them are done with.
    at: usize,
}

impl Input {
    /// Hands the next chunk on and returns its length; the last one is empty.
    async fn chunk(&mut self, reader: &mut Reader<'_>) -> Result<usize, String> {
        loop {
            let rest = &self.bytes[self.at..];
            if let Status::Complete((head, length)) = parse_chunk_size(rest).map_err(|_| "no chunk")? {
                let length = usize::try_from(length).map_err(text)?;
                if let Some(chunk) = rest.get(head..head + length + CRLF_BYTES) {
                    if length > 0 {
                        reader.data(&chunk[..length]);
                    }
                    self.at += head + length + CRLF_BYTES;
                    return Ok(length);
                }
            }
            self.more().await?;
        }
    }

    async fn more(&mut self) -> Result<(), String> {
        self.bytes.drain(..self.at);
        self.at = 0;
        match self.socket.read_buf(&mut self.bytes).await.map_err(text)? {
            0 => Err("the connection ended within the response".to_owned()),
            _ => Ok(()),
        }
    }
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
