import type { ReactNode } from "react";
import type { StreamState } from "@seseragi/client";
import { statusText } from "../words.js";

/** The figures of the latest answer. The places are there before there is anything to say. */
export function StatusBar({ answer }: { answer: StreamState | undefined }): ReactNode {
  const { ttftMs, deltasPerSecond, resumes = 0 } = answer?.metrics ?? {};
  const status = answer?.status ?? "idle";
  return (
    <dl className="status-bar">
      <div>
        <dt className="hidden">Status</dt>
        <dd className="status" data-testid="status" data-status={status} data-finish={answer?.finish}>
          {answer ? statusText(answer) : "Ready"}
        </dd>
      </div>
      <Figure label="first text" testId="ttft" value={ttftMs} unit="ms" digits={0} />
      <Figure label="rate" testId="rate" value={deltasPerSecond} unit="deltas/s" digits={1} />
      {resumes > 0 && <Figure label="resumed" testId="resumes" value={resumes} unit="×" digits={0} />}
      <div className="stream-id">
        <dt>stream</dt>
        <dd data-testid="stream-id">{answer?.streamId ?? "–"}</dd>
      </div>
    </dl>
  );
}

interface FigureProps {
  readonly label: string;
  readonly testId: string;
  readonly value: number | undefined;
  readonly unit: string;
  readonly digits: number;
}

function Figure({ label, testId, value, unit, digits }: FigureProps): ReactNode {
  return (
    <div>
      <dt>{label}</dt>
      <dd data-testid={testId} data-value={value}>
        {value === undefined ? "–" : `${value.toFixed(digits)} ${unit}`}
      </dd>
    </div>
  );
}
