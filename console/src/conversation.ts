/** The questions asked on this page and their answers. One answer is written at a time; each question stands alone. */
import type { InferStream, SeseragiClient, StreamState } from "@seseragi/client";
import { perFrame, Store } from "./store.js";

export interface Turn {
  readonly id: number;
  readonly question: string;
  readonly lang: "en" | "ja";
  readonly answer: StreamState;
}

const TURNS_MAX = 30;
const RUNNING: ReadonlySet<StreamState["status"]> = new Set(["idle", "connecting", "streaming", "reconnecting"]);

export function isRunning(turn: Turn | undefined): boolean {
  return turn !== undefined && RUNNING.has(turn.answer.status);
}

export class Conversation {
  readonly turns = new Store<readonly Turn[]>([]);
  readonly #client: Pick<SeseragiClient, "stream">;
  #current: InferStream | undefined;
  #asked = 0;

  constructor(client: Pick<SeseragiClient, "stream">) {
    this.#client = client;
  }

  /** Returns false, and does nothing, while an answer is being written. */
  ask(question: string, model: string): boolean {
    const prompt = question.trim();
    if (!prompt || isRunning(this.turns.get().at(-1))) return false;
    const stream = this.#client.stream({ prompt, model });
    this.#current = stream;
    const turn: Turn = { id: ++this.#asked, question: prompt, lang: languageOf(prompt), answer: stream.state };
    this.turns.set([...this.turns.get(), turn].slice(-TURNS_MAX));
    stream.subscribe(perFrame(() => this.#show(turn.id, stream.state)));
    stream.result().catch(() => undefined); // the state has the error
    return true;
  }

  /** Cancel, not a dropped connection: the gateway cannot tell a person who stops from a train in a tunnel. */
  async stop(): Promise<void> {
    await this.#current?.cancel().catch(() => undefined); // the person sees that it still runs, and may press again
  }

  #show(id: number, answer: StreamState): void {
    this.turns.set(this.turns.get().map((turn) => (turn.id === id ? { ...turn, answer } : turn)));
  }
}

/** Kana or kanji: fonts and line breaks differ. */
function languageOf(text: string): "en" | "ja" {
  return /[\u3040-\u30ff\u4e00-\u9fff]/.test(text) ? "ja" : "en";
}
