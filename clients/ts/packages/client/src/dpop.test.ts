import { create } from "@bufbuild/protobuf";
import type { ConnectRouter } from "@connectrpc/connect";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createClient } from "./client.js";
import { DpopKey, openDpopKey, provingFetch } from "./dpop.js";
import { Infer, InferReplySchema } from "./gen/infer_pb.js";
import { slices } from "./testing/gateway.js";
import { boundToken, ORIGIN, provingServer, type ProvingServer } from "./testing/proofs.js";

const FAST = { baseMs: 0, maxMs: 0 };

function routes(router: ConnectRouter): void {
  router.service(Infer, {
    async *stream() {
      for (const frame of slices(["a", "b"], 0, 1)) yield create(InferReplySchema, frame);
    },
    listModels: () => ({ models: [{ name: "echo" }] }),
  });
}

let key: DpopKey;
let jkt: string;
let server: ProvingServer;

beforeEach(async () => {
  key = await DpopKey.generate();
  server = provingServer(routes);
  await provingFetch(server.fetch, key)(`${ORIGIN}/auth/guest`, { method: "POST" });
  jkt = server.seen.pop()?.jkt ?? "";
});
afterEach(() => void vi.restoreAllMocks());

describe.each(["grpc-web", "connect"] as const)("over %s", (transport) => {
  test("each request has a proof of its own for the token that is bound to the key", async () => {
    const token = boundToken(jkt);
    const client = createClient({ baseUrl: ORIGIN, transport, fetch: server.fetch, token: () => token, dpop: key });
    const [state] = await Promise.all([client.stream({ prompt: "?" }).result(), client.listModels()]);
    expect(state).toMatchObject({ status: "finished", text: "ab" });
    expect(server.seen.map((one) => [one.path, one.scheme, one.accessToken, one.jkt]).sort()).toEqual([
      ["/infer.Infer/ListModels", "DPoP", token, jkt],
      ["/infer.Infer/Stream", "DPoP", token, jkt],
    ]);
  });

  test("a token that is not bound goes out as it is", async () => {
    const client = createClient({ baseUrl: ORIGIN, transport, fetch: server.fetch, token: () => boundToken(undefined), dpop: Promise.resolve(key) });
    await client.listModels();
    expect(server.seen).toMatchObject([{ scheme: "Bearer", claims: undefined }]);
  });

  const refusals = transport === "connect" ? (["status"] as const) : (["status", "header"] as const);
  test.each(refusals)("asked for a nonce by %s, it proves again once and remembers", async (refusesBy) => {
    server.refusesBy = refusesBy;
    server.nonce = "n1";
    const asked: boolean[] = [];
    const token = ({ refresh }: { refresh: boolean }): string => (asked.push(refresh), boundToken(jkt));
    const client = createClient({ baseUrl: ORIGIN, transport, fetch: server.fetch, token, dpop: key, retry: FAST });
    await client.stream({ prompt: "?" }).result();
    await client.listModels();
    expect(server.seen.map(({ claims }) => claims?.["nonce"])).toEqual([undefined, "n1", "n1"]);
    expect(asked).toEqual([false, false]);
  });
});

test("each answer may bring the next nonce", async () => {
  const answers = vi.spyOn(server, "fetch").mockImplementation(async () => Response.json({}, { headers: { "dpop-nonce": "n2" } }));
  await provingFetch(server.fetch, key)(`${ORIGIN}/auth/issue`, { method: "POST" });
  answers.mockRestore();
  server.nonce = "n2";
  await provingFetch(server.fetch, key)(`${ORIGIN}/auth/issue`, { method: "POST" });
  expect(server.seen.map(({ claims }) => claims?.["nonce"])).toEqual(["n2"]);
});

test("a server that is never content is asked twice and no more", async () => {
  let nonce = 0;
  const asked = vi.fn(async () => new Response("{}", { status: 401, headers: { "dpop-nonce": `n${++nonce}` } }));
  const answer = await provingFetch(asked, key)(`${ORIGIN}/auth/issue`, { method: "POST", body: "{}" });
  expect([answer.status, asked.mock.calls.length]).toEqual([401, 2]);
});

test("requests that learn of the nonce at once all go through", async () => {
  server.nonce = "n1";
  const fetchFn = provingFetch(server.fetch, key);
  const all = await Promise.all([1, 2, 3].map(() => fetchFn(`${ORIGIN}/auth/issue`, { method: "POST" })));
  expect([all.map(({ status }) => status), server.seen.length]).toEqual([[200, 200, 200], 6]);
});

test("a refusal with the nonce that was used is about something else", async () => {
  const asked = vi.fn(async () => new Response("{}", { status: 401, headers: { "dpop-nonce": "n1" } }));
  const fetchFn = provingFetch(asked, key);
  await fetchFn(`${ORIGIN}/auth/issue`, { method: "POST" });
  await fetchFn(`${ORIGIN}/auth/issue`, { method: "POST" });
  expect(asked).toHaveBeenCalledTimes(3);
});

