import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, test, vi } from "vitest";
import { createClient, type ClientOptions, type StreamInput } from "./client.js";
import { ConnectionLostError, GenerationError, IntegrityError, SeseragiError } from "./errors.js";
import { Detached_Reason, Finish, OnDisconnect } from "./gen/infer_pb.js";
import type { StreamEvent } from "./reader.js";
import type { InferStream } from "./stream.js";
import { cutAfter, gateway, opened, slices, STREAM_ID, sums, terminal, text, type Frame, type Gateway, type Script } from "./testing/gateway.js";

const FAST = { baseMs: 0, maxMs: 0 };
const DELTAS = [..."せせらぎ: 川が止まらない 🌊👨‍👩‍👧 ok"]; // the family is five code points in five deltas
const ANSWER = DELTAS.join("");

function ask(script: Script, options: Partial<ClientOptions> = {}, input: StreamInput = { prompt: "?" }): { stream: InferStream; server: Gateway } {
  const server = gateway(script);
  const client = createClient({ baseUrl: "http://test", transport: server.transport, retry: FAST, ...options });
  return { stream: client.stream(input), server };
}

async function events(stream: InferStream): Promise<StreamEvent[]> {
  const seen: StreamEvent[] = [];
  for await (const event of stream) seen.push(event);
  return seen;
}

const failure = (stream: InferStream): Promise<unknown> => stream.result().then(() => expect.unreachable(), (error: unknown) => error);
const cursors = (server: Gateway): [string, number, number][] => server.resumes.map((r) => [r.streamId, r.afterSeq, r.epoch]);

test("reads an answer in order to its terminal", async () => {
  const { stream, server } = ask({ connections: [() => slices(DELTAS, 0, 1)] });
  expect(stream.state.status).toBe("idle");
  const seen = await events(stream);
  expect(seen.map((event) => event.type)).toEqual(["opened", ...DELTAS.map(() => "text"), "finished"]);
  expect(stream.state).toMatchObject({ status: "finished", finish: "stop", text: ANSWER, streamId: STREAM_ID, model: "echo", epoch: 1, appliedSeq: DELTAS.length + 1 });
  expect(stream.state.metrics).toMatchObject({ resumes: 0, duplicatesDropped: 0, textBytes: sums(ANSWER).utf8Len });
  expect(stream.state.metrics.ttftMs).toBeGreaterThanOrEqual(0);
  expect(server.resumes).toEqual([]);
});

test("asks for resume unless told otherwise, and names each request", async () => {
  const first = ask({ connections: [() => slices(["a"], 0, 1)] });
  const second = ask({ connections: [() => slices(["a"], 0, 1)] }, {}, { prompt: "?", delivery: { onDisconnect: OnDisconnect.CANCEL, windowMs: 20 }, idempotencyKey: "mine" });
  await Promise.all([first.stream.result(), second.stream.result()]);
  expect(first.server.opens[0]).toMatchObject({ prompt: "?", delivery: { onDisconnect: OnDisconnect.KEEP } });
  expect(first.server.opens[0]?.idempotencyKey).toMatch(/^[0-9a-f]{32}$/);
  expect(second.server.opens[0]).toMatchObject({ idempotencyKey: "mine", delivery: { onDisconnect: OnDisconnect.CANCEL, windowMs: 20 } });
});

describe("a connection cut at each frame gives the same text", () => {
  const whole = slices(DELTAS, 0, 2);
  for (const end of ["clean end", "broken"] as const) {
    test.each(whole.map((_, index) => index))(`${end} after %i frames`, async (cut) => {
      const kept = whole.slice(0, cut);
      const { stream, server } = ask({
        // The rest is sliced in another way than the beginning was, as the rest of a log is.
        connections: [() => (end === "broken" ? cutAfter(kept) : kept), (request) => slices(DELTAS, "afterSeq" in request ? request.afterSeq : 0, 5)],
      });
      const state = await stream.result();
      expect(state).toMatchObject({ text: ANSWER, status: "finished" });
      if (cut > 0) {
        const applied = Math.min(2 * Math.floor(cut / 2), DELTAS.length);
        expect(cursors(server)).toEqual([[STREAM_ID, applied, 1]]);
        expect(state.metrics).toMatchObject({ resumes: 1, duplicatesDropped: 0 });
      } else {
        expect(new Set(server.opens.map((open) => open.idempotencyKey)).size).toBe(1);
        expect(server.opens).toHaveLength(2);
      }
    });
  }
});

test("what comes twice is applied once", async () => {
  const { stream } = ask({ connections: [() => cutAfter(slices(["a", "水", "b"], 0, 1).slice(0, 5)), () => slices(["a", "水", "b"], 0, 1)] });
  const state = await stream.result();
  expect(state.text).toBe("a水b");
  expect(state.metrics.duplicatesDropped).toBe(2);
});

