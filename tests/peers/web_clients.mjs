/**
 * The client libraries of others against a real gateway: one answer is the same by each of them, refusals are understood by each,
 * and a connection that is cut in the middle of Japanese text is continued at the exact next character.
 */
import assert from "node:assert/strict";
import jspb from "google-protobuf";
import { Code } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { createClient } from "@seseragi/client";
import { run, within } from "./lib/checks.mjs";
import { Finish, Infer, reasonOf, TwoFields } from "./lib/contract.mjs";
import { broken, questions, startGateway } from "./lib/gateway.mjs";
import { KEEP, readThroughCuts, readWhole } from "./lib/joined.mjs";
import { cuttingProxy } from "./lib/proxies.mjs";
import { invoke, Status, wires } from "./lib/wires.mjs";

const LIMIT_S = 120;
const CALL_MS = 20_000;
const EMOJI = /\p{Extended_Pictographic}/u;
/** Characters of one to four bytes, and an emoji that is three of them. */
const RIVER = "川は🌊止まらない。文章も流れる👩‍💻途中で切れても、次の一文字から続く🍃 a stream that never stops. ".repeat(3);

const OUR_TRANSPORTS = {
  "gRPC-Web": () => "grpc-web",
  Connect: () => "connect",
  "gRPC over h2c": (baseUrl) => createGrpcTransport({ baseUrl }),
};

/** What protoc's JavaScript generator would write for the contract of two fields. */
const HandWritten = {
  StreamRequest: class StreamRequest {
    constructor(prompt) {
      this.prompt = prompt;
    }
    serializeBinary() {
      const writer = new jspb.BinaryWriter();
      writer.writeString(1, this.prompt);
      return writer.getResultBuffer();
    }
    toObject() {
      return { prompt: this.prompt };
    }
  },
  InferReply: class InferReply {
    delta = "";
    static deserializeBinary(bytes) {
      const reader = new jspb.BinaryReader(bytes);
      const reply = new InferReply();
      while (reader.nextField() && !reader.isEndGroup()) {
        if (reader.getFieldNumber() === 1) reply.delta = reader.readString();
        else reader.skipField();
      }
      return reply;
    }
    toObject() {
      return { delta: this.delta };
    }
  },
};
HandWritten.Stream = {
  methodName: "Stream",
  service: { serviceName: "infer.Infer" },
  requestStream: false,
  responseStream: true,
  requestType: HandWritten.StreamRequest,
  responseType: HandWritten.InferReply,
};

const SETTINGS = `
[[models]]
name = "seseragi-mini"
runtime = "embedded"
tokens_per_second = 60

[[models]]
name = "echo"
runtime = "echo"
delay_ms = 4
`;

run(LIMIT_S, async (check) => {
  const gateway = await startGateway(SETTINGS);
  const token = await gateway.issueToken({ sub: "web-clients" });
  const question = await japaneseQuestion(gateway, token);
  const { text: expected } = await readWhole(wires[0], gateway.url, greedy(question), token);
  console.log(`        ${question} → ${expected}`);

  for (const wire of wires) {
    await check(`${wire.name}: the answer of the shipped model`, () => wholeAnswer(wire, gateway, token, question, expected));
    await check(`${wire.name}: a client of two fields gets the same text`, async () => {
      assert.equal(await readTwoFields(wire, gateway.url, question, token), expected);
    });
    await check(`${wire.name}: single calls`, () => singleCalls(wire, gateway.url, token));
    await check(`${wire.name}: refusals`, () => refusals(wire, gateway, token));
    await check(`${wire.name}: the model's answer, cut twice`, async () => {
      return cutTwice(wire, gateway.url, greedy(question), token, expected);
    });
    await check(`${wire.name}: cut at 24 bytes in a row, within Japanese and an emoji`, () => cutEverywhere(wire, gateway.url, token));
  }
  for (const [name, transport] of Object.entries(OUR_TRANSPORTS)) {
    await check(`our client by ${name}: resumes by itself`, () => within(CALL_MS, "the answer", ourClient(transport, gateway.url, token)));
  }
  await check("the gateway ends well, although clients keep connections open", async () => {
    const started = Date.now();
    assert.equal(await gateway.stop(), 0);
    return `${Date.now() - started} ms`;
  });
});

