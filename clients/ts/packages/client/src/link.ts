/**
 * One connection to one generation. It ends when the server ends it, when it is closed, or when the server has been silent for too long.
 * It knows nothing of positions or retries.
 */
import type { InferReply } from "./gen/infer_pb.js";

/** Two missed heartbeats and some slack: the connection is dead even if nobody said so. */
const SILENT_HEARTBEATS = 2.5;
/** After the last frame the rest (trailers) is read, so that the connection can be used again; but not for longer than this. */
const DRAIN_MS = 1_000;

export class Link {
  readonly #abort = new AbortController();
  readonly #frames: AsyncIterator<InferReply>;
  readonly #outer: AbortSignal | undefined;
  readonly #onOuterAbort = (): void => this.#abort.abort(this.#outer?.reason);
  #silenceMs: number;
  #waitingSince: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(open: (signal: AbortSignal) => AsyncIterable<InferReply>, connectTimeoutMs: number, outer: AbortSignal | undefined) {
    this.#silenceMs = connectTimeoutMs;
    this.#outer = outer;
    if (outer?.aborted) this.#onOuterAbort();
    outer?.addEventListener("abort", this.#onOuterAbort);
    this.#frames = open(this.#abort.signal)[Symbol.asyncIterator]();
    this.#watch(connectTimeoutMs);
  }

  async next(): Promise<IteratorResult<InferReply>> {
    this.#waitingSince = performance.now();
    try {
      return await this.#frames.next();
    } finally {
      this.#waitingSince = undefined;
    }
  }

  /** The server promised a heartbeat this often; 0 promises nothing. */
  expectHeartbeat(ms: number): void {
    this.#silenceMs = ms * SILENT_HEARTBEATS;
    clearTimeout(this.#timer);
    if (ms > 0) this.#watch(this.#silenceMs);
  }

  /** One timer, re-armed when it fires rather than at each frame. Only time spent waiting for the server counts, not a slow caller. */
  #watch(inMs: number): void {
    this.#timer = setTimeout(() => {
      const waited = this.#waitingSince === undefined ? 0 : performance.now() - this.#waitingSince;
      if (waited >= this.#silenceMs) this.#abort.abort(new DOMException("the server has been silent for too long", "TimeoutError"));
      else this.#watch(this.#silenceMs - waited);
    }, inMs);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#outer?.removeEventListener("abort", this.#onOuterAbort);
    this.#abort.abort();
  }

  /** Closes without haste: nothing more is wanted, but the response may end by itself. */
  finish(): void {
    const timer = setTimeout(() => this.close(), DRAIN_MS);
    const drain = async (): Promise<void> => {
      while (!(await this.#frames.next()).done);
    };
    drain()
      .catch(() => undefined) // the status after a terminal or `detached` says nothing new
      .finally(() => {
        clearTimeout(timer);
        this.close();
      });
  }
}
