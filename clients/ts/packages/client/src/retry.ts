/** When to try again, and when to give up. Pure: time and chance are parameters. */
import type { SeseragiError } from "./errors.js";

export interface RetryPolicy {
  /** The first wait; each later one may be twice as long, up to `maxMs`. The wait is drawn evenly from 0 to that (full jitter). */
  readonly baseMs: number;
  readonly maxMs: number;
  /** How long to keep trying before the stream has opened. */
  readonly openForMs: number;
  /** How long to keep trying without progress once it has. */
  readonly resumeForMs: number;
  /** A connection that says nothing at all for so long before its first frame is dead. */
  readonly connectTimeoutMs: number;
}

export const DEFAULT_RETRY: RetryPolicy = { baseMs: 250, maxMs: 8_000, openForMs: 15_000, resumeForMs: 60_000, connectTimeoutMs: 30_000 };

export type Phase = "open" | "resume";

/** Answers that would be the same however often we asked. */
const FINAL_ON_RESUME = new Set(["not_found", "out_of_range", "permission_denied", "data_loss"]);
const FINAL_ON_OPEN = new Set([
  ...FINAL_ON_RESUME,
  "invalid_argument",
  "already_exists",
  "failed_precondition",
  "resource_exhausted", // a refusal with a reason: the person should see it, not wait unknowingly
  "unimplemented",
]);

export function isFinal(error: SeseragiError, phase: Phase): boolean {
  return (phase === "open" ? FINAL_ON_OPEN : FINAL_ON_RESUME).has(error.code);
}

/** Counts what failed since the last progress. */
export class Backoff {
  #attempts = 0;
  #failingSince: number | undefined;
  readonly #policy: RetryPolicy;
  readonly #random: () => number;

  constructor(policy: RetryPolicy, random: () => number = Math.random) {
    this.#policy = policy;
    this.#random = random;
  }

  get attempts(): number {
    return this.#attempts;
  }

  /** New text, or a sign that the generation lives. */
  progress(): void {
    this.#attempts = 0;
    this.#failingSince = undefined;
  }

  /**
   * The wait before the next attempt, or undefined to give up. `atOnce` (the server said: come back) is honoured the first time only,
   * so that a server which always says so is not asked in a tight loop.
   */
  next(now: number, phase: Phase, atOnce: boolean, retryAfterMs = 0): number | undefined {
    this.#failingSince ??= now;
    const limit = phase === "open" ? this.#policy.openForMs : this.#policy.resumeForMs;
    if (now - this.#failingSince >= limit) return undefined;
    const ceiling = Math.min(this.#policy.maxMs, this.#policy.baseMs * 2 ** Math.min(this.#attempts, 30));
    const first = this.#attempts++ === 0;
    return Math.max(retryAfterMs, atOnce && first ? 0 : this.#random() * ceiling);
  }
}
