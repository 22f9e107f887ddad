import { expect, test } from "vitest";
import { Pause } from "./pause.js";

const HOUR_MS = 3_600_000;

test.each<[string, (pause: Pause, abort: AbortController, device: EventTarget) => void]>([
  ["wake", (pause) => pause.wake()],
  ["an abort", (_, abort) => abort.abort()],
  ["being online again", (_, __, device) => device.dispatchEvent(new Event("online"))],
])("%s ends a wait", async (_, end) => {
  const device = new EventTarget();
  const before = { addEventListener: globalThis.addEventListener, removeEventListener: globalThis.removeEventListener };
  Object.assign(globalThis, { addEventListener: device.addEventListener.bind(device), removeEventListener: device.removeEventListener.bind(device) });
  try {
    const pause = new Pause();
    const abort = new AbortController();
    const slept = pause.sleep(HOUR_MS, abort.signal);
    end(pause, abort, device);
    await slept;
    expect(await pause.sleep(0)).toBeUndefined();
  } finally {
    Object.assign(globalThis, before);
  }
});
