import type { ReactNode } from "react";
import type { SeseragiError } from "@seseragi/client";
import { explain, type Way } from "../words.js";

interface Props {
  readonly error: SeseragiError | undefined;
  readonly way: Way;
  readonly onSignIn: () => void;
}

const BUTTONS: Record<Way, string> = { account: "Sign in", guest: "Sign in again as guest", token: "Paste a token" };

export function ErrorNote({ error, way, onSignIn }: Props): ReactNode {
  if (!error) return null;
  const { text, signIn } = explain(error, way);
  return (
    <div className="error" role="alert">
      <p data-testid="error-message" data-code={error.code}>
        {text}
      </p>
      {signIn && (
        <button type="button" data-testid="sign-in-again" onClick={onSignIn}>
          {BUTTONS[way]}
        </button>
      )}
    </div>
  );
}
