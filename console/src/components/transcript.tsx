import { memo, useEffect, useLayoutEffect, useRef, type ReactNode } from "react";
import { isRunning, type Turn } from "../conversation.js";
import { StatusBar } from "./status-bar.js";

export function Transcript({ turns }: { turns: readonly Turn[] }): ReactNode {
  useFollow(turns);
  return (
    <section className="transcript" role="log" aria-label="Questions and answers" tabIndex={-1}>
      {turns.map((turn, index) => (
        <TurnView key={turn.id} turn={turn} latest={index === turns.length - 1} />
      ))}
      {turns.length === 0 && <StatusBar answer={undefined} />}
    </section>
  );
}

/** A turn that does not change is not rendered again, however fast the last one grows. */
const TurnView = memo(function TurnView({ turn, latest }: { turn: Turn; latest: boolean }): ReactNode {
  const { answer, lang, question } = turn;
  const running = isRunning(turn);
  return (
    <article className="turn">
      <h2 className="question" lang={lang}>
        {question}
      </h2>
      {answer.reasoning && (
        <details className="reasoning">
          <summary>Reasoning</summary>
          <p aria-live="off">{answer.reasoning}</p>
        </details>
      )}
      <div className="answer" lang={lang} aria-live="off" aria-busy={running} data-running={running} data-testid={latest ? "answer-text" : "earlier-answer"}>
        {answer.text}
      </div>
      {latest && <StatusBar answer={answer} />}
    </article>
  );
});

/** Keeps the end of the page in view while it grows, until the reader scrolls away from it. */
function useFollow(turns: readonly Turn[]): void {
  const following = useRef(true);
  const count = turns.length;
  useEffect(() => {
    const onScroll = (): void => {
      const { scrollHeight, clientHeight } = document.documentElement;
      following.current = scrollHeight - clientHeight - window.scrollY < 80;
    };
    window.addEventListener("scroll", onScroll, { passive: true });
    return () => window.removeEventListener("scroll", onScroll);
  }, []);
  useLayoutEffect(() => void (following.current = true), [count]);
  useLayoutEffect(() => {
    if (following.current && turns.length > 0) window.scrollTo({ top: document.documentElement.scrollHeight });
  }, [turns]);
}
