/**
 * The libraries of others, behind one face: `stream` and `unary` of a method's descriptor, a request, an access token.
 * An end that is not OK is thrown as {@link Status}; nothing is retried.
 */
import { createRequire } from "node:module";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import * as overNode from "@connectrpc/connect-node";
import * as overFetch from "@connectrpc/connect-web";
import { detailsOf } from "./contract.mjs";

const require = createRequire(import.meta.url);
export const { grpc } = require("@improbable-eng/grpc-web");
const { NodeHttpTransport } = require("@improbable-eng/grpc-web-node-http-transport");

/** How a call ended, as its library understood it. */
export class Status extends Error {
  constructor(code, message, details = []) {
    super(`${Code[code] ?? code}: ${message}`);
    this.code = code;
    this.details = details;
  }
}

/** A wire by a transport of connect-es. */
function connectEs(name, transportTo) {
  const header = (token) => (token ? { authorization: `Bearer ${token}` } : {});
  return {
    name,
    transportTo,
    async *stream(url, method, request, token) {
      const one = (async function* () {
        yield create(method.input, request);
      })();
      try {
        const answer = await transportTo(url).stream(method, undefined, undefined, header(token), one);
        yield* answer.message;
      } catch (error) {
        throw statusOf(error);
      }
    },
    async unary(url, method, request, token) {
      try {
        return (await transportTo(url).unary(method, undefined, undefined, header(token), create(method.input, request))).message;
      } catch (error) {
        throw statusOf(error);
      }
    },
  };
}

function statusOf(error) {
  const { code, rawMessage, details } = ConnectError.from(error);
  return new Status(code, rawMessage, details.filter((each) => "type" in each));
}

/** A wire by `@improbable-eng/grpc-web`, whose messages are classes of protoc's JavaScript; ours are wrapped to look like them. */
const improbable = {
  name: "gRPC-Web by improbable-eng/grpc-web",
  async *stream(url, method, request, token) {
    const { name, parent, input, output } = method;
    const requestType = messageClass(input);
    const descriptor = {
      methodName: name,
      service: { serviceName: parent.typeName },
      requestStream: false,
      responseStream: method.methodKind === "server_streaming",
      requestType,
      responseType: messageClass(output),
    };
    for await (const message of invoke(url, descriptor, new requestType(create(input, request)), token)) yield message.value;
  },
  async unary(url, method, request, token) {
    for await (const message of this.stream(url, method, request, token)) return message;
    throw new Status(Code.Internal, "a single call without an answer");
  },
};

function messageClass(schema) {
  return class Message {
    constructor(value) {
      this.value = value;
    }
    serializeBinary() {
      return toBinary(schema, this.value);
    }
    toObject() {
      return this.value;
    }
    static deserializeBinary(bytes) {
      return new Message(fromBinary(schema, bytes));
    }
  };
}

/** Its callbacks as an iteration. */
export async function* invoke(url, descriptor, request, token) {
  const events = [];
  let wake = () => {};
  const push = (event) => (events.push(event), wake());
  const call = grpc.invoke(descriptor, {
    host: url,
    request,
    transport: nodeTransport,
    metadata: new grpc.Metadata(token ? { authorization: `Bearer ${token}` } : {}),
    onMessage: (message) => push({ message }),
    onEnd: (code, message, trailers) => push({ end: { code, message, trailers } }),
  });
  try {
    for (;;) {
      while (events.length === 0) await new Promise((resolve) => (wake = resolve));
      const { message, end } = events.shift();
      if (message) yield message;
      else if (end.code === grpc.Code.OK) return;
      else throw new Status(end.code, end.message, trailerDetails(end.trailers));
    }
  } finally {
    call.close();
  }
}

function trailerDetails(trailers) {
  const [details] = trailers.get("grpc-status-details-bin");
  return details ? detailsOf(Buffer.from(details, "base64")) : [];
}

/** Its transport for Node does not say when a connection breaks within an answer (its transports for browsers do), so that is added. */
function nodeTransport(options) {
  const transport = NodeHttpTransport()(options);
  const { start } = transport;
  transport.start = (metadata) => {
    start.call(transport, metadata);
    transport.request.once("response", (response) => response.once("close", () => options.onEnd()));
  };
  return transport;
}

export const wires = [
  improbable,
  connectEs("gRPC-Web by connect-web", (baseUrl) => overFetch.createGrpcWebTransport({ baseUrl, useBinaryFormat: true })),
  connectEs("Connect by connect-web", (baseUrl) => overFetch.createConnectTransport({ baseUrl, useBinaryFormat: true })),
  connectEs("gRPC over h2c by connect-node", (baseUrl) => overNode.createGrpcTransport({ baseUrl })),
  connectEs("gRPC-Web over h2c by connect-node", (baseUrl) => overNode.createGrpcWebTransport({ baseUrl, httpVersion: "2" })),
  connectEs("Connect over h2c by connect-node", (baseUrl) => overNode.createConnectTransport({ baseUrl, httpVersion: "2", useBinaryFormat: true })),
];
