import { create } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { IntegrityError } from "./errors.js";
import { InferReplySchema } from "./gen/infer_pb.js";
import { sums, terminal, text, type Frame } from "./testing/gateway.js";
import { Transcript } from "./transcript.js";

function read(...frames: Frame[]): { kinds: string[]; transcript: Transcript } {
  const transcript = new Transcript();
  return { kinds: frames.map((frame) => transcript.accept(create(InferReplySchema, frame)).kind), transcript };
}

interface Case {
  readonly name: string;
  readonly frames: Frame[];
  readonly kinds: string[];
  readonly text: string;
  readonly applied: number;
}

const A_TO_C = "a🌊水";
const CASES: Case[] = [
  { name: "in order", frames: [text("a", 1), text("🌊", 2), text("水", 3)], kinds: ["applied", "applied", "applied"], text: A_TO_C, applied: 3 },
  { name: "a slice of several", frames: [text("a🌊", 1, 2), text("水", 3)], kinds: ["applied", "applied"], text: A_TO_C, applied: 3 },
  { name: "a repeated frame", frames: [text("a", 1), text("a", 1), text("🌊", 2)], kinds: ["applied", "duplicate", "applied"], text: "a🌊", applied: 2 },
  { name: "an old slice", frames: [text("a🌊水", 1, 3), text("🌊水", 2, 3)], kinds: ["applied", "duplicate"], text: A_TO_C, applied: 3 },
  { name: "a gap", frames: [text("a", 1), text("水", 3)], kinds: ["applied", "gap"], text: "a", applied: 1 },
  { name: "a slice over the position", frames: [text("a", 1), text("a🌊", 1, 2)], kinds: ["applied", "gap"], text: "a", applied: 1 },
  { name: "a terminal after a gap", frames: [text("a", 1), terminal(3, "a🌊")], kinds: ["applied", "gap"], text: "a", applied: 1 },
  { name: "a terminal", frames: [text("a", 1), terminal(2, "a")], kinds: ["applied", "terminal"], text: "a", applied: 2 },
  { name: "an empty answer", frames: [terminal(1, "")], kinds: ["terminal"], text: "", applied: 1 },
  { name: "padding only", frames: [{ pad: new Uint8Array(8) }], kinds: ["ignored"], text: "", applied: 0 },
  { name: "a kind of a later contract", frames: [{ firstSeq: 1, lastSeq: 1 }, text("a", 2)], kinds: ["applied", "applied"], text: "a", applied: 2 },
  {
    name: "checkpoints: now, of the past, of the future",
    frames: [text("a", 1), { checkpoint: { seq: 1, ...sums("a") } }, { checkpoint: { seq: 0, utf8Len: 9 } }, { checkpoint: { seq: 2 } }],
    kinds: ["applied", "verified", "ignored", "gap"],
    text: "a",
    applied: 1,
  },
];

test.each(CASES)("$name", ({ frames, kinds, text, applied }) => {
  const result = read(...frames);
  expect(result.kinds).toEqual(kinds);
  expect(result.transcript.text).toBe(text);
  expect(result.transcript.appliedSeq).toBe(applied);
});

test("only answer text is counted and checked", () => {
  const { kinds, transcript } = read(
    { reasoning: "hm", firstSeq: 1, lastSeq: 1 },
    { toolCall: { index: 0, id: "c1", name: "look", argumentsJson: '{"a"' }, firstSeq: 2, lastSeq: 2 },
    { toolCall: { index: 0, argumentsJson: ":1}" }, firstSeq: 3, lastSeq: 3 },
    text("水", 4),
    terminal(5, "水"),
  );
  expect(kinds.at(-1)).toBe("terminal");
  expect(transcript).toMatchObject({ text: "水", reasoning: "hm", textBytes: 3, toolCalls: [{ id: "c1", name: "look", argumentsJson: '{"a":1}' }] });
});

describe("what cannot be trusted is refused", () => {
  test.each<[string, Frame[]]>([
    ["a wrong checksum", [text("a", 1), terminal(2, "b")]],
    ["a wrong length", [text("a", 1), { checkpoint: { seq: 1, ...sums("ab") } }]],
    ["content without a position", [{ delta: "a" }]],
    ["a terminal without a position", [{ terminal: {} }]],
    ["a range that runs backwards", [text("a", 3, 2)]],
    ["a terminal before what was read", [text("ab", 1, 2), terminal(2, "a")]],
    ["an absurd tool call index", [{ toolCall: { index: 4_000_000_000 }, firstSeq: 1, lastSeq: 1 }]],
  ])("%s", (_, frames) => {
    expect(() => read(...frames)).toThrow(IntegrityError);
  });
});
