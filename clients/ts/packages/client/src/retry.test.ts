import { expect, test } from "vitest";
import { SeseragiError } from "./errors.js";
import { Backoff, DEFAULT_RETRY, isFinal } from "./retry.js";

test("waits double from 0.25 s to 8 s, with full jitter", () => {
  const longest = new Backoff(DEFAULT_RETRY, () => 1);
  expect(Array.from({ length: 8 }, () => longest.next(0, "resume", false))).toEqual([250, 500, 1000, 2000, 4000, 8000, 8000, 8000]);
  expect(new Backoff(DEFAULT_RETRY, () => 0).next(0, "resume", false)).toBe(0);
});

test("gives up 60 s after the first failure without progress, and not before", () => {
  const backoff = new Backoff(DEFAULT_RETRY, () => 1);
  backoff.next(1_000, "resume", false);
  expect(backoff.next(60_999, "resume", false)).toBe(500);
  expect(backoff.next(61_000, "resume", false)).toBeUndefined();
  backoff.progress();
  expect(backoff.next(500_000, "resume", false)).toBe(250);
});

test("comes back at once when told to, but not in a tight loop, and not before it is allowed", () => {
  const backoff = new Backoff(DEFAULT_RETRY, () => 1);
  expect(backoff.next(0, "resume", true)).toBe(0);
  expect(backoff.next(0, "resume", true)).toBe(500);
  expect(backoff.next(0, "resume", true, 3_000)).toBe(3_000);
});

test.each([
  ["not_found", true, true],
  ["out_of_range", true, true],
  ["permission_denied", true, true],
  ["data_loss", true, true],
  ["invalid_argument", true, false],
  ["resource_exhausted", true, false],
  ["unavailable", false, false],
  ["internal", false, false],
  ["cancelled", false, false],
])("%s is final on open: %s, on resume: %s", (code, open, resume) => {
  const error = new SeseragiError(code, "");
  expect([isFinal(error, "open"), isFinal(error, "resume")]).toEqual([open, resume]);
});
