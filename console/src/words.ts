/** What the page says about states and errors, in one place. */
import { GenerationError, type SeseragiError, type StreamState } from "@seseragi/client";

/** Whether an answer ended because the right to it was withdrawn: signed out elsewhere, disabled, revoked. Not a failure of anything. */
export function isRevoked(answer: Pick<StreamState, "finish"> | undefined): boolean {
  return answer?.finish === "revoked";
}

export function statusText({ status, finish }: Pick<StreamState, "status" | "finish">): string {
  switch (status) {
    case "idle":
      return "Ready";
    case "connecting":
      return "Connecting…";
    case "streaming":
      return "Streaming";
    case "reconnecting":
      return "Reconnecting…";
    case "cancelled":
      return "Stopped";
    case "failed":
      return finish === "revoked" ? "Withdrawn" : "Failed";
    case "detached":
      return "Left";
    case "finished":
      if (finish === "length") return "Finished: length limit";
      if (finish === "quota") return "Finished: quota used up";
      return "Finished";
  }
}

export interface Explanation {
  readonly text: string;
  /** The way out is to sign in. */
  readonly signIn: boolean;
}

/** How one signs in here, or did: with a name and a password, as a guest, or with a token from elsewhere. */
export type Way = "account" | "guest" | "token";

/** What happened, and what to do. */
export function explain(error: SeseragiError, way: Way): Explanation {
  const otherwise = way === "token" ? "paste a new one above." : "sign in again.";
  const wait = error.retryAfterMs ? ` Try again in ${Math.ceil(error.retryAfterMs / 1000)} s.` : "";
  const known = BY_REASON[error.reason ?? error.code];
  if (known) return { text: known.text + wait, signIn: known.signIn };
  if (error instanceof GenerationError) {
    return { text: `The model did not finish: ${error.message} (${error.code})${error.retryable ? " It may work if you ask again." : ""}`, signIn: false };
  }
  switch (error.code) {
    case "unauthenticated":
      return { text: `Your access token is not valid any more: ${otherwise}`, signIn: true };
    case "permission_denied":
      return { text: `Your access token does not allow this: it needs the scope infer:read. (${error.message})`, signIn: true };
    case "refused":
      if (way === "account") return { text: `Sign in with your name and password first. (${error.message})`, signIn: true };
      return { text: `Signing in as a guest was refused: ${error.message} Paste an access token instead.`, signIn: false };
    case "unavailable":
      return { text: `The gateway cannot be reached. What arrived is kept; ask again when it is back.${wait}`, signIn: false };
    case "resource_exhausted":
      return { text: `The gateway is busy or a limit is reached: ${error.message}.${wait}`, signIn: false };
    case "not_found":
    case "out_of_range":
      return { text: "The rest of this answer is not kept any more. Ask again.", signIn: false };
    case "data_loss":
      return { text: `This answer did not arrive intact, do not rely on it: ${error.message}.`, signIn: false };
    default:
      return { text: `${error.message} (${error.code})${wait}`, signIn: false };
  }
}

const BY_REASON: Readonly<Record<string, Explanation>> = {
  revoked: { text: "Your right to this answer was withdrawn. Sign in again.", signIn: true },
  signed_out: { text: "You are signed out. Sign in again.", signIn: true },
  credentials: { text: "The name or the password is wrong.", signIn: false },
  too_many_attempts: { text: "Too many attempts.", signIn: false },
  busy: { text: "Too many people sign in at this moment.", signIn: false },
};
