import type { ReactNode } from "react";
import type { SeseragiError } from "@seseragi/client";
import { explain } from "../words.js";

interface Props {
  readonly error: SeseragiError | undefined;
  readonly guest: boolean;
  readonly onSignIn: () => void;
}

export function ErrorNote({ error, guest, onSignIn }: Props): ReactNode {
  if (!error) return null;
  const { text, signIn } = explain(error, guest);
  return (
    <div className="error" role="alert">
      <p data-testid="error-message" data-code={error.code}>
        {text}
      </p>
      {signIn && (
        <button type="button" data-testid="sign-in-again" onClick={onSignIn}>
          {guest ? "Sign in again as guest" : "Paste a token"}
        </button>
      )}
    </div>
  );
}
