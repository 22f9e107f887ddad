/** What the application holds: the events of one generation to iterate over, its state to look at, and a stop button. */
import type { CancelReply, Terminal } from "./gen/infer_pb.js";
import { fromTransport, GenerationError, type SeseragiError } from "./errors.js";
import { Reader, type ReaderCalls, type StreamEvent } from "./reader.js";
import type { RetryPolicy } from "./retry.js";
import { finishReason, isGood, type StreamState, type StreamStatus } from "./state.js";

export interface StreamCalls extends ReaderCalls {
  /** Idempotent, and repeated by itself where the connection fails. */
  cancel(streamId: string): Promise<CancelReply>;
}

/** How long a stop waits for the name of a stream that is just being opened. */
const STOP_OPENING_MS = 2_000;
const ENDED: ReadonlySet<StreamStatus> = new Set(["finished", "cancelled", "failed", "detached"]);

/**
 * Iterating drives it: nothing is sent before, and it can be iterated once. Leaving the loop early, or aborting the signal, only stops this
 * reader (status `detached`); {@link cancel} stops the generation.
 */
export class InferStream implements AsyncIterable<StreamEvent> {
  readonly #calls: StreamCalls;
  readonly #reader: Reader;
  readonly #signal: AbortSignal | undefined;
  readonly #listeners = new Set<() => void>();
  #iterated = false;
  #status: StreamStatus = "idle";
  #terminal: Terminal | undefined;
  #error: SeseragiError | undefined;
  #stopping: Promise<Terminal | undefined> | undefined;
  #stopped: Terminal | undefined;
  #snapshot: StreamState | undefined;

  constructor(calls: StreamCalls, retry: RetryPolicy, signal?: AbortSignal, streamId?: string) {
    this.#calls = calls;
    this.#signal = signal;
    this.#reader = new Reader(calls, retry, signal, streamId);
  }

  get streamId(): string | undefined {
    return this.#reader.streamId;
  }

  /** The same object until something changes. */
  get state(): StreamState {
    return (this.#snapshot ??= this.#takeSnapshot());
  }

  /** Called after each change, as often as once per frame: a page should look at the state once per animation frame. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  [Symbol.asyncIterator](): AsyncGenerator<StreamEvent, void> {
    if (this.#iterated) throw new Error("a stream can be read once; look at its state, or attach to its streamId");
    this.#iterated = true;
    return this.#iterate();
  }

  /** Reads to the end for a caller who only wants the outcome. */
  async result(): Promise<StreamState> {
    for await (const _ of this);
    return this.state;
  }

  /**
   * Stops the generation and keeps what was written. The iteration goes on to the terminal, which is where the text ends.
   * Returns that terminal, or undefined if nothing had been started.
   */
  cancel(): Promise<Terminal | undefined> {
    this.#stopping ??= this.#stop().catch((error: unknown) => {
      this.#stopping = undefined; // the person may press it again
      throw fromTransport(error);
    });
    return this.#stopping;
  }

  async #stop(): Promise<Terminal | undefined> {
    if (this.#terminal) return this.#terminal;
    const streamId = this.streamId ?? (await this.#reader.stopOpening(STOP_OPENING_MS));
    if (!streamId) return undefined;
    this.#stopped = (await this.#calls.cancel(streamId)).terminal;
    this.#reader.hurry();
    return this.#stopped;
  }

  async *#iterate(): AsyncGenerator<StreamEvent, void> {
    this.#become("connecting");
    try {
      for await (const event of this.#reader.read()) {
        this.#fold(event);
        yield event;
      }
      if (!this.#terminal) this.#become("cancelled");
    } catch (error) {
      yield* this.#failed(error);
    } finally {
      if (!ENDED.has(this.#status)) this.#become("detached");
    }
  }

  #fold(event: StreamEvent): void {
    if (event.type === "finished") {
      this.#terminal = event.terminal;
      if (!isGood(event.finish)) throw new GenerationError(event.terminal, event.finish);
      this.#become(event.finish === "cancelled" ? "cancelled" : "finished");
    } else {
      this.#become(event.type === "reconnecting" ? "reconnecting" : "streaming");
    }
  }

  *#failed(error: unknown): Generator<StreamEvent, void> {
    if (this.#signal?.aborted) throw error;
    if (this.#stopped && !this.#terminal) {
      // It was stopped, the server said so, and only the way back to the log was lost.
      this.#terminal = this.#stopped;
      this.#become("cancelled");
      yield { type: "finished", finish: finishReason(this.#stopped.finish), terminal: this.#stopped };
      return;
    }
    this.#error = fromTransport(error);
    this.#become("failed");
    throw this.#error;
  }

  #become(status: StreamStatus): void {
    this.#status = status;
    this.#snapshot = undefined;
    for (const listener of this.#listeners) listener();
  }

  #takeSnapshot(): StreamState {
    const { transcript, meter, streamId, model, epoch } = this.#reader;
    const { text, reasoning, toolCalls, appliedSeq, textBytes } = transcript;
    return {
      status: this.#status,
      streamId,
      model,
      epoch,
      appliedSeq,
      text,
      reasoning,
      toolCalls,
      terminal: this.#terminal,
      finish: this.#terminal && finishReason(this.#terminal.finish),
      error: this.#error,
      metrics: meter.snapshot(textBytes),
    };
  }
}
