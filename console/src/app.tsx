import { useEffect, useRef, useState, type ReactNode } from "react";
import { isRunning } from "./conversation.js";
import { useStore } from "./store.js";
import { useGatewayInfo, useModels } from "./use-gateway.js";
import type { Wiring } from "./wiring.js";
import { Announcer } from "./components/announcer.js";
import { Composer } from "./components/composer.js";
import { ErrorNote } from "./components/error-note.js";
import { Header } from "./components/header.js";
import { ModelNote } from "./components/model-note.js";
import { ModelSelect } from "./components/model-select.js";
import { SignIn } from "./components/sign-in.js";
import { Transcript } from "./components/transcript.js";

export function App({ http, session, client, conversation }: Wiring): ReactNode {
  const info = useGatewayInfo(http);
  const who = useStore(session.state);
  const turns = useStore(conversation.turns);
  const models = useModels(client, who.kind === "none" ? undefined : `${who.kind} ${who.subject ?? ""}`);
  const [model, setModel] = useState("");
  const tokenInput = useRef<HTMLInputElement>(null);

  const last = turns.at(-1);
  const running = isRunning(last);
  const guest = info?.guest ?? true;
  const ask = (question: string): boolean => conversation.ask(question, model);
  const stop = (): void => conversation.stop();

  useEffect(() => {
    if (!running) return;
    const onKey = (event: KeyboardEvent): void => void (event.key === "Escape" && !event.isComposing && conversation.stop());
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [running, conversation]);

  const signIn = (): void => {
    if (guest) session.signInAsGuest().catch(() => undefined); // the session's state has the error
    else tokenInput.current?.focus();
  };

  return (
    <div className="page">
      <Header version={info?.version}>
        <SignIn session={session} who={who} guest={guest} inputRef={tokenInput} />
      </Header>
      <main>
        <ModelNote info={info} disabled={running} onAsk={ask} />
        <Transcript turns={turns} />
      </main>
      <footer className="dock">
        <ErrorNote error={who.error ?? last?.answer.error} guest={guest} onSignIn={signIn} />
        <Composer running={running} onAsk={ask} onStop={stop}>
          <ModelSelect models={models} fallback={info?.default_model} value={model} onChange={setModel} />
        </Composer>
      </footer>
      <Announcer turn={last} />
    </div>
  );
}
