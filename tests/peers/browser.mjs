/**
 * A person at the console in a real browser: signs in, asks the shipped model, watches the answer arrive, stops one, breaks the token,
 * loses the connection, reloads the page. What concerns accounts is in accounts.mjs.
 *
 * `--save-screenshots` keeps the pictures of the README in docs/; else they go to .cache/screenshots.
 */
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createClient, SeseragiError } from "@seseragi/client";
import { accountChecks } from "./accounts.mjs";
import { Console, launchBrowser } from "./lib/browser.mjs";
import { run, sleep, until } from "./lib/checks.mjs";
import { broken, questions, root, startGateway } from "./lib/gateway.mjs";
import { bufferingProxy, cuttingProxy } from "./lib/proxies.mjs";

const LIMIT_S = 180;
const QUESTION = "What does the stop button do?";

/** An answer streams if it grows so often, so far apart, before the server has written its end. */
const STEPS_MIN = 5;
const STEP_MS = 20;
/** How long a model may go on after a stop. */
const STOP_MS = 100;
const STOPS = 3;
/** How long to look whether it really stopped: many tokens at this pace. */
const WATCH_MS = 600;

/** Paced, so that there is time to do something in the middle of an answer; and a tier with one stream. */
const SLOW = `
model_tokens_per_second = 20
[limits.user]
streams = 1
`;

run(LIMIT_S, async (check) => {
  const [gateway, slow, browser] = await Promise.all([startGateway(), startGateway(SLOW), launchBrowser()]);

  await check("guest, question, answer: it streams", () => streams(browser, gateway));
  await check("the same behind a proxy that buffers: it does not", () => doesNotStream(browser, gateway));
  await check(`a stop reaches the model within ${STOP_MS} ms`, () => stops(browser, slow));
  await check("a broken token: a readable message and the way out", () => brokenToken(browser, gateway));
  await check("a cut connection: the answer goes on at the next character", () => resumes(browser, slow));
  await check("at the cap of one stream, a reload: admitted at once", () => reloads(browser, slow));
  await check("the page keeps to its content security policy", () => policy(browser, gateway));
  await accountChecks(check, browser);
  await check("screenshots: wide and light, narrow and dark", () => screenshots(browser, gateway));
});

async function streams(browser, gateway) {
  const page = await Console.open(browser, gateway.url);
  await page.signInAsGuest();
  await page.ask(QUESTION);
  const { text, streamId, ttftMs } = await page.ended();
  const steps = await stepsBeforeTheEnd(page, gateway, streamId);
  assert.ok(steps >= STEPS_MIN, `the answer grew in ${steps} steps before the server's end of it`);
  assert.ok(text.length > 50, `an answer, not "${text}"`);
  assert.deepEqual(await page.allComplaints(), []);
  await page.close();
  return `${steps} steps at least ${STEP_MS} ms apart, first text after ${Math.round(ttftMs)} ms`;
}

async function doesNotStream(browser, gateway) {
  const proxy = await bufferingProxy(gateway.url);
  const page = await Console.open(browser, proxy.url);
  await page.signInAsGuest();
  await page.ask(QUESTION);
  const { text, streamId } = await page.ended();
  const steps = await stepsBeforeTheEnd(page, gateway, streamId);
  assert.ok(text.length > 50, "it arrives, only late");
  assert.ok(steps < STEPS_MIN, `${steps} steps: the check of streaming would not notice a proxy that buffers`);
  await page.close();
  return `${steps} steps`;
}

/** How often the page's text grew, counting only what is far enough apart, before the server wrote the end of the stream to its log. */
async function stepsBeforeTheEnd(page, gateway, streamId) {
  const endedAt = await gateway.endedAt(streamId);
  const { growth } = await page.notes();
  let steps = 0;
  let last = Number.NEGATIVE_INFINITY;
  for (const { at } of growth) {
    if (at >= endedAt || at - last < STEP_MS) continue;
    last = at;
    steps++;
  }
  return steps;
}

async function stops(browser, gateway) {
  const page = await Console.open(browser, gateway.url);
  await page.signInAsGuest();
  const made = [];
  for (let each = 0; each < STOPS; each++) made.push(await stopOnce(page, gateway));
  assert.deepEqual(await page.allComplaints(), []);
  await page.close();
  const afterMs = made.map(({ lastTokenMs }) => lastTokenMs).sort((a, b) => a - b);
  // The middle one: a machine that is busy with other things may hold a single one up.
  assert.ok(afterMs[STOPS >> 1] <= STOP_MS, `last token after the click: ${afterMs.join(", ")} ms`);
  return `last token ${afterMs.join(", ")} ms after the click, of ${made.map(({ tokens }) => tokens).join(", ")} tokens`;
}

