/** Signing in and out as a person does it, and what becomes of a right that is withdrawn. */
import { act } from "react";
import { expect, test } from "vitest";
import { Finish } from "@seseragi/client";
import { cutAfter, opened, slices, sums, text, type Frame, type Script } from "../../clients/ts/packages/client/src/testing/gateway.js";
import { click, eventually, find, issued, open, page, type, type Opened, type Web } from "./testing/page.js";

const UNAUTHENTICATED = 16;
const problem = (status: number, reason: string, headers: Record<string, string> = {}): Response =>
  Response.json({ type: "about:blank", title: "No", status, detail: "no.", reason }, { status, headers });

interface Person {
  signedIn: boolean;
  readonly requests: Request[];
}

/** A gateway with one account, mika, and whose sign-in the browser has. */
function accounts(person: Person, more: Web = {}): Web {
  let tokens = 0;
  const routes: Web["routes"] = {
    "/auth/me": () => (person.signedIn ? Response.json({ subject: "u1", name: "mika" }) : problem(401, "missing")),
    "/auth/login": async (request) => {
      person.requests.push(request.clone());
      const { username, password } = (await request.json()) as Record<string, string>;
      if (username !== "mika" || password !== "right") return problem(401, "credentials");
      person.signedIn = true;
      return issued("user-0", "u1");
    },
    "/auth/issue": (request) => (person.requests.push(request), person.signedIn ? issued(`user-${++tokens}`, "u1") : problem(401, "signed_out")),
    "/auth/logout": (request) => {
      person.requests.push(request);
      person.signedIn = false;
      return new Response(null, { status: 204 });
    },
  };
  return { ...more, info: { accounts: true, ...more.info }, routes: { ...routes, ...more.routes } };
}

const nobody = (): Person => ({ signedIn: false, requests: [] });
const someone = (): Person => ({ signedIn: true, requests: [] });
const kind = (): string | undefined => find("session").dataset["kind"];

async function signIn(password = "right"): Promise<void> {
  type("name-input", " mika ");
  type("password-input", password);
  click("sign-in");
  await eventually(() => expect(find("session").textContent).not.toBe("Signing in…"));
}

test("signs in by name and password, and asks with the token that came", async () => {
  const person = nobody();
  const { server } = await open({ connections: [() => slices(["ok"], 0, 1)] }, accounts(person));
  expect(find("password-input").getAttribute("autocomplete")).toBe("current-password");
  click("remember");
  await signIn();
  expect([kind(), find("session").textContent]).toEqual(["user", "Signed in as mika"]);
  expect(page().querySelector('[data-testid="password-input"]')).toBeNull();
  click("question-chip");
  await eventually(() => expect(find("status").textContent).toBe("Finished"));
  expect(server.tokens).toContain("Bearer user-0");
  const [login] = person.requests;
  expect([login?.headers.get("x-seseragi-csrf"), login?.headers.get("content-type")]).toEqual(["1", "application/json"]);
  expect(await login?.json()).toEqual({ username: "mika", password: "right", remember: true, mode: "cookie" });
  expect([localStorage.length, sessionStorage.length, document.cookie]).toEqual([0, 0, ""]);
});

test.each([
  ["a wrong password", () => problem(401, "credentials"), "The name or the password is wrong."],
  ["too many attempts", () => problem(429, "too_many_attempts", { "retry-after": "42" }), "Too many attempts. Try again in 42 s."],
  ["a gateway that is away", () => Promise.reject(new TypeError("failed to fetch")), "The gateway cannot be reached."],
])("%s: says so, and forgets the password", async (_, login, message) => {
  await open({ connections: [] }, accounts(nobody(), { routes: { "/auth/login": login } }));
  await signIn("wrong");
  await eventually(() => expect(find("error-message").textContent).toContain(message));
  expect([kind(), find<HTMLInputElement>("password-input").value, find<HTMLInputElement>("name-input").value]).toEqual(["none", "", " mika "]);
});

test("a reload stays signed in", async () => {
  const { server, calls, guests } = await open({ connections: [() => slices(["ok"], 0, 1)] }, accounts(someone()));
  await eventually(() => expect(find("session").textContent).toBe("Signed in as mika"));
  click("question-chip");
  await eventually(() => expect(find("status").textContent).toBe("Finished"));
  expect([guests(), server.tokens.at(-1), calls.slice(0, 2)]).toEqual([0, "Bearer user-1", ["GET /auth/me", "POST /auth/issue"]]);
});

test("where there are no accounts there is no form, and nothing is asked", async () => {
  const { calls } = await open({ connections: [] });
  expect(page().querySelector('[data-testid="name-input"]')).toBeNull();
  expect(calls).toEqual([]);
});