/** A question that is answered in Japanese, with an emoji if the model has such an answer. */
async function japaneseQuestion(gateway, token) {
  const known = questions.filter(({ lang }) => lang === "ja").map(({ text }) => text);
  const answers = await Promise.all(known.map((prompt) => readWhole(wires[3], gateway.url, greedy(prompt), token)));
  return known[answers.findIndex(({ text }) => EMOJI.test(text))] ?? known[0];
}

function greedy(prompt) {
  return { prompt, model: "seseragi-mini", sampling: { temperature: 0 } };
}

async function wholeAnswer(wire, gateway, token, question, expected) {
  const { text, frames, terminal } = await within(CALL_MS, "the answer", readWhole(wire, gateway.url, greedy(question), token));
  assert.equal(text, expected);
  assert.equal(terminal.utf8Len, Buffer.byteLength(expected));
  assert.ok(frames >= 5, `a streamed answer comes in pieces, this one in ${frames}`);
  return `${frames} frames, ${terminal.usage.outputTokens} tokens`;
}

/** Deltas joined, and nothing else known: no positions, no terminal. */
async function readTwoFields(wire, url, prompt, token) {
  const byHand = () => invoke(url, HandWritten.Stream, new HandWritten.StreamRequest(prompt), token);
  const frames = wire === wires[0] ? byHand() : wire.stream(url, TwoFields.method.stream, { prompt }, token);
  let text = "";
  for await (const { delta } of frames) text += delta;
  return text;
}

async function singleCalls(wire, url, token) {
  const { models } = await wire.unary(url, Infer.method.listModels, {}, token);
  assert.deepEqual(models.map(({ name, ready }) => [name, ready]), [["seseragi-mini", true], ["echo", true]]);

  let streamId;
  let cancelled;
  const request = { prompt: RIVER, model: "echo", delivery: KEEP };
  const end = await (async () => {
    for await (const frame of wire.stream(url, Infer.method.stream, request, token)) {
      streamId ??= frame.opened?.streamId;
      if (frame.lastSeq >= 5) cancelled ??= wire.unary(url, Infer.method.cancel, { streamId }, token);
      if (frame.terminal) return frame.terminal;
    }
  })().catch((error) => error);
  const { terminal } = await cancelled;
  assert.equal(terminal.finish, Finish.CANCELLED);
  assert.ok(terminal.utf8Len > 0 && terminal.utf8Len < Buffer.byteLength(RIVER), "it was stopped midway");
  assert.equal(end.finish ?? end.code, Finish.CANCELLED);
  const info = await wire.unary(url, Infer.method.getStream, { streamId }, token);
  assert.deepEqual([info.live, info.terminal.utf8Len], [false, terminal.utf8Len]);
}

/** Each refusal reaches the library's user as the code, a text and a machine-readable reason; nothing is started. */
async function refusals(wire, gateway, token) {
  const otherScope = await gateway.issueToken({ sub: "web-clients", scopes: ["reflection:read"] });
  const { stream, resume, listModels } = Infer.method;
  const hello = { prompt: "hello" };
  const cases = [
    ["no token", stream, hello, undefined, Code.Unauthenticated, "MISSING"],
    ["a broken token", stream, hello, broken(token), Code.Unauthenticated, "INVALID"],
    ["an empty token", stream, hello, "", Code.Unauthenticated, "MISSING"],
    ["a wrong scope", stream, hello, otherScope, Code.PermissionDenied, "INSUFFICIENT_SCOPE"],
    ["an unknown model", stream, { ...hello, model: "nothing" }, token, Code.NotFound, "MODEL_UNKNOWN"],
    ["an empty prompt", stream, { prompt: "" }, token, Code.InvalidArgument, "INVALID_FIELD"],
    ["an unknown stream", resume, { streamId: "unknown", afterSeq: 1 }, token, Code.NotFound, "STREAM_UNKNOWN"],
    ["a single call without a token", listModels, {}, undefined, Code.Unauthenticated, "MISSING"],
  ];
  const started = await gateway.metric("seseragi_streams_started_total");
  for (const [name, method, request, credential, code, reason] of cases) {
    const status = await within(CALL_MS, name, refused(wire, gateway.url, method, request, credential));
    assert.equal(Code[status.code], Code[code], `${name}: ${status.message}`);
    assert.ok(status.message.length > 20, `${name}: a text for people, not "${status.message}"`);
    assert.equal(reasonOf(status.details), reason, `${name}: the reason in the details`);
  }
  assert.equal(await gateway.metric("seseragi_streams_started_total"), started, "a refused call started something");
  return `${cases.length} refusals`;
}

