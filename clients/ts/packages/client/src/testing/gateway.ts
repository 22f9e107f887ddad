/** A gateway in memory that keeps the contract (or breaks it where a test says so): one log, read by slices, cut where wanted. */
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { Code, ConnectError, createRouterTransport, type HandlerContext, type Transport } from "@connectrpc/connect";
import { crc32c } from "../crc32c.js";
import { Finish, Infer, InferReplySchema, type InferReply, type ResumeRequest, type StreamRequest } from "../gen/infer_pb.js";

export type Frame = MessageInitShape<typeof InferReplySchema>;
export const STREAM_ID = "s-1";

export const opened = (resumedAfter = 0, more: { epoch?: number; heartbeatMs?: number; streamId?: string } = {}): Frame => ({
  opened: { streamId: STREAM_ID, epoch: 1, model: "echo", heartbeatMs: 0, resumedAfter, ...more },
});
export const text = (delta: string, firstSeq: number, lastSeq = firstSeq): Frame => ({ delta, firstSeq, lastSeq });
export const sums = (all: string): { utf8Len: number; crc32c: number } => {
  const bytes = new TextEncoder().encode(all);
  return { utf8Len: bytes.length, crc32c: crc32c(bytes) };
};
export const terminal = (seq: number, all: string, more: Partial<{ finish: Finish; code: string; message: string; crc32c: number }> = {}): Frame => ({
  firstSeq: seq,
  lastSeq: seq,
  terminal: { finish: Finish.STOP, ...sums(all), ...more },
});

/** The frames after `after`: the log of `deltas` in slices of `width`, a checkpoint after each slice, and the terminal. */
export function slices(deltas: readonly string[], after: number, width: number): Frame[] {
  const frames: Frame[] = [opened(after)];
  const upTo = (seq: number): string => deltas.slice(0, seq).join("");
  for (let done = after; done < deltas.length; ) {
    const last = Math.min(done + width, deltas.length);
    frames.push(text(deltas.slice(done, last).join(""), done + 1, last), { checkpoint: { seq: last, ...sums(upTo(last)) } });
    done = last;
  }
  return [...frames, terminal(deltas.length + 1, upTo(deltas.length))];
}

type Serve = AsyncIterable<Frame> | Iterable<Frame>;

export interface Script {
  /** What each connection gives; the last is repeated. A thrown error is the status, running out of frames a clean end. */
  connections: ((request: StreamRequest | ResumeRequest, context: HandlerContext) => Serve)[];
  cancel?: (streamId: string) => Frame["terminal"];
}

export interface Gateway {
  readonly transport: Transport;
  readonly opens: StreamRequest[];
  readonly resumes: ResumeRequest[];
  readonly tokens: (string | null)[];
  readonly cancels: string[];
}

export function gateway(script: Script): Gateway {
  const opens: StreamRequest[] = [];
  const resumes: ResumeRequest[] = [];
  const tokens: (string | null)[] = [];
  const cancels: string[] = [];
  let connection = 0;
  async function* serve(request: StreamRequest | ResumeRequest, context: HandlerContext): AsyncGenerator<InferReply> {
    tokens.push(context.requestHeader.get("authorization"));
    const index = Math.min(connection++, script.connections.length - 1);
    for await (const frame of script.connections[index]!(request, context)) yield create(InferReplySchema, frame);
  }
  const transport = createRouterTransport((router) => {
    router.service(Infer, {
      stream: (request, context) => (opens.push(request), serve(request, context)),
      resume: (request, context) => (resumes.push(request), serve(request, context)),
      cancel(request) {
        cancels.push(request.streamId);
        const reply = script.cancel?.(request.streamId);
        return reply ? { terminal: reply } : {};
      },
      listModels: (_, context) => {
        tokens.push(context.requestHeader.get("authorization"));
        return { models: [{ name: "echo", ready: true }] };
      },
    });
  });
  return { transport, opens, resumes, tokens, cancels };
}

/** `frames` and then a broken connection. */
export function* cutAfter(frames: readonly Frame[], code: Code = Code.Unavailable): Generator<Frame> {
  yield* frames;
  throw new ConnectError("the connection broke", code);
}
