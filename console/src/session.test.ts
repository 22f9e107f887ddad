import { SeseragiError } from "@seseragi/client";
import { afterEach, expect, test, vi } from "vitest";
import type { IssuedToken } from "./http.js";
import { Session, type Auth } from "./session.js";

interface Asked {
  readonly session: Session;
  /** What the gateway was asked, in order. */
  readonly asked: string[];
  /** Changes its answers. */
  readonly auth: { -readonly [Name in keyof Auth]: Auth[Name] };
}

function session(changes: Partial<Auth> = {}): Asked {
  const asked: string[] = [];
  let issued = 0;
  const token = (subject: string): IssuedToken => ({ access_token: `t${++issued}`, expires_in: 300, subject });
  const auth: Auth = {
    guest: async (current) => (asked.push(`guest${current ? ` again with ${current}` : ""}`), token("guest:1")),
    login: async (name, password, remember) => (asked.push(`login ${name} ${password} ${remember}`), token(name)),
    issue: async () => (asked.push("issue"), token("mika")),
    logout: async () => void asked.push("logout"),
    me: async () => (asked.push("me"), undefined),
    ...changes,
  };
  return { session: new Session(auth), asked, auth };
}

const refused = (code: string, reason: string) => async (): Promise<never> => {
  throw new SeseragiError(code, reason, { reason });
};
const GIVE = { refresh: false };

afterEach(() => void vi.useRealTimers());

test("one sign-in for many who need it at once", async () => {
  const { session: one, asked } = session();
  expect(await Promise.all([one.accessToken(GIVE), one.accessToken(GIVE), one.signInAsGuest()])).toEqual(["t1", "t1", undefined]);
  expect(asked).toEqual(["guest"]);
});

test("a guest's token is replaced before its end, and when it was refused", async () => {
  vi.useFakeTimers();
  const { session: one, asked } = session();
  expect(await one.accessToken(GIVE)).toBe("t1");
  vi.advanceTimersByTime(289_000);
  expect(await one.accessToken(GIVE)).toBe("t1");
  vi.advanceTimersByTime(2_000);
  expect(await one.accessToken(GIVE)).toBe("t2");
  expect(await one.accessToken({ refresh: true })).toBe("t3");
  expect(asked).toEqual(["guest", "guest again with t1", "guest again with t2"]);
});

test("a pasted token is never replaced by another identity", async () => {
  const { session: one, asked } = session();
  one.usePasted("pasted");
  expect(await one.accessToken(GIVE)).toBe("pasted");
  await expect(one.accessToken({ refresh: true })).rejects.toMatchObject({ code: "unauthenticated" });
  expect(asked).toEqual([]);
});

test("shows whose token was pasted", () => {
  const { session: one } = session();
  one.usePasted(`h.${btoa(JSON.stringify({ sub: "mika" }))}.s`);
  expect(one.state.get().subject).toBe("mika");
});

test("a person signs in and stays who they are while tokens come and go", async () => {
  vi.useFakeTimers();
  const { session: one, asked } = session();
  await one.signIn("mika", "pass word", true);
  expect(one.state.get()).toMatchObject({ kind: "user", subject: "mika", signingIn: false });
  expect(await one.accessToken(GIVE)).toBe("t1");
  vi.advanceTimersByTime(291_000);
  expect(await Promise.all([one.accessToken(GIVE), one.accessToken(GIVE)])).toEqual(["t2", "t2"]);
  expect(await one.accessToken({ refresh: true })).toBe("t3");
  expect(asked).toEqual(["login mika pass word true", "issue", "issue"]);
});

test("a wrong password leaves one who one was", async () => {
  const { session: one } = session({ login: refused("unauthenticated", "credentials") });
  await one.signInAsGuest();
  await expect(one.signIn("mika", "wrong", false)).rejects.toMatchObject({ reason: "credentials" });
  expect(one.state.get()).toMatchObject({ kind: "guest", subject: "guest:1", signingIn: false, error: { reason: "credentials" } });
  expect(await one.accessToken(GIVE)).toBe("t1");
});

test("after a reload the sign-in of the browser is taken up, and a question waits for that", async () => {
  let answer: (me: { subject: string; name: string }) => void = () => undefined;
  const { session: one, asked } = session({ me: () => new Promise((resolve) => (answer = resolve)) });
  const restored = one.restore();
  const token = one.accessToken(GIVE);
  answer({ subject: "u1", name: "mika" });
  await restored;
  expect(one.state.get()).toMatchObject({ kind: "user", subject: "mika" });
  expect([await token, asked]).toEqual(["t1", ["issue"]]);
});

test("a browser without a sign-in stays signed out, without a word", async () => {
  const { session: one } = session();
  await one.restore();
  expect(one.state.get()).toEqual({ kind: "none", subject: undefined, signingIn: false, ended: false, error: undefined });
});

test("a sign-in that has ended is not replaced by a guest", async () => {
  const { session: one, asked, auth } = session();
  await one.signIn("mika", "p", false);
  auth.issue = refused("unauthenticated", "signed_out");
  await expect(one.accessToken({ refresh: true })).rejects.toMatchObject({ code: "unauthenticated", reason: "signed_out" });
  expect(one.state.get()).toMatchObject({ kind: "none", ended: true, error: { reason: "signed_out" } });
  await expect(one.accessToken(GIVE)).rejects.toMatchObject({ code: "unauthenticated" });
  expect(asked).toEqual(["login mika p false"]);
  await one.signInAsGuest();
  expect(one.state.get()).toMatchObject({ kind: "guest", ended: false });
});

test("a gateway out of reach ends no sign-in", async () => {
  const { session: one, auth } = session();
  await one.signIn("mika", "p", false);
  const { issue } = auth;
  auth.issue = refused("unavailable", "the gateway does not answer");
  await expect(one.accessToken({ refresh: true })).rejects.toMatchObject({ code: "unavailable" });
  expect(one.state.get()).toMatchObject({ kind: "user", subject: "mika" });
  auth.issue = issue;
  expect(await one.accessToken({ refresh: true })).toBe("t2");
});

test("a withdrawn right is a reason to look whether the sign-in still holds", async () => {
  const { session: one, auth } = session();
  await one.signIn("mika", "p", false);
  await one.doubt();
  expect(one.state.get()).toMatchObject({ kind: "user" });
  auth.issue = refused("unauthenticated", "signed_out");
  await one.doubt();
  expect(one.state.get()).toMatchObject({ kind: "none", ended: true });
});

test("signing out forgets the token and takes the cookie back", async () => {
  const { session: one, asked } = session();
  await one.signIn("mika", "p", false);
  await one.signOut();
  expect([one.state.get().kind, one.current, asked.at(-1)]).toEqual(["none", undefined, "logout"]);
  expect(await one.accessToken(GIVE)).toBe("t2");
  expect(asked.at(-1)).toBe("guest");
});

test("a sign-out that did not reach the gateway is none", async () => {
  const { session: one } = session({ logout: refused("unavailable", "the gateway does not answer") });
  await one.signIn("mika", "p", false);
  await one.signOut();
  expect(one.state.get()).toMatchObject({ kind: "user", error: { code: "unavailable" } });
});

test("a sign-in comes after what is under way, not instead of it", async () => {
  const { session: one, asked } = session();
  await Promise.all([one.restore(), one.signIn("mika", "p", false), one.signIn("mika", "p", false)]);
  expect(asked).toEqual(["me", "login mika p false", "login mika p false"]);
});
