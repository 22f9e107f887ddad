/**
 * Reads one generation over as many connections as it takes, and says what happened as events.
 *
 * Nothing is fetched ahead of the caller, so the transport's own flow control holds back a server that is too fast.
 * Invariant: `read` returns only after a terminal, or after a stop that came before the stream had a name. The end of a connection never ends it.
 */
import type { CallOptions } from "@connectrpc/connect";
import { ConnectionLostError, fromTransport, IntegrityError, SeseragiError } from "./errors.js";
import { Detached_Reason, type Detached, type InferReply, type Opened, type Terminal } from "./gen/infer_pb.js";
import { Link } from "./link.js";
import { Pause } from "./pause.js";
import { Backoff, isFinal, type Phase, type RetryPolicy } from "./retry.js";
import { finishReason, Meter, type FinishReason } from "./state.js";
import { Transcript, type ContentEvent } from "./transcript.js";

export type StreamEvent =
  | { readonly type: "opened"; readonly streamId: string; readonly model: string; readonly epoch: number }
  | ContentEvent
  /** The connection ended, the stream did not: it is taken up again after `delayMs`. */
  | { readonly type: "reconnecting"; readonly attempt: number; readonly delayMs: number; readonly cause: SeseragiError | undefined }
  | { readonly type: "finished"; readonly finish: FinishReason; readonly terminal: Terminal };

export interface Cursor {
  readonly streamId: string;
  readonly afterSeq: number;
  readonly epoch: number;
}

/** The calls a reader makes; `client.ts` binds them to a transport. */
export interface ReaderCalls {
  /** Safe to repeat: the request carries an idempotency key. */
  open(options: CallOptions): AsyncIterable<InferReply>;
  resume(cursor: Cursor, options: CallOptions): AsyncIterable<InferReply>;
  headers(refresh: boolean): Promise<Record<string, string>>;
}

/** How a connection ended, if not by a terminal. */
interface Cut {
  readonly cause?: SeseragiError;
  readonly atOnce?: boolean;
  readonly retryAfterMs?: number;
  readonly refresh?: boolean;
}

export class Reader {
  readonly transcript = new Transcript();
  readonly meter = new Meter();
  streamId: string | undefined;
  model: string | undefined;
  epoch = 0;
  readonly #calls: ReaderCalls;
  readonly #retry: RetryPolicy;
  readonly #signal: AbortSignal | undefined;
  readonly #backoff: Backoff;
  readonly #pause = new Pause();
  #link: Link | undefined;
  #connections = 0;
  #refreshTried = false;
  #stopOpening = false;
  #onNamed: (() => void) | undefined;

  constructor(calls: ReaderCalls, retry: RetryPolicy, signal?: AbortSignal, streamId?: string) {
    this.#calls = calls;
    this.#retry = retry;
    this.#signal = signal;
    this.#backoff = new Backoff(retry);
    this.streamId = streamId;
  }

  async *read(): AsyncGenerator<StreamEvent, void> {
    this.meter.start(performance.now());
    for (let refresh = false; ; ) {
      this.#signal?.throwIfAborted();
      if (this.#stoppedUnnamed) return;
      const cut: Cut | undefined = yield* this.#connection(refresh);
      if (!cut || this.#stoppedUnnamed) return;
      this.#signal?.throwIfAborted();
      const delayMs = this.#backoff.next(performance.now(), this.#phase, cut.atOnce ?? false, cut.retryAfterMs);
      if (delayMs === undefined) throw new ConnectionLostError(cut.cause?.message ?? "the connection ended again and again", cut.cause);
      yield { type: "reconnecting", attempt: this.#backoff.attempts, delayMs, cause: cut.cause };
      await this.#pause.sleep(delayMs, this.#signal);
      refresh = cut.refresh ?? false;
    }
  }

  /** Connects now rather than after the rest of a wait. */
  hurry(): void {
    this.#pause.wake();
  }

  /** Stops an opening: gives it `ms` to learn its name, and returns the name, or undefined where there is nothing to cancel. */
  async stopOpening(ms: number): Promise<string | undefined> {
    this.#stopOpening = true;
    this.#pause.wake();
    if (!this.streamId && this.#link) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#onNamed = () => (clearTimeout(timer), resolve());
      });
      if (!this.streamId) this.#link?.close();
    }
    return this.streamId;
  }

  get #stoppedUnnamed(): boolean {
    return this.#stopOpening && !this.streamId;
  }

