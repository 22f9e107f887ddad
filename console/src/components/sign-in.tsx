import type { ReactNode, RefObject } from "react";
import type { Session, SessionState } from "../session.js";
import { PasswordForm } from "./password-form.js";
import { TokenForm } from "./token-form.js";

interface Props {
  readonly session: Session;
  readonly who: SessionState;
  readonly guest: boolean;
  readonly accounts: boolean;
  readonly nameRef: RefObject<HTMLInputElement | null>;
  readonly tokenRef: RefObject<HTMLInputElement | null>;
  readonly onSignOut: () => void;
}

export function SignIn({ session, who, guest, accounts, nameRef, tokenRef, onSignOut }: Props): ReactNode {
  return (
    <section className="sign-in" aria-label="Sign in">
      <div className="row">
        <p className="who" data-testid="session" data-kind={who.kind} aria-live="polite">
          {describe(who)}
        </p>
        {who.kind === "user" && (
          <button type="button" data-testid="sign-out" onClick={onSignOut}>
            Sign out
          </button>
        )}
      </div>
      {accounts && who.kind !== "user" && <PasswordForm session={session} busy={who.signingIn} nameRef={nameRef} />}
      {who.kind !== "user" && (
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
          <TokenForm session={session} inputRef={tokenRef} />
        </div>
      )}
    </section>
  );
}

function describe({ kind, subject, signingIn }: SessionState): string {
  if (signingIn) return "Signing in…";
  if (kind === "none") return "Not signed in";
  if (kind === "user") return `Signed in as ${subject ?? ""}`;
  if (kind === "guest") return `Guest ${subject?.replace(/^guest:/, "") ?? ""}`;
  return `Access token${subject ? ` of ${subject}` : ""}`;
}
