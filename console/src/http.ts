/** The two plain HTTP calls of the page: what the gateway says about itself, and guest sign-in. */
import { SeseragiError } from "@seseragi/client";

export interface Question {
  readonly lang: string;
  readonly topic: string;
  readonly text: string;
}

export interface GatewayInfo {
  readonly version: string;
  readonly guest: boolean;
  readonly default_model: string;
  readonly model_note: Readonly<Record<string, string>>;
  readonly questions: readonly Question[];
}

export interface GuestToken {
  readonly access_token: string;
  readonly expires_in: number;
  readonly subject: string;
}

interface ProblemJson {
  readonly title?: string;
  readonly detail?: string;
  readonly reason?: string;
}

export class Http {
  readonly #base: string;
  readonly #fetch: typeof fetch;

  constructor(base: string, fetchFn: typeof fetch) {
    this.#base = base;
    this.#fetch = fetchFn;
  }

  info(): Promise<GatewayInfo> {
    return this.#json<GatewayInfo>("console.json", { cache: "no-store" });
  }

  /** With an access token that is still good, the same guest goes on, and keeps its streams. */
  guestToken(current?: string): Promise<GuestToken> {
    const headers: Record<string, string> = { "content-type": "application/json" };
    if (current) headers["authorization"] = `Bearer ${current}`;
    return this.#json<GuestToken>("auth/guest", { method: "POST", headers, body: "{}" });
  }

  async #json<T>(path: string, init: RequestInit): Promise<T> {
    const response = await this.#fetch(new URL(path, this.#base), init).catch((cause: unknown) => {
      throw new SeseragiError("unavailable", "the gateway does not answer", { cause });
    });
    const body: unknown = await response.json().catch(() => ({}));
    if (response.ok) return body as T;
    const problem = body as ProblemJson;
    const reason = problem.reason ?? `http_${response.status}`;
    throw new SeseragiError(response.status >= 500 ? "unavailable" : "refused", problem.detail ?? problem.title ?? response.statusText, { reason });
  }
}
