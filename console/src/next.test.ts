import { expect, test } from "vitest";
import { nextAfterSignIn, sentToSignIn } from "./next.js";

const origin = "https://seseragi.test";
const at = (query: string) => ({ href: `${origin}/${query}` });

test("leads back to the page that gives codes, with its whole question", () => {
  const next = "/auth/authorize?client_id=cli&state=a%20b&scope=infer:read";
  const place = at(`?sign-in&next=${encodeURIComponent(next)}`);
  expect([nextAfterSignIn(place), sentToSignIn(place)]).toEqual([next, true]);
});

test.each([
  "",
  "https://evil.test/auth/authorize?x",
  "//evil.test/auth/authorize?x",
  "/\\evil.test/auth/authorize?x",
  "/auth/authorize",
  "/auth/authorize/../logout?x",
  "/auth/authorized?x",
  "/auth/authorize@evil.test?x",
  "javascript:alert(1)//auth/authorize?x",
  " /auth/authorize?x",
  "/other",
])("leads nowhere else: %s", (next) => {
  expect(nextAfterSignIn(at(`?sign-in&next=${encodeURIComponent(next)}`))).toBeUndefined();
});

test("an ordinary visit leads nowhere", () => {
  expect([nextAfterSignIn(at("")), sentToSignIn(at(""))]).toEqual([undefined, false]);
});
