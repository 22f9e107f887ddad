/**
 * What a caller can catch. A `code` is one of gRPC's names in lower case (`unauthenticated`, `not_found`, …), or, for a
 * {@link GenerationError}, the documented reason in the terminal. Transport errors never leave this package unwrapped.
 */
import { Code, ConnectError } from "@connectrpc/connect";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import type { Terminal } from "./gen/infer_pb.js";

export interface ErrorDetail {
  /** The machine-readable reason of the refusal, when the server gave one. */
  readonly reason?: string;
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

export class SeseragiError extends Error {
  override readonly name: string = "SeseragiError";
  readonly code: string;
  readonly reason: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: string, message: string, detail: ErrorDetail = {}) {
    super(message, { cause: detail.cause });
    this.code = code;
    this.reason = detail.reason;
    this.retryAfterMs = detail.retryAfterMs;
  }
}

/** The text read does not match the server's length or checksum, or a frame breaks the contract: what was shown cannot be trusted. */
export class IntegrityError extends SeseragiError {
  override readonly name = "IntegrityError";
  constructor(message: string) {
    super("data_loss", message);
  }
}

/** The server could not be reached for as long as the retry policy allows. The generation may still be running. */
export class ConnectionLostError extends SeseragiError {
  override readonly name = "ConnectionLostError";
  constructor(message: string, cause: unknown) {
    super("unavailable", message, { cause });
  }
}

/** The generation itself ended badly: the terminal says failed, interrupted or revoked. The text so far is kept in the state. */
export class GenerationError extends SeseragiError {
  override readonly name = "GenerationError";
  readonly terminal: Terminal;
  constructor(terminal: Terminal, finish: string) {
    super(terminal.code || finish, terminal.message || `the generation ended: ${finish}`);
    this.terminal = terminal;
  }
  get retryable(): boolean {
    return this.terminal.retryable;
  }
}

/** Wraps whatever a transport threw. */
export function fromTransport(error: unknown): SeseragiError {
  if (error instanceof SeseragiError) return error;
  const rpc = ConnectError.from(error);
  const detail: { reason?: string; retryAfterMs?: number; cause: unknown } = { cause: error };
  for (const item of rpc.details) {
    if (!("type" in item)) continue;
    if (item.type === "google.rpc.ErrorInfo") detail.reason = errorInfoReason(item.value);
    if (item.type === "google.rpc.RetryInfo") detail.retryAfterMs = retryInfoMs(item.value);
  }
  const header = Number(rpc.metadata.get("retry-after") ?? Number.NaN);
  if (detail.retryAfterMs === undefined && header >= 0) detail.retryAfterMs = header * 1000;
  return new SeseragiError(rpc.isWireError || FROM_HTTP.has(rpc.code) ? codeName(rpc.code) : "unavailable", rpc.rawMessage, detail);
}

/**
 * connect-es also makes errors of its own, with codes that look like the server's: a body cut inside a message is `invalid_argument`. None of
 * them is an answer, so all mean that the connection broke; except these, which it reads from an HTTP status that something else than gRPC sent.
 */
const FROM_HTTP: ReadonlySet<Code> = new Set([Code.Unauthenticated, Code.PermissionDenied, Code.Unimplemented]);

function codeName(code: Code): string {
  return (Code[code] ?? "Unknown").replace(/(?!^)[A-Z]/g, "_$&").toLowerCase();
}

/** ErrorInfo { string reason = 1; … } and RetryInfo { Duration retry_delay = 1 } are read by hand: two fields do not need two generated files. */
function errorInfoReason(bytes: Uint8Array): string {
  let reason = "";
  readFields(bytes, (field, reader) => field === 1 && ((reason = reader.string()), true));
  return reason;
}

function retryInfoMs(bytes: Uint8Array): number {
  let ms = 0;
  readFields(bytes, (field, reader) => {
    if (field !== 1) return false;
    readFields(reader.bytes(), (part, duration) => {
      if (part === 1) ms += Number(duration.int64()) * 1000;
      else if (part === 2) ms += duration.int32() / 1e6;
      else return false;
      return true;
    });
    return true;
  });
  return ms;
}

function readFields(bytes: Uint8Array, read: (field: number, reader: BinaryReader) => boolean): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, type]: [number, WireType] = reader.tag();
    if (!read(field, reader)) reader.skip(type);
  }
}
