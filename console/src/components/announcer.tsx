import type { ReactNode } from "react";
import type { Turn } from "../conversation.js";

/** For screen readers: what happens, in few words, and the answer once, when it is whole. The growing text itself is never read out. */
export function Announcer({ turn }: { turn: Turn | undefined }): ReactNode {
  return (
    <p className="hidden" role="status" aria-live="polite" data-testid="announcer">
      {turn && announcement(turn)}
    </p>
  );
}

function announcement({ answer: { status, text, metrics } }: Turn): string {
  switch (status) {
    case "idle":
    case "connecting":
      return "Question sent";
    case "streaming":
      return metrics.resumes > 0 ? "Connection resumed, nothing was lost" : "The answer is being written";
    case "reconnecting":
      return "Connection lost, reconnecting";
    case "cancelled":
      return `Stopped. ${text}`;
    case "finished":
      return `Answer finished. ${text}`;
    default:
      return ""; // the error note is an alert of its own
  }
}
