/** Binds the calls of `infer.Infer` to a transport, an access token and a retry policy. */
import { create, toBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { createClient as createRpcClient, type CallOptions, type Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcWebTransport } from "@connectrpc/connect-web";
import { Credentials, type TokenSource } from "./credentials.js";
import { provingFetch, type DpopSource } from "./dpop.js";
import { fromTransport, SeseragiError } from "./errors.js";
import {
  Infer,
  OnDisconnect,
  StreamRequestSchema,
  type CancelReply,
  type ListModelsReply_Model,
  type StreamInfo,
  type StreamRequest,
} from "./gen/infer_pb.js";
import { Pause } from "./pause.js";
import { Backoff, DEFAULT_RETRY, isFinal, type RetryPolicy } from "./retry.js";
import { InferStream, type StreamCalls } from "./stream.js";

export interface ClientOptions {
  /** Where the gateway is, for example `https://seseragi.example`. */
  readonly baseUrl: string;
  /** Asked before each connection. Called with `refresh: true` after the server did not accept the last token. */
  readonly token?: TokenSource;
  /** The key of this device: access tokens that are bound to it are sent with a proof. Not with a transport of the caller: see {@link provingFetch}. */
  readonly dpop?: DpopSource;
  /** The wire, or a transport of connect-es made by the caller. */
  readonly transport?: "grpc-web" | "connect" | Transport;
  readonly fetch?: typeof globalThis.fetch;
  readonly retry?: Partial<RetryPolicy>;
}

/** The request of the contract: `prompt` or `messages`, and what else is wanted. */
export type StreamInput = Omit<Exclude<MessageInitShape<typeof StreamRequestSchema>, { $typeName: string }>, "$typeName" | "$unknown">;

export interface ReadOptions {
  /** Aborting stops this reader, not the generation: see {@link InferStream.cancel}. */
  readonly signal?: AbortSignal;
}

export interface SeseragiClient {
  /** Starts a generation. Nothing is sent before the stream is iterated. Unless `delivery` says otherwise it survives a lost connection. */
  stream(input: StreamInput, options?: ReadOptions): InferStream;
  /** Reads a generation of the same caller from its beginning: another tab, or a page that was reloaded. Never runs the model again. */
  attach(streamId: string, options?: ReadOptions): InferStream;
  cancel(streamId: string): Promise<CancelReply>;
  getStream(streamId: string): Promise<StreamInfo>;
  listStreams(filter?: { liveOnly?: boolean; limit?: number }): Promise<StreamInfo[]>;
  listModels(): Promise<ListModelsReply_Model[]>;
}

export function createClient(options: ClientOptions): SeseragiClient {
  const rpc = createRpcClient(Infer, transportOf(options));
  const credentials = new Credentials(options.token);
  const retry: RetryPolicy = { ...DEFAULT_RETRY, ...options.retry };

  const unary = async <T>(call: (options: CallOptions) => Promise<T>): Promise<T> => {
    for (let refresh = false; ; refresh = true) {
      const headers = await credentials.headers(refresh);
      try {
        return await call({ headers });
      } catch (error) {
        const failure = fromTransport(error);
        if (failure.code !== "unauthenticated" || refresh) throw failure;
      }
    }
  };
  const cancel = (streamId: string): Promise<CancelReply> => repeat(() => unary((call) => rpc.cancel({ streamId }, call)), retry);
  const headers = (refresh: boolean): Promise<Record<string, string>> => credentials.headers(refresh);
  const resume: StreamCalls["resume"] = (cursor, call) => rpc.resume(cursor, call);

  return {
    stream(input, { signal } = {}) {
      const request = create(StreamRequestSchema, {
        ...input,
        delivery: { onDisconnect: OnDisconnect.KEEP, ...input.delivery },
        idempotencyKey: input.idempotencyKey || randomKey(),
      });
      assertSendable(request);
      return new InferStream({ open: (call) => rpc.stream(request, call), resume, cancel, headers }, retry, signal);
    },
    attach(streamId, { signal } = {}) {
      const open: StreamCalls["open"] = (call) => rpc.resume({ streamId }, call);
      return new InferStream({ open, resume, cancel, headers }, retry, signal, streamId);
    },
    cancel,
    getStream: (streamId) => unary((call) => rpc.getStream({ streamId }, call)),
    listStreams: async (filter = {}) => (await unary((call) => rpc.listStreams(filter, call))).streams,
    listModels: async () => (await unary((call) => rpc.listModels({}, call))).models,
  };
}

/** A number the wire cannot carry (a negative `maxTokens`) is the caller's mistake, not a broken connection to be tried again. */
function assertSendable(request: StreamRequest): void {
  try {
    toBinary(StreamRequestSchema, request);
  } catch (cause) {
    throw new SeseragiError("invalid_argument", cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function transportOf({ transport = "grpc-web", baseUrl, fetch, dpop }: ClientOptions): Transport {
  if (typeof transport !== "string") return transport;
  const fetchFn = dpop ? provingFetch(fetch ?? globalThis.fetch, dpop) : fetch;
  const common = { baseUrl, useBinaryFormat: true, ...(fetchFn && { fetch: fetchFn }) };
  return transport === "connect" ? createConnectTransport(common) : createGrpcWebTransport(common);
}

/** For a call that may safely be made twice. */
async function repeat<T>(call: () => Promise<T>, policy: RetryPolicy): Promise<T> {
  const backoff = new Backoff(policy);
  for (;;) {
    try {
      return await call();
    } catch (error) {
      const failure = fromTransport(error);
      if (failure.code === "unauthenticated" || isFinal(failure, "open")) throw failure;
      const delayMs = backoff.next(performance.now(), "open", false, failure.retryAfterMs);
      if (delayMs === undefined) throw failure;
      await new Pause().sleep(delayMs);
    }
  }
}

/** `crypto.randomUUID` exists in secure contexts only; a gateway on a plain-http address in the house is not one. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
