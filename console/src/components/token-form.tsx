import { useState, type FormEvent, type ReactNode, type RefObject } from "react";
import type { Session } from "../session.js";

interface Props {
  readonly session: Session;
  readonly inputRef: RefObject<HTMLInputElement | null>;
}

export function TokenForm({ session, inputRef }: Props): ReactNode {
  const [pasted, setPasted] = useState("");
  const apply = (event: FormEvent): void => {
    event.preventDefault();
    session.usePasted(pasted);
    setPasted(""); // kept by the session, in memory only
  };
  return (
    <form className="row" onSubmit={apply}>
      <input
        ref={inputRef}
        type="password"
        data-testid="token-input"
        aria-label="Access token"
        placeholder="or an access token"
        autoComplete="off"
        spellCheck={false}
        value={pasted}
        onChange={(event) => setPasted(event.target.value)}
      />
      <button type="submit" data-testid="token-apply" disabled={!pasted.trim()}>
        Use
      </button>
    </form>
  );
}
