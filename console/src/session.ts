/**
 * Who the page is. The access token lives in this object and nowhere else: no storage, no cookie, no URL; a reload signs out.
 * A guest is signed in when the person presses the button or asks a question, never by opening the page.
 */
import { SeseragiError, type TokenRequest } from "@seseragi/client";
import type { GuestToken } from "./http.js";
import { Store } from "./store.js";

export interface SessionState {
  readonly kind: "none" | "guest" | "pasted";
  readonly subject: string | undefined;
  readonly signingIn: boolean;
  readonly error: SeseragiError | undefined;
}

/** A token this close to its end is replaced before it is used. */
const MARGIN_MS = 10_000;
const SIGNED_OUT: SessionState = { kind: "none", subject: undefined, signingIn: false, error: undefined };

export class Session {
  readonly state = new Store<SessionState>(SIGNED_OUT);
  readonly #guestToken: (current?: string) => Promise<GuestToken>;
  #accessToken: string | undefined;
  #expiresAtMs = Number.POSITIVE_INFINITY;
  #pending: Promise<void> | undefined;

  constructor(guestToken: (current?: string) => Promise<GuestToken>) {
    this.#guestToken = guestToken;
  }

  usePasted(accessToken: string): void {
    const trimmed = accessToken.trim().replace(/^Bearer\s+/i, "");
    if (!trimmed) return this.signOut();
    this.#accessToken = trimmed;
    this.#expiresAtMs = Number.POSITIVE_INFINITY; // the gateway judges it
    this.state.set({ ...SIGNED_OUT, kind: "pasted", subject: subjectOf(trimmed) });
  }

  signOut(): void {
    this.#accessToken = undefined;
    this.state.set(SIGNED_OUT);
  }

  /** Never two at a time: a double click and a question together are one sign-in. */
  signInAsGuest(): Promise<void> {
    this.#pending ??= this.#signIn().finally(() => (this.#pending = undefined));
    return this.#pending;
  }

  async #signIn(): Promise<void> {
    const again = this.state.get().kind === "guest" ? this.#accessToken : undefined;
    this.state.set({ ...this.state.get(), signingIn: true, error: undefined });
    try {
      const issued = await this.#guestToken(again);
      this.#accessToken = issued.access_token;
      this.#expiresAtMs = Date.now() + issued.expires_in * 1000;
      this.state.set({ ...SIGNED_OUT, kind: "guest", subject: issued.subject });
    } catch (error) {
      this.state.set({ ...SIGNED_OUT, error: asError(error) });
      throw error;
    }
  }

  /** What the client asks before each connection. */
  async accessToken({ refresh }: TokenRequest): Promise<string> {
    const { kind } = this.state.get();
    if (kind === "pasted" && refresh) throw new SeseragiError("unauthenticated", "the pasted access token was not accepted");
    if (kind === "none" || refresh || Date.now() > this.#expiresAtMs - MARGIN_MS) await this.signInAsGuest();
    return this.#accessToken ?? "";
  }
}

function asError(error: unknown): SeseragiError {
  return error instanceof SeseragiError ? error : new SeseragiError("unknown", String(error));
}

/** For display only: the gateway alone decides whether any of it is true. */
function subjectOf(token: string): string | undefined {
  try {
    const body = token.split(".")[1] ?? "";
    const claims: unknown = JSON.parse(atob(body.replaceAll("-", "+").replaceAll("_", "/")));
    const { sub } = claims as { sub?: unknown };
    return typeof sub === "string" ? sub : undefined;
  } catch {
    return undefined;
  }
}
