import { useEffect, useRef, useState, type ReactNode } from "react";
import { isRunning } from "./conversation.js";
import { nextAfterSignIn, sentToSignIn } from "./next.js";
import { useStore } from "./store.js";
import { useGatewayInfo, useModels } from "./use-gateway.js";
import type { Wiring } from "./wiring.js";
import { isRevoked, type Way } from "./words.js";
import { Announcer } from "./components/announcer.js";
import { Composer } from "./components/composer.js";
import { ErrorNote } from "./components/error-note.js";
import { Header } from "./components/header.js";
import { ModelNote } from "./components/model-note.js";
import { ModelSelect } from "./components/model-select.js";
import { SignIn } from "./components/sign-in.js";
import { Transcript } from "./components/transcript.js";

interface Props extends Wiring {
  /** Where the page is, and how it leaves for another of ours. */
  readonly place?: Pick<Location, "href" | "assign">;
}

export function App({ http, session, client, conversation, place = window.location }: Props): ReactNode {
  const info = useGatewayInfo(http);
  const who = useStore(session.state);
  const turns = useStore(conversation.turns);
  const models = useModels(client, who.kind === "none" ? undefined : `${who.kind} ${who.subject ?? ""}`);
  const [model, setModel] = useState("");
  const nameInput = useRef<HTMLInputElement>(null);
  const tokenInput = useRef<HTMLInputElement>(null);

  const last = turns.at(-1);
  const running = isRunning(last);
  const revoked = isRevoked(last?.answer);
  const guest = info?.guest ?? true;
  const accounts = info?.accounts ?? false;
  const way = wayIn(accounts, guest, who.kind === "user" || who.ended);
  // The sign-in is over because the right was withdrawn: that is one piece of news, and the second says more.
  const error = revoked && who.error?.reason === "signed_out" ? last?.answer.error : (who.error ?? last?.answer.error);
  const ask = (question: string): boolean => conversation.ask(question, model);
  const stop = (): void => void conversation.stop();

  useEffect(() => {
    if (!running) return;
    const onKey = (event: KeyboardEvent): void => void (event.key === "Escape" && !event.isComposing && conversation.stop());
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [running, conversation]);

  useEffect(() => {
    if (!accounts) return;
    session.restore().catch(() => undefined); // the page works without; signing in will say what is wrong
    if (sentToSignIn(place)) nameInput.current?.focus();
  }, [accounts, session, place]);

  useEffect(() => {
    const next = who.kind === "user" && nextAfterSignIn(place);
    if (next) place.assign(next);
  }, [who.kind, place]);

  useEffect(() => {
    if (revoked) void session.doubt();
  }, [revoked, session]);

  const signIn = (): void => {
    if (way === "guest") session.signInAsGuest().catch(() => undefined); // the session's state has the error
    else if (way === "token") tokenInput.current?.focus();
    else void (who.kind === "user" ? signOut() : Promise.resolve()).then(() => requestAnimationFrame(() => nameInput.current?.focus()));
  };
  const signOut = async (): Promise<void> => {
    await conversation.stop(); // what one stops oneself is not withdrawn
    await session.signOut();
  };

  return (
    <div className="page">
      <Header version={info?.version}>
        <SignIn {...{ session, who, guest, accounts }} nameRef={nameInput} tokenRef={tokenInput} onSignOut={() => void signOut()} />
      </Header>
      <main>
        <ModelNote info={info} disabled={running} onAsk={ask} />
        <Transcript turns={turns} />
      </main>
      <footer className="dock">
        <ErrorNote error={error} way={way} onSignIn={signIn} />
        <Composer running={running} onAsk={ask} onStop={stop}>
          <ModelSelect models={models} fallback={info?.default_model} value={model} onChange={setModel} />
        </Composer>
      </footer>
      <Announcer turn={last} />
    </div>
  );
}

/** Who was signed in by name signs in by name again; else a guest is the shortest way, where there are guests. */
function wayIn(accounts: boolean, guest: boolean, byName: boolean): Way {
  if (accounts && (byName || !guest)) return "account";
  return guest ? "guest" : "token";
}