test("a gap is not applied: the stream is taken up at what was", async () => {
  const { stream, server } = ask({ connections: [() => [opened(), text("a", 1), text("c", 3), text("d", 4)], () => [opened(1), text("b", 2), text("c", 3), terminal(4, "abc")]] });
  expect((await stream.result()).text).toBe("abc");
  expect(cursors(server)).toEqual([[STREAM_ID, 1, 1]]);
});

test("the epoch of the last connection goes with the cursor", async () => {
  const { stream, server } = ask({ connections: [() => [opened(), text("a", 1)], () => [opened(1, { epoch: 2 })], () => [opened(1, { epoch: 2 }), terminal(2, "a")]] });
  await stream.result();
  expect(cursors(server)).toEqual([[STREAM_ID, 1, 1], [STREAM_ID, 1, 2]]);
});

test("detached: comes back at once", async () => {
  const { stream } = ask(
    { connections: [() => [opened(), text("a", 1), { detached: { reason: Detached_Reason.DRAIN } }, text("never", 2)], () => [opened(1), terminal(2, "a")]] },
    { retry: { baseMs: 60_000, maxMs: 60_000 } },
  );
  const seen = await events(stream);
  expect(seen.find((event) => event.type === "reconnecting")).toMatchObject({ delayMs: 0, attempt: 1, cause: undefined });
  expect(stream.state.text).toBe("a");
});

test("a server that only cuts is given up, with the text kept", async () => {
  const { stream } = ask({ connections: [() => cutAfter([opened(), text("a", 1)]), () => cutAfter([opened(1)])] }, { retry: { baseMs: 1, maxMs: 2, resumeForMs: 30 } });
  const error = await failure(stream);
  expect(error).toBeInstanceOf(ConnectionLostError);
  expect(stream.state).toMatchObject({ status: "failed", text: "a", error });
});

test("a silent connection is taken for dead", async () => {
  const silent = async function* (signal: AbortSignal): AsyncGenerator<Frame> {
    yield opened(0, { heartbeatMs: 8 });
    yield text("a", 1);
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
  };
  const { stream } = ask({ connections: [(_, { signal }) => silent(signal), () => [opened(1), terminal(2, "a")]] });
  expect(await stream.result()).toMatchObject({ text: "a", metrics: { resumes: 1 } });
});

test("a slow caller is not: only the time spent waiting for the server counts", async () => {
  const { stream } = ask({ connections: [() => [opened(0, { heartbeatMs: 4 }), text("a", 1), terminal(2, "a")]] });
  for await (const event of stream) if (event.type === "text") await new Promise((resolve) => setTimeout(resolve, 50));
  expect(stream.state).toMatchObject({ text: "a", status: "finished", metrics: { resumes: 0 } });
});

test("heartbeats are progress, not content", async () => {
  const { stream } = ask({ connections: [() => [opened(), { heartbeat: { lastSeq: 7 } }, text("a", 1), terminal(2, "a")]] });
  expect((await events(stream)).map((event) => event.type)).toEqual(["opened", "text", "finished"]);
});

describe("what ends a stream with an error", () => {
  test.each([Code.NotFound, Code.OutOfRange, Code.PermissionDenied, Code.DataLoss])("code %i on resume", async (code) => {
    const { stream, server } = ask({ connections: [() => [opened(), text("a", 1)], () => cutAfter([], code)] });
    expect(await failure(stream)).toMatchObject({ name: "SeseragiError", message: "the connection broke" });
    expect(server.resumes).toHaveLength(1);
  });

  test.each([Code.InvalidArgument, Code.ResourceExhausted, Code.Unimplemented])("code %i on open", async (code) => {
    const { stream, server } = ask({ connections: [() => cutAfter([], code)] });
    expect(await failure(stream)).toBeInstanceOf(SeseragiError);
    expect(server.opens).toHaveLength(1);
  });

  test.each([Finish.FAILED, Finish.INTERRUPTED, Finish.REVOKED, Finish.FINISH_UNSPECIFIED])("finish %i", async (finish) => {
    const { stream } = ask({ connections: [() => [opened(), text("a", 1), terminal(2, "a", { finish, code: "runtime_gone", message: "The model stopped." })]] });
    const error = await failure(stream);
    expect(error).toBeInstanceOf(GenerationError);
    expect(error).toMatchObject({ code: "runtime_gone", message: "The model stopped." });
    expect(stream.state).toMatchObject({ status: "failed", text: "a", error });
  });

  test("a checksum that does not match", async () => {
    const { stream } = ask({ connections: [() => [opened(), text("a", 1), terminal(2, "a", { crc32c: 1 })]] });
    expect(await failure(stream)).toBeInstanceOf(IntegrityError);
    expect(stream.state).toMatchObject({ status: "failed", terminal: undefined });
  });

  test("another stream's answer", async () => {
    const { stream } = ask({ connections: [() => [opened(), text("a", 1)], () => [opened(1, { streamId: "s-2" })]] });
    expect(await failure(stream)).toBeInstanceOf(IntegrityError);
  });

  test.each([Finish.LENGTH, Finish.QUOTA, Finish.TOOL_CALLS])("but not finish %i", async (finish) => {
    const { stream } = ask({ connections: [() => [opened(), terminal(1, "", { finish })]] });
    expect((await stream.result()).status).toBe("finished");
  });
});

