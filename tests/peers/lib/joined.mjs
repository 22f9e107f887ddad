/** The text of a stream joined by the client rule, over as many connections as it takes; and what a whole stream must look like. */
import assert from "node:assert/strict";
import { Infer, OnDisconnect } from "./contract.mjs";
import { Status } from "./wires.mjs";

const CONNECTIONS_MAX = 8;
export const KEEP = { onDisconnect: OnDisconnect.KEEP };

/** One uncut answer by one connection. */
export async function readWhole(wire, url, request, token) {
  const joined = new Joined();
  for await (const frame of wire.stream(url, Infer.method.stream, request, token)) joined.take(frame);
  assert.ok(joined.terminal, "the stream ended without a terminal");
  return joined;
}

/** An answer over a network that cuts: each connection but the last breaks. `progress` is told the last position after each frame. */
export async function readThroughCuts(wire, url, request, token, progress) {
  const joined = new Joined();
  const cursors = [];
  for (let connections = 1; connections <= CONNECTIONS_MAX; connections++) {
    const frames = joined.streamId
      ? wire.stream(url, Infer.method.resume, { streamId: joined.streamId, afterSeq: joined.applied, delivery: KEEP }, token)
      : wire.stream(url, Infer.method.stream, { ...request, delivery: KEEP }, token);
    try {
      for await (const frame of frames) {
        joined.take(frame);
        progress(joined.applied);
      }
      assert.ok(joined.terminal, "a connection ended cleanly, but without a terminal");
      return { joined, connections, cursors };
    } catch (error) {
      if (!(error instanceof Status) || joined.terminal) throw error;
      cursors.push({ seq: joined.applied, text: joined.text });
    }
  }
  throw new Error(`not whole after ${CONNECTIONS_MAX} connections`);
}

class Joined {
  text = "";
  applied = 0;
  streamId = "";
  terminal = undefined;
  /** Frames with text. */
  frames = 0;

  take(frame) {
    assert.equal(this.terminal, undefined, "a frame came after the terminal");
    if (frame.opened) this.streamId = frame.opened.streamId;
    if (frame.firstSeq === 0 || frame.lastSeq <= this.applied) return;
    assert.equal(frame.firstSeq, this.applied + 1, "positions are not contiguous");
    this.applied = frame.lastSeq;
    this.text += frame.delta;
    this.terminal = frame.terminal;
    if (frame.delta) this.frames++;
  }
}
