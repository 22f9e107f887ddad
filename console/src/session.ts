/**
 * Who the page is. The access token lives in this object and nowhere else: no storage, no URL. A person's sign-in is a cookie that scripts cannot
 * read; it outlives a reload and pays for new access tokens. A guest is signed in when the person presses the button or asks a question, never by
 * opening the page.
 */
import { SeseragiError, type TokenRequest } from "@seseragi/client";
import type { Http, IssuedToken } from "./http.js";
import { Store } from "./store.js";

export interface SessionState {
  readonly kind: "none" | "guest" | "user" | "pasted";
  readonly subject: string | undefined;
  readonly signingIn: boolean;
  /** A person's sign-in ended, and not by their own doing: nobody else takes its place unasked. */
  readonly ended: boolean;
  readonly error: SeseragiError | undefined;
}

export type Auth = Pick<Http, "guest" | "login" | "issue" | "logout" | "me">;

/** A token this close to its end is replaced before it is used. */
const MARGIN_MS = 10_000;
const SIGNED_OUT: SessionState = { kind: "none", subject: undefined, signingIn: false, ended: false, error: undefined };

export class Session {
  readonly state = new Store<SessionState>(SIGNED_OUT);
  readonly #auth: Auth;
  #accessToken: string | undefined;
  #expiresAtMs = 0;
  #pending: Promise<void> | undefined;

  constructor(auth: Auth) {
    this.#auth = auth;
  }

  /** The access token at hand; asking for it gets no new one. */
  get current(): string | undefined {
    return this.#accessToken;
  }

  usePasted(accessToken: string): void {
    const trimmed = accessToken.trim().replace(/^(?:Bearer|DPoP)\s+/i, "");
    if (!trimmed) return this.#become(SIGNED_OUT);
    this.#become({ ...SIGNED_OUT, kind: "pasted", subject: subjectOf(trimmed) }, trimmed, Number.POSITIVE_INFINITY); // the gateway judges it
  }

  /** Takes up the sign-in that this browser has, if it has one. */
  restore(): Promise<void> {
    return this.#alone(async () => {
      const me = await this.#auth.me();
      if (me && this.state.get().kind === "none") this.#become({ ...SIGNED_OUT, kind: "user", subject: me.name ?? me.subject });
    });
  }

  async signIn(username: string, password: string, remember: boolean): Promise<void> {
    while (this.#pending) await this.#pending.catch(() => undefined); // what is under way comes before this, not instead of it
    return this.#alone(() => this.#signIn("user", () => this.#auth.login(username, password, remember), username));
  }

  /** Never two at a time: a double click and a question together are one sign-in. */
  signInAsGuest(): Promise<void> {
    const again = this.state.get().kind === "guest" ? this.#accessToken : undefined;
    return this.#alone(() => this.#signIn("guest", () => this.#auth.guest(again)));
  }

  async signOut(): Promise<void> {
    if (this.state.get().kind === "user") {
      try {
        await this.#auth.logout();
      } catch (error) {
        return this.state.set({ ...this.state.get(), error: asError(error) }); // the cookie is still there: this is no sign-out
      }
    }
    this.#become(SIGNED_OUT);
  }

  /** The gateway has withdrawn the right that this token gave: is the sign-in over, too? */
  async doubt(): Promise<void> {
    if (this.state.get().kind === "user") await this.#renew().catch(() => undefined); // the state has the answer
  }

  /** What the client asks before each connection. */
  async accessToken({ refresh }: TokenRequest): Promise<string> {
    if (this.state.get().kind === "none") await this.#pending?.catch(() => undefined); // somebody is signing in, perhaps
    const { kind, ended } = this.state.get();
    if (kind === "pasted" && refresh) throw new SeseragiError("unauthenticated", "the pasted access token was not accepted");
    if (kind === "none" && ended) throw signedOut();
    if (refresh || Date.now() > this.#expiresAtMs - MARGIN_MS) await (kind === "user" ? this.#renew() : this.signInAsGuest());
    return this.#accessToken ?? "";
  }

  #renew(): Promise<void> {
    return this.#alone(async () => {
      try {
        this.#take("user", await this.#auth.issue(), this.state.get().subject);
      } catch (error) {
        const failure = asError(error);
        if (MAY_PASS.has(failure.code)) throw failure;
        this.#become({ ...SIGNED_OUT, ended: true, error: signedOut() });
        throw signedOut();
      }
    });
  }

  async #signIn(kind: "guest" | "user", issue: () => Promise<IssuedToken>, name?: string): Promise<void> {
    this.state.set({ ...this.state.get(), signingIn: true, error: undefined });
    try {
      this.#take(kind, await issue(), name);
    } catch (error) {
      const failure = asError(error);
      this.state.set({ ...this.state.get(), signingIn: false, error: failure }); // whoever one was one stays
      throw failure;
    }
  }

  #take(kind: "guest" | "user", issued: IssuedToken, name = issued.subject): void {
    this.#become({ ...SIGNED_OUT, kind, subject: name }, issued.access_token, Date.now() + issued.expires_in * 1000);
  }

  #become(state: SessionState, accessToken?: string, expiresAtMs = 0): void {
    this.#accessToken = accessToken;
    this.#expiresAtMs = expiresAtMs;
    this.state.set(state);
  }

  #alone(work: () => Promise<void>): Promise<void> {
    this.#pending ??= work().finally(() => (this.#pending = undefined));
    return this.#pending;
  }
}

/** Failures that say nothing about the sign-in. */
const MAY_PASS: ReadonlySet<string> = new Set(["unavailable", "resource_exhausted"]);

function signedOut(): SeseragiError {
  return new SeseragiError("unauthenticated", "the sign-in has ended", { reason: "signed_out" });
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
