import { afterEach, expect, test, vi } from "vitest";
import { Session } from "./session.js";

function session(): { session: Session; issued: () => number } {
  let issued = 0;
  const guest = async (): Promise<{ access_token: string; expires_in: number; subject: string }> => ({ access_token: `t${++issued}`, expires_in: 300, subject: "guest:1" });
  return { session: new Session(guest), issued: () => issued };
}

afterEach(() => void vi.useRealTimers());

test("one sign-in for many who need it at once", async () => {
  const { session: one, issued } = session();
  expect(await Promise.all([one.accessToken({ refresh: false }), one.accessToken({ refresh: false }), one.signInAsGuest()])).toEqual(["t1", "t1", undefined]);
  expect(issued()).toBe(1);
});

test("a guest's token is replaced before its end, and when it was refused", async () => {
  vi.useFakeTimers();
  const { session: one } = session();
  expect(await one.accessToken({ refresh: false })).toBe("t1");
  vi.advanceTimersByTime(289_000);
  expect(await one.accessToken({ refresh: false })).toBe("t1");
  vi.advanceTimersByTime(2_000);
  expect(await one.accessToken({ refresh: false })).toBe("t2");
  expect(await one.accessToken({ refresh: true })).toBe("t3");
});

test("a pasted token is never replaced by another identity", async () => {
  const { session: one, issued } = session();
  one.usePasted("pasted");
  expect(await one.accessToken({ refresh: false })).toBe("pasted");
  await expect(one.accessToken({ refresh: true })).rejects.toMatchObject({ code: "unauthenticated" });
  expect(issued()).toBe(0);
});

test("shows whose token was pasted", () => {
  const { session: one } = session();
  one.usePasted(`h.${btoa(JSON.stringify({ sub: "mika" }))}.s`);
  expect(one.state.get().subject).toBe("mika");
});
