import { useState, type FormEvent, type KeyboardEvent, type ReactNode } from "react";

interface Props {
  readonly running: boolean;
  readonly onAsk: (question: string) => boolean;
  readonly onStop: () => void;
  readonly children: ReactNode;
}

export function Composer({ running, onAsk, onStop, children }: Props): ReactNode {
  const [question, setQuestion] = useState("");
  const send = (): void => {
    if (onAsk(question)) setQuestion("");
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    send();
  };
  const keyDown = (event: KeyboardEvent): void => {
    // While Japanese is being composed Enter chooses a word. Safari says so only by key code 229.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send();
  };
  return (
    <form className="composer" onSubmit={submit}>
      <textarea
        data-testid="ask-input"
        aria-label="Your question"
        aria-keyshortcuts="Enter Control+Enter Meta+Enter"
        placeholder="Ask something…"
        rows={2}
        value={question}
        onChange={(event) => setQuestion(event.target.value)}
        onKeyDown={keyDown}
      />
      <div className="row">
        {children}
        <span className="hint">Enter sends · Shift+Enter: new line · Esc stops</span>
        <button type="button" data-testid="stop-button" disabled={!running} onClick={onStop} aria-keyshortcuts="Escape">
          Stop
        </button>
        <button type="submit" className="primary" data-testid="ask-button" disabled={running || !question.trim()}>
          Ask
        </button>
      </div>
    </form>
  );
}