describe("access tokens", () => {
  const refused = (): Iterable<Frame> => cutAfter([], Code.Unauthenticated);

  test("a refused token is replaced once, before and after the opening", async () => {
    const asked: boolean[] = [];
    const token = ({ refresh }: { refresh: boolean }): string => (asked.push(refresh), `t${asked.length}`);
    const { stream, server } = ask({ connections: [refused, () => [opened(), text("a", 1)], refused, () => [opened(1), terminal(2, "a")]] }, { token });
    expect((await stream.result()).text).toBe("a");
    expect(server.tokens).toEqual(["Bearer t1", "Bearer t2", "Bearer t3", "Bearer t4"]);
    expect(asked).toEqual([false, true, false, true]);
  });

  test("a token refused twice ends it", async () => {
    const { stream, server } = ask({ connections: [refused] }, { token: () => "t" });
    expect(await failure(stream)).toMatchObject({ code: "unauthenticated" });
    expect(server.tokens).toHaveLength(2);
  });

  test("detached because the token expired: asks for a new one first", async () => {
    const asked: boolean[] = [];
    const { stream } = ask(
      { connections: [() => [opened(), { detached: { reason: Detached_Reason.EXPIRED } }], () => [opened(), terminal(1, "")]] },
      { token: async ({ refresh }) => (asked.push(refresh), "t") },
    );
    await stream.result();
    expect(asked).toEqual([false, true]);
  });

  test("no token to be had: at once before the stream, retried during it", async () => {
    const down = ask({ connections: [() => []] }, { token: () => Promise.reject(new TypeError("Failed to fetch")) });
    expect(await failure(down.stream)).toMatchObject({ code: "unauthenticated", cause: expect.any(TypeError) });
    let calls = 0;
    const token = (): string => {
      if (++calls === 2) throw new TypeError("Failed to fetch");
      return "t";
    };
    const later = ask({ connections: [() => [opened(), text("a", 1)], () => [opened(1), terminal(2, "a")]] }, { token });
    expect((await later.stream.result()).text).toBe("a");
  });

  test("an outage while a new token is fetched is waited out", async () => {
    let asked = 0;
    const token = async (): Promise<string> => {
      if (++asked === 2) throw new SeseragiError("unavailable", "the gateway does not answer");
      return "t";
    };
    const detached = (): Frame[] => [opened(), { detached: { reason: Detached_Reason.EXPIRED } }];
    const { stream } = ask({ connections: [detached, () => [opened(), terminal(1, "")]] }, { token });
    expect(await stream.result()).toMatchObject({ status: "finished" });
    expect(asked).toBe(3);
  });

  test("signed out in the meantime: says so at once", async () => {
    let asked = 0;
    const token = async (): Promise<string> => {
      if (++asked > 1) throw new SeseragiError("unauthenticated", "signed out");
      return "t";
    };
    const { stream } = ask({ connections: [() => [opened(), { detached: { reason: Detached_Reason.EXPIRED } }]] }, { token });
    expect(await failure(stream)).toMatchObject({ code: "unauthenticated", message: "signed out" });
    expect(asked).toBe(2);
  });

  test("unary calls refresh too", async () => {
    const server = gateway({ connections: [() => []] });
    const client = createClient({ baseUrl: "http://test", transport: server.transport, token: () => "t" });
    expect((await client.listModels()).map((model) => model.name)).toEqual(["echo"]);
    expect(server.tokens).toEqual(["Bearer t"]);
  });
});

