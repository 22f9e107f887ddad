/** A wait that can be cut short: by `wake`, by an abort, or by the device saying that it is online again. */
export class Pause {
  #wake: (() => void) | undefined;

  wake(): void {
    this.#wake?.();
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (ms <= 0 || signal?.aborted) return;
    const events: Partial<EventTarget> = globalThis; // Node has no `online` event, and a worker may lack even the method
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      const done = (): void => {
        clearTimeout(timer);
        resolve();
      };
      this.#wake = done;
      signal?.addEventListener("abort", done, { once: true });
      events.addEventListener?.("online", done, { once: true });
    }).finally(() => {
      const done = this.#wake;
      this.#wake = undefined;
      if (!done) return;
      signal?.removeEventListener("abort", done);
      events.removeEventListener?.("online", done);
    });
  }
}
