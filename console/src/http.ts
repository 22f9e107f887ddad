/** The plain HTTP calls of the page: what the gateway says about itself, and sign-in. */
import { provingFetch, SeseragiError, type DpopSource } from "@seseragi/client";

export interface Question {
  readonly lang: string;
  readonly topic: string;
  readonly text: string;
}

export interface GatewayInfo {
  readonly version: string;
  readonly guest: boolean;
  /** Whether people sign in here with a name and a password. */
  readonly accounts?: boolean;
  readonly default_model: string;
  readonly model_note: Readonly<Record<string, string>>;
  readonly questions: readonly Question[];
}

export interface IssuedToken {
  readonly access_token: string;
  readonly expires_in: number;
  readonly subject: string;
}

/** Whose sign-in a cookie is. */
export interface Me {
  readonly subject: string;
  readonly name?: string | null;
}

interface ProblemJson {
  readonly title?: string;
  readonly detail?: string;
  readonly reason?: string;
}

const JSON_BODY = { "content-type": "application/json" };
/** Whatever a cookie pays for needs a header that no other site's page can send. */
const BY_COOKIE = { ...JSON_BODY, "x-seseragi-csrf": "1" };

export class Http {
  readonly #base: string;
  readonly #fetch: typeof fetch;
  /** Where tokens come from: asked with a proof they are bound to this browser's key. */
  readonly #prove: typeof fetch;

  constructor(base: string, fetchFn: typeof fetch, dpop?: DpopSource) {
    this.#base = base;
    this.#fetch = fetchFn;
    this.#prove = provingFetch(fetchFn, dpop);
  }

  info(): Promise<GatewayInfo> {
    return this.#json<GatewayInfo>(this.#fetch, "console.json", { cache: "no-store" });
  }

  /** With an access token that is still good, the same guest goes on, and keeps its streams. */
  guest(current?: string): Promise<IssuedToken> {
    const headers = { ...JSON_BODY, ...(current && { authorization: `Bearer ${current}` }) };
    return this.#json<IssuedToken>(this.#prove, "auth/guest", { method: "POST", headers, body: "{}" });
  }

  /** The sign-in itself is a cookie that no script can read. */
  login(username: string, password: string, remember: boolean): Promise<IssuedToken> {
    const body = JSON.stringify({ username, password, remember, mode: "cookie" });
    return this.#json<IssuedToken>(this.#prove, "auth/login", { method: "POST", headers: BY_COOKIE, body });
  }

  /** An access token for the sign-in. */
  issue(): Promise<IssuedToken> {
    return this.#json<IssuedToken>(this.#prove, "auth/issue", { method: "POST", headers: BY_COOKIE, body: "{}" });
  }

  async logout(): Promise<void> {
    await this.#json(this.#fetch, "auth/logout", { method: "POST", headers: BY_COOKIE, body: "{}" });
  }

  /** Whose sign-in this browser has; undefined: nobody's. */
  async me(): Promise<Me | undefined> {
    try {
      return await this.#json<Me>(this.#fetch, "auth/me", { cache: "no-store" });
    } catch (error) {
      if (error instanceof SeseragiError && error.code === "unauthenticated") return undefined;
      throw error;
    }
  }

  async #json<T>(fetchFn: typeof fetch, path: string, init: RequestInit): Promise<T> {
    const response = await fetchFn(new URL(path, this.#base), init).catch((cause: unknown) => {
      throw new SeseragiError("unavailable", "the gateway does not answer", { cause });
    });
    const body: unknown = await response.json().catch(() => ({}));
    if (response.ok) return body as T;
    const problem = body as ProblemJson;
    const reason = problem.reason ?? `http_${response.status}`;
    const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
    throw new SeseragiError(codeOf(response.status), problem.detail ?? problem.title ?? response.statusText, {
      reason,
      ...(seconds >= 0 && { retryAfterMs: seconds * 1000 }),
    });
  }
}

function codeOf(status: number): string {
  if (status >= 500) return "unavailable";
  if (status === 401) return "unauthenticated";
  return status === 429 ? "resource_exhausted" : "refused";
}