describe("stopping", () => {
  /** Streams until it is cancelled. */
  function endless(more: Partial<Script> = {}): Script {
    let cancelled: () => void;
    const whenCancelled = new Promise<void>((resolve) => (cancelled = resolve));
    const ended = { finish: Finish.CANCELLED, ...sums("水") };
    return {
      connections: [
        async function* () {
          yield opened();
          yield text("水", 1);
          await whenCancelled;
          yield { terminal: ended, firstSeq: 2, lastSeq: 2 };
        },
      ],
      cancel: () => (cancelled(), ended),
      ...more,
    };
  }

  test("cancel asks the server and keeps the text", async () => {
    const { stream, server } = ask(endless());
    for await (const event of stream) if (event.type === "text") expect((await stream.cancel())?.finish).toBe(Finish.CANCELLED);
    expect(stream.state).toMatchObject({ status: "cancelled", finish: "cancelled", text: "水", error: undefined });
    await stream.cancel();
    expect(server.cancels).toEqual([STREAM_ID]);
  });

  test("pressed before the stream has a name, it is cancelled as soon as it has", async () => {
    const script = endless();
    const slowly = async function* (...call: Parameters<(typeof script.connections)[0]>): AsyncGenerator<Frame> {
      await new Promise((resolve) => setTimeout(resolve, 20));
      yield* script.connections[0]!(...call);
    };
    const { stream, server } = ask({ ...script, connections: [slowly] });
    const done = stream.result();
    await vi.waitFor(() => expect(server.opens).toHaveLength(1));
    expect((await stream.cancel())?.finish).toBe(Finish.CANCELLED);
    expect((await done).status).toBe("cancelled");
    expect(server.cancels).toEqual([STREAM_ID]);
  });

  test("pressed while the server does not answer, it waits two seconds at most", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const never = async function* (signal: AbortSignal): AsyncGenerator<Frame> {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    };
    const { stream, server } = ask({ connections: [(_, { signal }) => never(signal)] });
    const done = stream.result();
    await vi.advanceTimersByTimeAsync(10);
    const stopped = stream.cancel();
    await vi.advanceTimersByTimeAsync(1_900);
    expect(stream.state.status).toBe("connecting");
    await vi.advanceTimersByTimeAsync(200);
    expect([await stopped, (await done).status, server.cancels]).toEqual([undefined, "cancelled", []]);
    vi.useRealTimers();
  });

  test("pressed before anything was sent, nothing is", async () => {
    const { stream, server } = ask(endless());
    expect(await stream.cancel()).toBeUndefined();
    expect((await stream.result()).status).toBe("cancelled");
    expect(server.opens).toEqual([]);
  });

  test("stopped while the way to the log is lost: still stopped, not failed", async () => {
    const { stream } = ask({
      connections: [() => [opened(), text("水", 1)], () => cutAfter([], Code.NotFound)],
      cancel: () => ({ finish: Finish.CANCELLED, ...sums("水") }),
    });
    for await (const event of stream) if (event.type === "reconnecting") await stream.cancel();
    expect(stream.state).toMatchObject({ status: "cancelled", text: "水" });
  });

  test("leaving the loop or aborting only stops reading", async () => {
    const left = ask(endless());
    for await (const event of left.stream) if (event.type === "text") break;
    expect(left.stream.state.status).toBe("detached");

    const server = gateway(endless());
    const abort = new AbortController();
    const stream = createClient({ baseUrl: "http://test", transport: server.transport }).stream({ prompt: "?" }, { signal: abort.signal });
    const done = failure(stream);
    setTimeout(() => abort.abort(), 5);
    expect(await done).toMatchObject({ name: "AbortError" });
    expect(stream.state.status).toBe("detached");
    expect([...left.server.cancels, ...server.cancels]).toEqual([]);
  });
});

test("attach reads an existing stream from its beginning", async () => {
  const server = gateway({ connections: [() => slices(DELTAS, 0, 3)] });
  const stream = createClient({ baseUrl: "http://test", transport: server.transport }).attach(STREAM_ID);
  expect((await stream.result()).text).toBe(ANSWER);
  expect([server.opens, cursors(server)]).toEqual([[], [[STREAM_ID, 0, 0]]]);
});

test("subscribers hear of changes; the state is one object until the next", async () => {
  const { stream } = ask({ connections: [() => slices(["a", "b"], 0, 1)] });
  let calls = 0;
  const leave = stream.subscribe(() => calls++);
  const before = stream.state;
  expect(stream.state).toBe(before);
  await stream.result();
  expect(stream.state).not.toBe(before);
  expect(before.text).toBe("");
  expect(calls).toBe(5); // connecting, opened, two deltas, finished
  leave();
});

test("is read once", async () => {
  const { stream } = ask({ connections: [() => slices(["a"], 0, 1)] });
  await stream.result();
  await expect(stream.result()).rejects.toThrow("can be read once");
});

test("a number the wire cannot carry is refused at once", () => {
  expect(() => ask({ connections: [] }, {}, { prompt: "?", sampling: { maxTokens: -1 } })).toThrow(SeseragiError);
});

test("the reason and the wait of a refusal are kept", async () => {
  const refusal = new ConnectError("too many streams", Code.ResourceExhausted, { "retry-after": "3" });
  const { stream } = ask({
    connections: [
      function* () {
        throw refusal;
      },
    ],
  });
  expect(await failure(stream)).toMatchObject({ code: "resource_exhausted", message: "too many streams", retryAfterMs: 3_000 });
});
