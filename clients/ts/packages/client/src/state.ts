/** What a stream knows about itself. A snapshot never changes: the next one is another object, so it suits `useSyncExternalStore` and its like. */
import type { SeseragiError } from "./errors.js";
import { Finish, type Terminal } from "./gen/infer_pb.js";

/**
 * idle → connecting → streaming ⇄ reconnecting → one of: finished (a good terminal), cancelled (on request), failed (see `error`),
 * detached (this reader stopped reading; the generation may go on).
 */
export type StreamStatus = "idle" | "connecting" | "streaming" | "reconnecting" | "finished" | "cancelled" | "failed" | "detached";

export type FinishReason = "stop" | "length" | "quota" | "cancelled" | "interrupted" | "failed" | "tool_calls" | "revoked" | "unspecified";

export interface StreamMetrics {
  /** From the start of reading to the first text or reasoning, in milliseconds. */
  readonly ttftMs: number | undefined;
  /** Deltas after the first, over the time since the first. */
  readonly deltasPerSecond: number | undefined;
  /** Connections after the first that reached the generation. */
  readonly resumes: number;
  readonly duplicatesDropped: number;
  /** UTF-8 bytes of answer text. */
  readonly textBytes: number;
}

export interface ToolCallState {
  readonly id: string;
  readonly name: string;
  readonly argumentsJson: string;
}

export interface StreamState {
  readonly status: StreamStatus;
  readonly streamId: string | undefined;
  readonly model: string | undefined;
  readonly epoch: number;
  /** The position up to which everything was applied, exactly once. */
  readonly appliedSeq: number;
  readonly text: string;
  readonly reasoning: string;
  readonly toolCalls: readonly ToolCallState[];
  readonly terminal: Terminal | undefined;
  readonly finish: FinishReason | undefined;
  readonly error: SeseragiError | undefined;
  readonly metrics: StreamMetrics;
}

const FINISH_NAMES: Record<Finish, FinishReason> = {
  [Finish.FINISH_UNSPECIFIED]: "unspecified",
  [Finish.STOP]: "stop",
  [Finish.LENGTH]: "length",
  [Finish.QUOTA]: "quota",
  [Finish.CANCELLED]: "cancelled",
  [Finish.INTERRUPTED]: "interrupted",
  [Finish.FAILED]: "failed",
  [Finish.TOOL_CALLS]: "tool_calls",
  [Finish.REVOKED]: "revoked",
};

export function finishReason(finish: Finish): FinishReason {
  return FINISH_NAMES[finish] ?? "unspecified";
}

/** A finish this client does not know is not taken for a success. */
const GOOD: ReadonlySet<FinishReason> = new Set(["stop", "length", "quota", "tool_calls", "cancelled"]);

export function isGood(finish: FinishReason): boolean {
  return GOOD.has(finish);
}

/** Measures time to first text and rate. */
export class Meter {
  resumes = 0;
  duplicatesDropped = 0;
  #startedAt = 0;
  #firstAt: number | undefined;
  #lastAt = 0;
  #deltasAfterFirst = 0;

  start(now: number): void {
    this.#startedAt = now;
  }

  content(now: number, deltas: number): void {
    this.#lastAt = now;
    if (this.#firstAt === undefined) this.#firstAt = now;
    else this.#deltasAfterFirst += deltas;
  }

  snapshot(textBytes: number): StreamMetrics {
    const elapsedMs = this.#firstAt === undefined ? 0 : this.#lastAt - this.#firstAt;
    return {
      ttftMs: this.#firstAt === undefined ? undefined : this.#firstAt - this.#startedAt,
      deltasPerSecond: elapsedMs > 0 ? (this.#deltasAfterFirst * 1000) / elapsedMs : undefined,
      resumes: this.resumes,
      duplicatesDropped: this.duplicatesDropped,
      textBytes,
    };
  }
}
