import { useState, type FormEvent, type ReactNode, type RefObject } from "react";
import type { Session, SessionState } from "../session.js";

interface Props {
  readonly session: Session;
  readonly who: SessionState;
  readonly guest: boolean;
  readonly inputRef: RefObject<HTMLInputElement | null>;
}

export function SignIn({ session, who, guest, inputRef }: Props): ReactNode {
  const [pasted, setPasted] = useState("");
  const apply = (event: FormEvent): void => {
    event.preventDefault();
    session.usePasted(pasted);
    setPasted(""); // kept by the session, in memory only
  };
  return (
    <section className="sign-in" aria-label="Sign in">
      <p className="who" data-testid="session" data-kind={who.kind}>
        {describe(who)}
      </p>
      <div className="row">
        {guest && (
          <button
            type="button"
            data-testid="guest-button"
            disabled={who.signingIn}
            onClick={() => void session.signInAsGuest().catch(() => undefined)}
          >
            {who.kind === "guest" ? "New guest" : "Sign in as guest"}
          </button>
        )}
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
      </div>
    </section>
  );
}

function describe({ kind, subject, signingIn }: SessionState): string {
  if (signingIn) return "Signing in…";
  if (kind === "none") return "Not signed in";
  if (kind === "guest") return `Guest ${subject?.replace(/^guest:/, "") ?? ""}`;
  return `Access token${subject ? ` of ${subject}` : ""}`;
}
