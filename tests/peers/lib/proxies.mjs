/** Bad networks: a TCP proxy that cuts, and an HTTP proxy that holds an answer back until it is whole. */
import http from "node:http";
import net from "node:net";
import { atEnd } from "./checks.mjs";

/**
 * Forwards bytes to `target` until it is told to cut. `cutAfter(bytes, how)` lets so many more bytes of answers through, then ends
 * every connection: `rst` as a crashed machine does, `fin` as a polite proxy does. Several cuts are made one after the other.
 */
export async function cuttingProxy(target) {
  const { hostname, port } = new URL(target);
  const plan = [];
  const pairs = new Set();
  const proxy = { url: "", cuts: 0, passed: 0, cutAfter: (bytes, how = "rst") => plan.push({ left: bytes, how }), close };

  const server = net.createServer((client) => {
    const upstream = net.connect(Number(port), hostname);
    const pair = { client, upstream };
    pairs.add(pair);
    client.setNoDelay(true).on("error", () => {});
    upstream.setNoDelay(true).on("error", () => {});
    client.on("data", (bytes) => upstream.write(bytes));
    upstream.on("data", (bytes) => forward(pair, bytes));
    client.on("close", () => (upstream.destroy(), pairs.delete(pair)));
    upstream.on("close", () => client.end());
  });

  function forward({ client }, bytes) {
    const next = plan[0];
    const through = next ? bytes.subarray(0, next.left) : bytes;
    proxy.passed += through.length;
    client.write(through);
    if (!next) return;
    next.left -= through.length;
    if (next.left > 0) return;
    plan.shift();
    proxy.cuts++;
    for (const pair of pairs) {
      pair.upstream.removeAllListeners("data").destroy();
      if (next.how === "rst") pair.client.resetAndDestroy();
      else pair.client.destroySoon();
    }
  }

  function close() {
    server.close();
    for (const { client, upstream } of pairs) (client.destroy(), upstream.destroy());
  }
  atEnd(close);
  proxy.url = await listen(server);
  return proxy;
}

/** The proxy that breaks streaming: an answer is passed on when the last byte has come. */
export async function bufferingProxy(target) {
  const { hostname, port } = new URL(target);
  const server = http.createServer((request, response) => {
    const options = { hostname, port, method: request.method, path: request.url, headers: request.headers };
    const upstream = http.request(options, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part)).on("error", () => response.destroy());
      answer.on("end", () => response.writeHead(answer.statusCode, answer.headers).end(Buffer.concat(parts)));
    });
    upstream.on("error", () => response.destroy());
    request.pipe(upstream);
  });
  const close = () => (server.close(), server.closeAllConnections());
  atEnd(close);
  return { url: await listen(server), close };
}

function listen(server) {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${server.address().port}`));
  });
}
