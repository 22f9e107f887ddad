/**
 * A page that is left stops its answer, and has no time to sign the proof for that call: so one is kept ready while an answer is written.
 */
import type { DpopKey, DpopSource } from "@seseragi/client";
import { isRunning, type Conversation } from "./conversation.js";
import type { Session } from "./session.js";

/** A prepared proof is used for half a minute at most. */
const EVERY_MS = 20_000;

export function keepProofReady(dpop: DpopSource, baseUrl: string, session: Session, conversation: Conversation): void {
  let timer: ReturnType<typeof setInterval> | undefined;
  const prepare = async (): Promise<void> => {
    const key: DpopKey | undefined = await dpop;
    await key?.prepare({ method: "POST", url: new URL("infer.Infer/Cancel", baseUrl), accessToken: session.current });
  };
  conversation.turns.subscribe(() => {
    const last = conversation.turns.get().at(-1);
    const running = isRunning(last) && last?.answer.streamId !== undefined;
    if (running === (timer !== undefined)) return;
    clearInterval(timer);
    timer = running ? setInterval(() => void prepare(), EVERY_MS) : undefined;
    if (running) void prepare();
  });
  session.state.subscribe(() => void (timer !== undefined && prepare())); // another token needs another proof
}
