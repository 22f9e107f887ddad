/** The page as a person uses it, over the client and a gateway in memory. */
import { act } from "react";
import { expect, test } from "vitest";
import { Finish } from "@seseragi/client";
import { cutAfter, opened, slices, STREAM_ID, sums, terminal, text, type Frame, type Script } from "../../clients/ts/packages/client/src/testing/gateway.js";
import { click, eventually, find, open, page, press, type } from "./testing/page.js";

const DELTAS = [..."川が止まらない 🌊"];
const UNAUTHENTICATED = 16;

test("opening the page signs nobody in and says what the model is", async () => {
  const { server, guests } = await open({ connections: [] });
  expect([guests(), server.tokens]).toEqual([0, []]);
  expect(find("model-note").textContent).toBe("A very small model.");
  expect(find("status").textContent).toBe("Ready");
  expect(find<HTMLButtonElement>("stop-button").disabled).toBe(true);
  expect(find<HTMLButtonElement>("ask-button").disabled).toBe(true);
});

test("a known question: signs in as a guest, streams the answer, shows the figures", async () => {
  const { server, guests } = await open({ connections: [() => slices(DELTAS, 0, 1)] });
  click("question-chip");
  await eventually(() => expect(find("status").textContent).toBe("Finished"));
  expect(find("answer-text").textContent).toBe(DELTAS.join(""));
  expect(find("answer-text").lang).toBe("en");
  expect(find("ttft").textContent).toMatch(/^\d+ ms$/);
  expect(find("stream-id").textContent).toBe(STREAM_ID);
  expect(find("announcer").textContent).toBe(`Answer finished. ${DELTAS.join("")}`);
  expect(find("session").dataset["kind"]).toBe("guest");
  expect([guests(), server.tokens[0], server.opens[0]?.prompt]).toEqual([1, "Bearer guest-1", "What is Seseragi?"]);
  await eventually(() => expect([...find<HTMLSelectElement>("model-select").options].map((option) => option.text)).toEqual(["seseragi-mini", "echo"]));
});

test("Enter sends, but not while Japanese is composed nor with Shift", async () => {
  const { server } = await open({ connections: [() => slices(["ok"], 0, 1)] });
  type("ask-input", "せせらぎ");
  press(find("ask-input"), "Enter", { isComposing: true });
  press(find("ask-input"), "Enter", { shiftKey: true });
  expect(server.opens).toEqual([]);
  press(find("ask-input"), "Enter", { ctrlKey: true });
  await eventually(() => expect(find("status").textContent).toBe("Finished"));
  expect(server.opens[0]?.prompt).toBe("せせらぎ");
  expect(find<HTMLTextAreaElement>("ask-input").value).toBe("");
});

test.each(["button", "Escape"])("stopping by %s cancels and keeps the text", async (how) => {
  let cancelled: () => void = () => undefined;
  const ended = { finish: Finish.CANCELLED, ...sums("水") };
  async function* untilCancelled(): AsyncGenerator<Frame> {
    yield opened();
    yield text("水", 1);
    await new Promise<void>((resolve) => (cancelled = resolve));
    yield { terminal: ended, firstSeq: 2, lastSeq: 2 };
  }
  const { server } = await open({ connections: [untilCancelled], cancel: () => (cancelled(), ended) });
  click("question-chip");
  await eventually(() => expect(find("answer-text").textContent).toBe("水"));
  expect(find("answer-text").getAttribute("aria-busy")).toBe("true");
  expect(find<HTMLButtonElement>("question-chip").disabled).toBe(true);
  if (how === "button") click("stop-button");
  else press(document.body, "Escape");
  await eventually(() => expect(find("status").textContent).toBe("Stopped"));
  expect(find("answer-text").textContent).toBe("水");
  expect(find("answer-text").getAttribute("aria-busy")).toBe("false");
  expect(server.cancels).toEqual([STREAM_ID]);
});

test("a cut is healed in view of the reader", async () => {
  await open({ connections: [() => cutAfter(slices(DELTAS, 0, 1).slice(0, 5)), () => slices(DELTAS, 2, 3)] });
  click("question-chip");
  await eventually(() => expect(find("status").textContent).toBe("Finished"));
  expect(find("answer-text").textContent).toBe(DELTAS.join(""));
  expect(find("resumes").textContent).toBe("1 ×");
});

test("a broken access token: says so, and the way out works", async () => {
  const connection: Script["connections"][number] = (_, context) =>
    context.requestHeader.get("authorization") === "Bearer broken" ? cutAfter([], UNAUTHENTICATED) : slices(["ok"], 0, 1);
  const { wiring } = await open({ connections: [connection] });
  type("token-input", " Bearer broken\n");
  click("token-apply");
  expect(find<HTMLInputElement>("token-input").value).toBe("");
  expect(find("session").dataset["kind"]).toBe("pasted");
  click("question-chip");
  await eventually(() => expect(find("error-message").textContent).toBe("Your access token is not valid any more: sign in again."));
  expect(find("status").textContent).toBe("Failed");
  click("sign-in-again");
  await eventually(() => expect(find("session").dataset["kind"]).toBe("guest"));
  act(() => void wiring.conversation.ask("again", ""));
  await eventually(() => expect(find("answer-text").textContent).toBe("ok"));
  expect(page().querySelector('[data-testid="error-message"]')).toBeNull();
});

test("where guests are refused the reason is shown", async () => {
  const problem = { type: "about:blank", title: "Forbidden", status: 403, detail: "Guests need a loopback listener.", reason: "guest_off" };
  await open({ connections: [] }, { routes: { "/auth/guest": () => Response.json(problem, { status: 403 }) } });
  click("guest-button");
  await eventually(() =>
    expect(find("error-message").textContent).toBe("Signing in as a guest was refused: Guests need a loopback listener. Paste an access token instead."),
  );
});

test("an answer the model did not finish is not shown as a success", async () => {
  await open({ connections: [() => [opened(), text("a", 1), terminal(2, "a", { finish: Finish.FAILED, code: "runtime_gone", message: "The model stopped." })]] });
  click("question-chip");
  await eventually(() => expect(find("status").textContent).toBe("Failed"));
  expect(find("answer-text").textContent).toBe("a");
  expect(find("error-message").textContent).toBe("The model did not finish: The model stopped. (runtime_gone)");
});

test("the access token is in no storage", async () => {
  await open({ connections: [() => slices(["ok"], 0, 1)] });
  click("question-chip");
  await eventually(() => expect(find("status").textContent).toBe("Finished"));
  expect([localStorage.length, sessionStorage.length, document.cookie, location.href.includes("guest-")]).toEqual([0, 0, "", false]);
});

test("a thousand deltas are not a thousand renders", async () => {
  const many = Array.from({ length: 1000 }, (_, index) => `${index} `);
  const { wiring } = await open({ connections: [() => slices(many, 0, 1)] });
  let published = 0;
  wiring.conversation.turns.subscribe(() => published++);
  click("question-chip");
  await eventually(() => expect(find("status").textContent).toBe("Finished"));
  expect(find("answer-text").textContent).toBe(many.join(""));
  expect(published).toBeLessThan(200);
});
