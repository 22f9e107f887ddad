/**
 * The text read so far, and the rule by which a frame is added to it. The rule is the same in every client of Seseragi:
 * `last ≤ applied` drop, `first = applied + 1` apply, anything else is a gap: do not apply, resume at `applied`.
 * Pure: no connection, no time. Invariant: `text` is the text of every position from 1 to `appliedSeq`, each once.
 */
import { crc32c } from "./crc32c.js";
import { IntegrityError } from "./errors.js";
import type { InferReply, Terminal } from "./gen/infer_pb.js";
import type { ToolCallState } from "./state.js";

export type ContentEvent =
  | { readonly type: "text"; readonly text: string; readonly firstSeq: number; readonly lastSeq: number }
  | { readonly type: "reasoning"; readonly text: string; readonly firstSeq: number; readonly lastSeq: number }
  | ({ readonly type: "tool_call"; readonly index: number; readonly firstSeq: number; readonly lastSeq: number } & ToolCallState);

export type Verdict =
  | { readonly kind: "applied"; readonly event: ContentEvent | undefined }
  | { readonly kind: "terminal"; readonly terminal: Terminal }
  | { readonly kind: "duplicate" | "gap" | "verified" | "ignored" };

const MAX_TOOL_CALLS = 256;

const encoder = new TextEncoder();

export class Transcript {
  text = "";
  reasoning = "";
  toolCalls: readonly ToolCallState[] = [];
  appliedSeq = 0;
  textBytes = 0;
  #crc = 0;

  accept(frame: InferReply): Verdict {
    if (frame.checkpoint) return this.#checkpoint(frame.checkpoint);
    const { firstSeq, lastSeq } = frame;
    if (firstSeq === 0 && lastSeq === 0) {
      if (frame.terminal || frame.delta || frame.reasoning || frame.toolCall) throw new IntegrityError("a frame with content has no position");
      return { kind: "ignored" };
    }
    if (firstSeq === 0 || lastSeq < firstSeq) throw new IntegrityError(`a frame covers the impossible range ${firstSeq}–${lastSeq}`);
    if (lastSeq <= this.appliedSeq) {
      if (frame.terminal) throw new IntegrityError(`the stream ends at ${lastSeq}, but ${this.appliedSeq} was read`);
      return { kind: "duplicate" };
    }
    if (firstSeq !== this.appliedSeq + 1) return { kind: "gap" };
    if (frame.terminal) return this.#terminal(frame.terminal, lastSeq);
    this.appliedSeq = lastSeq;
    return { kind: "applied", event: this.#apply(frame) };
  }

  #apply(frame: InferReply): ContentEvent | undefined {
    const { firstSeq, lastSeq } = frame;
    if (frame.delta) {
      const bytes = encoder.encode(frame.delta);
      this.text += frame.delta;
      this.textBytes += bytes.length;
      this.#crc = crc32c(bytes, this.#crc);
      return { type: "text", text: frame.delta, firstSeq, lastSeq };
    }
    if (frame.reasoning) {
      this.reasoning += frame.reasoning;
      return { type: "reasoning", text: frame.reasoning, firstSeq, lastSeq };
    }
    if (frame.toolCall) {
      const { index, id, name, argumentsJson } = frame.toolCall;
      if (index >= MAX_TOOL_CALLS) throw new IntegrityError(`a tool call has the impossible index ${index}`);
      const before = this.toolCalls[index] ?? { id: "", name: "", argumentsJson: "" };
      this.toolCalls = Object.assign([...this.toolCalls], {
        [index]: { id: id || before.id, name: name || before.name, argumentsJson: before.argumentsJson + argumentsJson },
      });
      return { type: "tool_call", index, id, name, argumentsJson, firstSeq, lastSeq };
    }
    return undefined; // a kind of a later contract: its position counts, its content is not ours to read
  }

  #checkpoint({ seq, utf8Len, crc32c: crc }: { seq: number; utf8Len: number; crc32c: number }): Verdict {
    if (seq > this.appliedSeq) return { kind: "gap" };
    if (seq < this.appliedSeq) return { kind: "ignored" };
    this.#verify(seq, utf8Len, crc);
    return { kind: "verified" };
  }

  #terminal(terminal: Terminal, seq: number): Verdict {
    this.#verify(seq, terminal.utf8Len, terminal.crc32c);
    this.appliedSeq = seq;
    return { kind: "terminal", terminal };
  }

  #verify(seq: number, utf8Len: number, crc: number): void {
    if (this.textBytes !== utf8Len) throw new IntegrityError(`the text up to ${seq} has ${this.textBytes} bytes, the server counted ${utf8Len}`);
    if (this.#crc !== crc) throw new IntegrityError(`the text up to ${seq} does not match the server's checksum`);
  }
}