  get #phase(): Phase {
    return this.streamId ? "resume" : "open";
  }

  async *#connection(refresh: boolean): AsyncGenerator<StreamEvent, Cut | undefined> {
    let link: Link;
    try {
      const headers = await this.#calls.headers(refresh);
      if (this.#stoppedUnnamed) return undefined;
      link = this.#link = new Link((signal) => this.#connect({ headers, signal }), this.#retry.connectTimeoutMs, this.#signal);
    } catch (error) {
      return this.#withoutToken(error);
    }
    let leave = (): void => link.close();
    try {
      for (;;) {
        let next: IteratorResult<InferReply>;
        try {
          next = await link.next();
        } catch (error) {
          return this.#broken(error);
        }
        if (next.done) return {};
        const frame = next.value;
        if (frame.opened) {
          yield this.#opened(frame.opened, link);
        } else if (frame.heartbeat) {
          this.#backoff.progress();
        } else if (frame.detached) {
          leave = () => link.finish();
          return detachedCut(frame.detached);
        } else {
          const event = this.#content(frame);
          if (event === "gap") return { atOnce: true };
          if (event?.type === "finished") leave = () => link.finish();
          if (event) yield event;
          if (event?.type === "finished") return undefined;
        }
      }
    } finally {
      this.#link = undefined;
      this.#onNamed?.();
      leave();
    }
  }

  #connect(options: CallOptions): AsyncIterable<InferReply> {
    if (!this.streamId) return this.#calls.open(options);
    return this.#calls.resume({ streamId: this.streamId, afterSeq: this.transcript.appliedSeq, epoch: this.epoch }, options);
  }

  #opened(opened: Opened, link: Link): StreamEvent {
    if (this.streamId && opened.streamId !== this.streamId) throw new IntegrityError("the server answered with another stream");
    this.streamId = opened.streamId || undefined;
    this.model = opened.model || this.model;
    this.epoch = opened.epoch;
    this.#refreshTried = false;
    if (this.#connections++ > 0) this.meter.resumes++;
    link.expectHeartbeat(opened.heartbeatMs);
    this.#onNamed?.();
    return { type: "opened", streamId: opened.streamId, model: opened.model, epoch: opened.epoch };
  }

  #content(frame: InferReply): StreamEvent | "gap" | undefined {
    const before = this.transcript.appliedSeq;
    const verdict = this.transcript.accept(frame);
    switch (verdict.kind) {
      case "applied":
        this.#backoff.progress();
        if (verdict.event) this.meter.content(performance.now(), this.transcript.appliedSeq - before);
        return verdict.event;
      case "terminal":
        return { type: "finished", finish: finishReason(verdict.terminal.finish), terminal: verdict.terminal };
      case "gap":
        return "gap";
      case "duplicate":
        this.meter.duplicatesDropped++;
        return undefined;
      default:
        return undefined;
    }
  }

  /** What a transport error means: try again, try with another token, or throw because it will not get better. */
  #broken(error: unknown): Cut {
    const cause = fromTransport(error);
    if (cause.code === "unauthenticated" && !this.#refreshTried) {
      this.#refreshTried = true;
      return { cause, atOnce: true, refresh: true };
    }
    if (cause.code === "unauthenticated" || isFinal(cause, this.#phase)) throw cause;
    return cause.retryAfterMs === undefined ? { cause } : { cause, retryAfterMs: cause.retryAfterMs };
  }

  /** The application had no token to give. Before the stream that is its answer; later it may be the same outage that cut the stream. */
  #withoutToken(error: unknown): Cut {
    const known = error instanceof SeseragiError ? error : undefined;
    if (known && (known.code !== "unavailable" || this.#phase === "open")) throw known;
    const cause = new SeseragiError("unauthenticated", "no access token could be obtained", { cause: error });
    if (this.#phase === "open") throw cause;
    return { cause, refresh: true };
  }
}

function detachedCut({ reason, retryAfterMs }: Detached): Cut {
  return { atOnce: true, retryAfterMs, refresh: reason === Detached_Reason.EXPIRED };
}
