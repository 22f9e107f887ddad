/** What the page says about states and errors, in one place. */
import { GenerationError, type SeseragiError, type StreamState } from "@seseragi/client";

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
      return "Failed";
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

/** What happened, and what to do. `guest`: whether signing in as a guest is possible here. */
export function explain(error: SeseragiError, guest: boolean): Explanation {
  const otherwise = guest ? "sign in again." : "paste a new one above.";
  const wait = error.retryAfterMs ? ` Try again in ${Math.ceil(error.retryAfterMs / 1000)} s.` : "";
  if (error instanceof GenerationError) {
    return { text: `The model did not finish: ${error.message} (${error.code})${error.retryable ? " It may work if you ask again." : ""}`, signIn: false };
  }
  switch (error.code) {
    case "unauthenticated":
      return { text: `Your access token is not valid any more: ${otherwise}`, signIn: true };
    case "permission_denied":
      return { text: `Your access token does not allow this: it needs the scope infer:read. (${error.message})`, signIn: true };
    case "refused":
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