test("signs out: the answer is stopped, the cookie is taken back", async () => {
  const person = someone();
  let cancelled: () => void = () => undefined;
  const ended = { finish: Finish.CANCELLED, ...sums("水") };
  async function* untilCancelled(): AsyncGenerator<Frame> {
    yield opened();
    yield text("水", 1);
    await new Promise<void>((resolve) => (cancelled = resolve));
    yield { terminal: ended, firstSeq: 2, lastSeq: 2 };
  }
  const { calls } = await open({ connections: [untilCancelled], cancel: () => (cancelled(), ended) }, accounts(person));
  await eventually(() => expect(kind()).toBe("user"));
  click("question-chip");
  await eventually(() => expect(find("answer-text").textContent).toBe("水"));
  click("sign-out");
  await eventually(() => expect(kind()).toBe("none"));
  await eventually(() => expect(find("status").textContent).toBe("Stopped"));
  expect([calls.at(-1), person.requests.at(-1)?.headers.get("x-seseragi-csrf")]).toEqual(["POST /auth/logout", "1"]);
  expect(find("name-input")).toBeTruthy();
});

const WITHDRAWN = "Your right to this answer was withdrawn. Sign in again.";
function* withdrawn(person: Person): Generator<Frame> {
  person.signedIn = false;
  const end = { finish: Finish.REVOKED, code: "revoked", message: "the right to this stream was withdrawn", ...sums("水") };
  yield* [opened(), text("水", 1), { terminal: end, firstSeq: 2, lastSeq: 2 }];
}

async function askAndLoseTheRight(person: Person, script: Script): Promise<Opened> {
  const page = await open(script, accounts(person));
  await eventually(() => expect(kind()).toBe("user"));
  click("question-chip");
  await eventually(() => expect(find("error-message").textContent).toBe(WITHDRAWN));
  return page;
}

test("a right that is withdrawn in the middle of an answer: a clear note, the text stays, and the way back works", async () => {
  const person = someone();
  const connection = (_: unknown, context: { requestHeader: Headers }): Iterable<Frame> =>
    context.requestHeader.get("authorization") === "Bearer user-0" ? slices(["again"], 0, 1) : withdrawn(person);
  const { guests } = await askAndLoseTheRight(person, { connections: [connection] });
  expect([find("answer-text").textContent, find("status").textContent, find("status").dataset["finish"]]).toEqual(["水", "Withdrawn", "revoked"]);
  await eventually(() => expect(kind()).toBe("none"));
  expect(find("error-message").textContent).toBe(WITHDRAWN);
  click("sign-in-again");
  await eventually(() => expect(document.activeElement).toBe(find("name-input")));
  await signIn("wrong");
  await eventually(() => expect(find("error-message").textContent).toBe("The name or the password is wrong."));
  await signIn();
  click("question-chip");
  await eventually(() => expect(find("answer-text").textContent).toBe("again"));
  expect([guests(), page().querySelector('[data-testid="error-message"]')]).toEqual([0, null]);
});

test("after it nobody becomes a guest unasked", async () => {
  const person = someone();
  const { guests, wiring } = await askAndLoseTheRight(person, { connections: [() => withdrawn(person)] });
  await eventually(() => expect(kind()).toBe("none"));
  act(() => void wiring.conversation.ask("again", ""));
  await eventually(() => expect(find("error-message").textContent).toBe("You are signed out. Sign in again."));
  expect(guests()).toBe(0);
});

test("a lost connection is told apart from that", async () => {
  await open({ connections: [() => cutAfter([], UNAUTHENTICATED)] }, accounts(someone()));
  await eventually(() => expect(kind()).toBe("user"));
  click("question-chip");
  await eventually(() => expect(find("status").textContent).toBe("Failed"));
  expect(find("error-message").textContent).not.toContain("withdrawn");
});

test("sent here to sign in: goes where it was wanted, after sign-in and not before", async () => {
  const next = "/auth/authorize?client_id=cli&state=1";
  const { left } = await open({ connections: [] }, accounts(nobody(), { query: `?sign-in&next=${encodeURIComponent(next)}` }));
  await eventually(() => expect(document.activeElement).toBe(find("name-input")));
  click("guest-button");
  await eventually(() => expect(kind()).toBe("guest"));
  expect(left).toEqual([]);
  await signIn();
  await eventually(() => expect(left).toEqual([next]));
});

test("sent here with an address of another site: goes nowhere", async () => {
  const { left } = await open({ connections: [] }, accounts(someone(), { query: "?sign-in&next=%2F%2Fevil.test%2Fauth%2Fauthorize%3Fx" }));
  await eventually(() => expect(kind()).toBe("user"));
  expect(left).toEqual([]);
});

test("where guests are not welcome one signs in first", async () => {
  const web = accounts(nobody(), { info: { guest: false, accounts: true }, routes: { "/auth/guest": () => problem(403, "guests_off") } });
  await open({ connections: [] }, web);
  expect(page().querySelector('[data-testid="guest-button"]')).toBeNull();
  click("question-chip");
  await eventually(() => expect(find("error-message").textContent).toContain("Sign in with your name and password first."));
  click("sign-in-again");
  await eventually(() => expect(document.activeElement).toBe(find("name-input")));
});
