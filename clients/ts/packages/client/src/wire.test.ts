/** The bytes of both wires, cut at every one of them. */
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { createClient } from "./client.js";
import { InferReplySchema, ResumeRequestSchema } from "./gen/infer_pb.js";
import { slices, type Frame } from "./testing/gateway.js";

const DELTAS = [..."川 🌊 ok"];

function envelope(flags: number, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(5 + data.length);
  bytes[0] = flags;
  new DataView(bytes.buffer).setUint32(1, data.length);
  bytes.set(data, 5);
  return bytes;
}

const WIRES = {
  "grpc-web": { contentType: "application/grpc-web+proto", end: envelope(0x80, new TextEncoder().encode("grpc-status: 0\r\n")) },
  connect: { contentType: "application/connect+proto", end: envelope(0x02, new TextEncoder().encode("{}")) },
} as const;

function encode(frames: Frame[], end: Uint8Array): Uint8Array {
  const parts = [...frames.map((frame) => envelope(0, toBinary(InferReplySchema, create(InferReplySchema, frame)))), end];
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** Gives the first `cut` bytes of the answer on the first connection, in two pieces, and all that was asked for on later ones. */
function cutting(wire: keyof typeof WIRES, cut: number, how: "close" | "error"): { fetch: typeof fetch; paths: string[] } {
  const { contentType, end } = WIRES[wire];
  const paths: string[] = [];
  const answer = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const path = new URL(String(input)).pathname;
    const body = new Uint8Array(await new Response(init?.body ?? null).arrayBuffer());
    const after = path.endsWith("/Resume") ? fromBinary(ResumeRequestSchema, body.subarray(5)).afterSeq : 0;
    const all = encode(slices(DELTAS, after, 2), end);
    const bytes = paths.push(path) === 1 ? all.subarray(0, cut) : all;
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(bytes.slice(0, bytes.length >> 1));
        controller.enqueue(bytes.slice(bytes.length >> 1));
        if (how === "error" && paths.length === 1) controller.error(new TypeError("network error"));
        else controller.close();
      },
    });
    return new Response(stream, { headers: { "content-type": contentType } });
  };
  return { fetch: answer, paths };
}

describe.each(["grpc-web", "connect"] as const)("%s", (transport) => {
  const length = encode(slices(DELTAS, 0, 2), WIRES[transport].end).length;
  test.each(["close", "error"] as const)("cut at each byte (%s), the text is whole", async (how) => {
    for (let cut = 0; cut <= length; cut++) {
      const server = cutting(transport, cut, how);
      const client = createClient({ baseUrl: "http://test/base/", transport, fetch: server.fetch, retry: { baseMs: 0, maxMs: 0 } });
      const state = await client.stream({ prompt: "?" }).result();
      expect([cut, state.text, state.status]).toEqual([cut, DELTAS.join(""), "finished"]);
      expect(server.paths[0]).toBe("/base/infer.Infer/Stream");
    }
  });
});