test("a refusal of something else is not tried again, but its nonce is remembered", async () => {
  const headers = { "dpop-nonce": "n1", "www-authenticate": 'Bearer realm="test"' };
  const asked = vi.fn(async () => new Response("{}", { status: 401, headers }));
  await provingFetch(asked, key)(`${ORIGIN}/auth/me`);
  expect([asked.mock.calls.length, key.nonce(ORIGIN)]).toEqual([1, "n1"]);
});

test("a refusal that names no new nonce is not tried again", async () => {
  const asked = vi.fn(async () => new Response("{}", { status: 401 }));
  await provingFetch(asked, key)(`${ORIGIN}/auth/login`, { method: "POST", body: "{}" });
  expect(asked).toHaveBeenCalledTimes(1);
});

test.each([400, 401])("a clock that is wrong is set right although the refusal (%i) says nothing of it", async (status) => {
  const iats: number[] = [];
  const picky = provingFetch(async (_, init) => {
    const proof = new Headers(init?.headers).get("dpop") ?? "";
    iats.push((JSON.parse(atob((proof.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/"))) as { iat: number }).iat);
    return new Response("{}", { status, headers: { date: new Date(Date.now() + 600_000).toUTCString(), "dpop-nonce": "n" } });
  }, key);
  await picky(`${ORIGIN}/auth/login`, { method: "POST" });
  expect(iats.length).toBe(2);
  expect((iats[1] ?? 0) - (iats[0] ?? 0)).toBeGreaterThan(590);
});

test("a clock that is wrong by an hour is set right by the server's", async () => {
  server.aheadMs = -3_600_000;
  const fetchFn = provingFetch(server.fetch, key);
  expect((await fetchFn(`${ORIGIN}/auth/issue?x=1#y`, { method: "POST" })).status).toBe(200);
  expect((await fetchFn(`${ORIGIN}/auth/issue`, { method: "POST" })).status).toBe(200);
  expect(server.seen.length).toBe(3);
  expect(new Set(server.seen.map(({ claims }) => claims?.["jti"])).size).toBe(3);
});

test("a proof that was made ahead is used once, at once, and not when it is old", async () => {
  const target = { method: "POST", url: `${ORIGIN}/infer.Infer/Cancel`, accessToken: boundToken(jkt) };
  const signs = vi.spyOn(crypto.subtle, "sign");
  await key.prepare(target);
  const prepared = await key.proof(target);
  expect(signs).toHaveBeenCalledTimes(1);
  expect(await key.proof(target)).not.toBe(prepared);
  await key.prepare(target);
  expect(signs).toHaveBeenCalledTimes(3);
  await key.proof({ ...target, accessToken: boundToken(jkt, "other") });
  expect(signs).toHaveBeenCalledTimes(4);
  vi.spyOn(Date, "now").mockReturnValue(Date.now() + 31_000);
  await key.proof(target);
  expect(signs).toHaveBeenCalledTimes(5);
});

test("what is sent besides the proof stays", async () => {
  const sent: (RequestInit | undefined)[] = [];
  const fetchFn = provingFetch(async (_, init) => (sent.push(init), Response.json({})), key);
  await fetchFn(`${ORIGIN}/auth/login`, { method: "POST", body: "{}", credentials: "same-origin", headers: { "x-seseragi-csrf": "1" } });
  expect(sent[0]).toMatchObject({ method: "POST", body: "{}", credentials: "same-origin" });
  const headers = new Headers(sent[0]?.headers);
  expect([headers.get("x-seseragi-csrf"), headers.has("authorization"), headers.get("dpop")?.split(".").length]).toEqual(["1", false, 3]);
});

test("without a key nothing is changed", async () => {
  const token = boundToken(jkt);
  const client = createClient({ baseUrl: ORIGIN, fetch: server.fetch, token: () => token, dpop: Promise.resolve(undefined) });
  await client.listModels();
  expect(server.seen).toMatchObject([{ scheme: "Bearer", claims: undefined }]);
});

test("the private key cannot be taken out", async () => {
  expect(key.pair.privateKey.extractable).toBe(false);
  await expect(crypto.subtle.exportKey("jwk", key.pair.privateKey)).rejects.toThrow();
});

describe("the key of this browser", () => {
  test("where nothing can be kept it lasts for the page", async () => {
    expect(await openDpopKey("console")).toBeInstanceOf(DpopKey);
  });

  test("where there is no WebCrypto there is none", async () => {
    vi.stubGlobal("crypto", { getRandomValues: () => undefined });
    try {
      expect(await openDpopKey("console")).toBeUndefined();
    } finally {
      vi.unstubAllGlobals();
    }
  });
});
