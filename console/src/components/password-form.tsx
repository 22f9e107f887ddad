import { useState, type FormEvent, type ReactNode, type RefObject } from "react";
import type { Session } from "../session.js";

interface Props {
  readonly session: Session;
  readonly busy: boolean;
  readonly nameRef: RefObject<HTMLInputElement | null>;
}

/** A real form with the names that password managers look for. */
export function PasswordForm({ session, busy, nameRef }: Props): ReactNode {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [remember, setRemember] = useState(false);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setPassword("");
    session.signIn(name.trim(), password, remember).catch(() => undefined); // the session's state has the error
  };
  return (
    <form className="password-form" onSubmit={submit} aria-label="Sign in with a password">
      <div className="row">
        <input
          ref={nameRef}
          name="username"
          data-testid="name-input"
          aria-label="Name"
          placeholder="Name"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <input
          type="password"
          name="password"
          data-testid="password-input"
          aria-label="Password"
          placeholder="Password"
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <button type="submit" data-testid="sign-in" disabled={busy || !name.trim() || !password}>
          Sign in
        </button>
      </div>
      <label className="remember">
        <input type="checkbox" data-testid="remember" checked={remember} onChange={(event) => setRemember(event.target.checked)} />
        Stay signed in on this device
      </label>
    </form>
  );
}
