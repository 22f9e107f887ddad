import type { ReactNode } from "react";
import type { Model } from "@seseragi/client";

interface Props {
  readonly models: readonly Model[];
  readonly fallback: string | undefined;
  readonly value: string;
  readonly onChange: (model: string) => void;
}

/** The empty value is the gateway's default route. */
export function ModelSelect({ models, fallback, value, onChange }: Props): ReactNode {
  const others = models.filter(({ name }) => name !== fallback);
  return (
    <select data-testid="model-select" aria-label="Model" value={value} onChange={(event) => onChange(event.target.value)}>
      <option value="">{fallback ?? "default model"}</option>
      {others.map(({ name, description, ready }) => (
        <option key={name} value={name} disabled={!ready} title={description}>
          {ready ? name : `${name} (not ready)`}
        </option>
      ))}
    </select>
  );
}