async function refused(wire, url, method, request, token) {
  try {
    if (method.methodKind === "unary") await wire.unary(url, method, request, token);
    else for await (const _ of wire.stream(url, method, request, token));
  } catch (error) {
    if (error instanceof Status) return error;
    throw error;
  }
  throw new Error("it was not refused");
}

/** Cut twice in the first half: once as a crash does, once politely. */
async function cutTwice(wire, url, request, token, expected) {
  const { length } = [...expected];
  const cuts = [
    { from: length / 6, bytes: 20, how: "rst" },
    { from: length / 3, bytes: 33, how: "fin" },
  ];
  const { joined, cursors } = await readCut(wire, url, request, token, cuts);
  assert.equal(joined.text, expected);
  assertMidway(cursors, expected);
  return `cut at ${cursors.map(({ seq, text }) => `${seq} “…${[...text].slice(-4).join("")}”`).join(" and ")} of ${joined.applied}`;
}

/** Cuts at each byte of the frame with an emoji: in its head, between its four bytes, and behind it. */
async function cutEverywhere(wire, url, token) {
  const from = [...RIVER].indexOf("🌊", 60); // the position before it
  const seen = [];
  const one = async (bytes) => {
    const cut = { from, bytes, how: bytes % 2 ? "rst" : "fin" };
    const { joined, cursors } = await readCut(wire, url, { prompt: RIVER, model: "echo" }, token, [cut]);
    assert.equal(joined.text, RIVER, `cut after ${bytes} bytes`);
    assertMidway(cursors, RIVER);
    seen.push(cursors[0].seq);
  };
  for (let bytes = 1; bytes <= 24; bytes += 8) await Promise.all(Array.from({ length: 8 }, (_, index) => one(bytes + index)));
  return `continued after ${Math.min(...seen)} to ${Math.max(...seen)} of ${[...RIVER].length + 1}`;
}

/** Reads through a proxy that cuts so many bytes after the reader has come to a position. */
async function readCut(wire, url, request, token, cuts) {
  const proxy = await cuttingProxy(url);
  const left = [...cuts];
  const progress = (applied) => {
    if (left.length === 0 || applied < left[0].from || proxy.cuts < cuts.length - left.length) return;
    const { bytes, how } = left.shift();
    proxy.cutAfter(bytes, how);
  };
  const read = await within(CALL_MS, "the cut answer", readThroughCuts(wire, proxy.url, request, token, progress));
  proxy.close();
  assert.deepEqual([proxy.cuts, read.connections], [cuts.length, cuts.length + 1], "cuts and connections");
  return read;
}

function assertMidway(cursors, whole) {
  for (const { text } of cursors) {
    assert.ok(text.length > 0 && text.length < whole.length, "the cut was in the middle of the answer");
    assert.ok(whole.startsWith(text), "what had arrived is the beginning of the answer");
  }
}

async function ourClient(transport, url, token) {
  const proxy = await cuttingProxy(url);
  const client = createClient({ baseUrl: proxy.url, token: () => token, transport: transport(proxy.url), retry: { baseMs: 5 } });
  const stream = client.stream({ prompt: RIVER, model: "echo" });
  const cutFrom = [20, 60, 100];
  for await (const event of stream) {
    if (event.type !== "text" || !(event.lastSeq >= cutFrom[0])) continue;
    proxy.cutAfter(25, cutFrom.shift() === 60 ? "fin" : "rst");
  }
  proxy.close();
  const { text, status, metrics } = stream.state;
  assert.deepEqual([text, status], [RIVER, "finished"]);
  assert.deepEqual([proxy.cuts, metrics.resumes], [3, 3]);
  return `${metrics.resumes} resumes, ${metrics.duplicatesDropped} duplicates dropped`;
}