/** Presses stop in the middle and reads the model's own count until it has not grown for long. */
async function stopOnce(page, gateway) {
  const tokens = () => gateway.metric("seseragi_model_tokens_total", { model: "seseragi-mini" });
  const before = await tokens();
  await page.ask(QUESTION);
  await page.someText();
  const samples = [];
  let watching = true;
  const watcher = (async () => {
    while (watching) samples.push({ tokens: await tokens(), at: Date.now() });
  })();
  await page.at("stop-button").click();
  const { status, finish, text } = await page.ended("cancelled", "finished");
  await sleep(WATCH_MS);
  watching = false;
  await watcher;

  assert.deepEqual([status, finish], ["cancelled", "cancelled"]);
  assert.ok(text.length > 3, "the text so far stays");
  const clickedAt = (await page.notes()).clicks.findLast(({ on }) => on === "stop-button").at;
  const last = samples.at(-1).tokens;
  const grown = samples.find((sample) => sample.tokens === last);
  assert.ok(samples.length > 20, "the count was read often enough");
  return { lastTokenMs: Math.max(0, grown.at - clickedAt), tokens: last - before };
}

async function brokenToken(browser, gateway) {
  const page = await Console.open(browser, gateway.url);
  await page.useToken(broken(await gateway.issueToken({ sub: "reader", tier: "user" })));
  await page.ask(QUESTION);
  const { error } = await page.ended("failed");
  assert.equal(error.code, "unauthenticated");
  assert.match(error.text, /^Your access token is not valid any more: sign in again\.$/);
  await page.at("sign-in-again").click();
  await page.page.locator('[data-testid="session"][data-kind="guest"]').waitFor();
  await page.ask(QUESTION);
  const { text } = await page.ended();
  assert.ok(text.length > 50, "signed in again, it answers");
  assert.deepEqual(await page.allComplaints(), []);
  await page.close();
  return `“${error.text}”`;
}

async function resumes(browser, gateway) {
  const proxy = await cuttingProxy(gateway.url);
  const page = await Console.open(browser, proxy.url);
  await page.signInAsGuest();
  await page.ask("接続が切れたらどうなる？");
  const uncut = (await page.ended()).text;
  await page.ask("接続が切れたらどうなる？");
  await page.someText();
  proxy.cutAfter(200, "rst");
  proxy.cutAfter(600, "fin");
  const { text, resumes } = await page.ended();
  assert.equal(text, uncut);
  assert.deepEqual([proxy.cuts, resumes], [2, 2]);
  await page.close();
  return `${resumes} resumes: ${text}`;
}

/** The page does not outlive a reload, so its answer does not either; the next one need not wait for it. */
async function reloads(browser, gateway) {
  const token = await gateway.issueToken({ sub: "reloader", tier: "user" });
  const page = await Console.open(browser, gateway.url);
  await page.useToken(token);
  await page.ask("川は流れる。".repeat(500), "echo");
  await page.someText();
  await atTheCap(gateway, token);
  const before = await gateway.metric("seseragi_streams_total", { model: "echo", finish: "cancelled" });

  await page.page.reload();
  await page.useToken(token);
  await page.ask(QUESTION);
  await page.someText();
  const { error, ttftMs, status } = await page.shown();
  assert.deepEqual([error, status], [null, "streaming"]);
  const after = await gateway.metric("seseragi_streams_total", { model: "echo", finish: "cancelled" });
  assert.equal(after - before, 1, "the answer of the page that is gone was stopped");
  assert.deepEqual(await page.allComplaints(), []);
  await page.close();
  return `first text ${Math.round(ttftMs)} ms after asking`;
}

/** Somebody else with the same token is refused: the cap is real. */
async function atTheCap(gateway, token) {
  const client = createClient({ baseUrl: gateway.url, token: () => token, retry: { openForMs: 0 } });
  const refused = await client.stream({ prompt: "me too" }).result().then(() => undefined, (error) => error);
  assert.ok(refused instanceof SeseragiError && refused.code === "resource_exhausted", `a second stream was not refused: ${refused}`);
}

async function policy(browser, gateway) {
  const page = await Console.open(browser, gateway.url);
  assert.match(page.response.headers()["content-security-policy"], /^default-src 'self';/);
  await page.page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.injected = true";
    document.body.append(script);
  });
  await until("the refusal of an inline script", async () => (await page.notes()).violations.length > 0);
  assert.equal(await page.page.evaluate(() => window.injected), undefined);
  await page.close();
}

async function screenshots(browser, gateway) {
  const folder = process.argv.includes("--save-screenshots") ? join(root, "docs") : join(root, ".cache/screenshots");
  await mkdir(folder, { recursive: true });
  const [english, japanese] = ["en", "ja"].map((wanted) => questions.find(({ lang }) => lang === wanted).text);

  const wide = await Console.open(browser, gateway.url);
  await wide.signInAsGuest();
  await wide.ask(english);
  await wide.ended();
  await wide.ask(japanese);
  await wide.someText(40);
  await wide.page.screenshot({ path: join(folder, "console.png") });
  await wide.close();

  const narrow = await Console.open(browser, gateway.url, { viewport: { width: 360, height: 740 }, colorScheme: "dark", locale: "ja-JP" });
  await narrow.signInAsGuest();
  await narrow.ask(japanese);
  await narrow.ended();
  await narrow.page.screenshot({ path: join(folder, "console-narrow.png"), fullPage: true });
  assert.ok(await narrow.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing is wider than the screen");
  await narrow.close();
}
