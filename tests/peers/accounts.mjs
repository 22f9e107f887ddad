/**
 * A person with a name and a password at the console, in a real browser: signs in, asks, reloads, signs out; and is disabled by an operator in the
 * middle of an answer. Part of browser.mjs.
 */
import assert from "node:assert/strict";
import { Console } from "./lib/browser.mjs";
import { until } from "./lib/checks.mjs";
import { startGateway } from "./lib/gateway.mjs";

const QUESTION = "What does the stop button do?";
const PASSWORD = "a long and quiet river";
/** Within this time after the command has ended the page says that the right was withdrawn. */
const CUT_MS = 1_000;
const SLOW = `
model_tokens_per_second = 20
`;

export async function accountChecks(check, browser) {
  const gateway = await startGateway(SLOW);
  await gateway.addUser("mika", PASSWORD);
  await check("name and password: signed in, it streams, with a token bound to this browser", () => signsIn(browser, gateway));
  await check("a reload stays signed in and stops the answer; a sign-out ends it", () => reloadsAndSignsOut(browser, gateway));
  await check("a wrong password: a readable message", () => wrongPassword(browser, gateway));
  await check("a guest whose token is renewed stays the same guest", () => sameGuest(browser, gateway));
  await check("an answer that its person stops by signing out is stopped, not withdrawn", () => signsOutInTheMiddle(browser, gateway));
  await check(`a disabled user: every running answer says so within ${CUT_MS} ms`, () => disabled(browser, gateway));
}

async function signsIn(browser, gateway) {
  const page = await Console.open(browser, gateway.url);
  const calls = watchCalls(page);
  await page.signIn("mika", PASSWORD);
  await page.ask(QUESTION);
  const { text } = await page.ended();
  assert.ok(text.length > 50, `an answer, not "${text}"`);
  const stream = calls.find(({ path }) => path === "/infer.Infer/Stream");
  assert.match(stream.authorization, /^DPoP ey/);
  const { header, claims } = proofOf(stream.dpop);
  assert.deepEqual([header.typ, header.alg, claims.htm, claims.htu], ["dpop+jwt", "ES256", "POST", `${gateway.url.replace(/\/$/, "")}/infer.Infer/Stream`]);
  await nothingIsKept(page, stream.authorization.split(" ")[1]);
  assert.deepEqual(await page.allComplaints(), []);
  await page.close();
}

/** The sign-in is a cookie that scripts cannot read, the token is in memory, the key can only sign. */
async function nothingIsKept(page, accessToken) {
  const cookies = await page.context.cookies();
  const session = cookies.find(({ name }) => name === "seseragi_session");
  assert.deepEqual([session?.httpOnly, session?.sameSite, session?.path], [true, "Strict", "/"]);
  const seen = await page.page.evaluate(async () => ({
    cookie: document.cookie,
    storage: JSON.stringify([{ ...localStorage }, { ...sessionStorage }]),
    address: location.href,
    key: await new Promise((resolve, reject) => {
      const opening = indexedDB.open("seseragi");
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const found = opening.result.transaction("keys").objectStore("keys").get("console");
        found.onsuccess = () => {
          const { privateKey } = found.result;
          const exported = crypto.subtle.exportKey("jwk", privateKey).then(() => "exported", (error) => error.name);
          exported.then((how) => resolve([privateKey.extractable, how]));
        };
      };
    }),
  }));
  assert.deepEqual(seen.key, [false, "InvalidAccessError"]);
  assert.deepEqual([seen.cookie, seen.storage], ["", "[{},{}]"]);
  assert.ok(!seen.address.includes(accessToken));
}

async function reloadsAndSignsOut(browser, gateway) {
  const page = await Console.open(browser, gateway.url);
  const calls = watchCalls(page);
  await page.signIn("mika", PASSWORD);
  await page.ask("川は流れる。".repeat(500), "echo");
  await page.someText();
  const stopped = () => gateway.metric("seseragi_streams_total", { model: "echo", finish: "cancelled" });
  const before = await stopped();
  await page.page.reload();
  await page.signedInAs("mika");
  await until("the stop of the page that is gone", async () => (await stopped()) === before + 1, 2_000);
  await page.ask(QUESTION);
  await page.ended();
  const keys = calls.filter(({ dpop }) => dpop).map(({ dpop }) => JSON.stringify(proofOf(dpop).header.jwk));
  assert.equal(new Set(keys).size, 1, "the key outlives a reload");

  await page.at("sign-out").click();
  await page.kind("none");
  await page.page.reload();
  await page.at("name-input").waitFor();
  await page.kind("none");
  const cookies = (await page.context.cookies()).map(({ name }) => name);
  assert.ok(!cookies.includes("seseragi_session"), `the cookie is taken back: ${cookies}`);
  assert.deepEqual(await page.allComplaints(), []);
  await page.close();
}

async function wrongPassword(browser, gateway) {
  const page = await Console.open(browser, gateway.url);
  await page.at("name-input").fill("mika");
  await page.at("password-input").fill("not the password");
  await page.at("sign-in").click();
  const said = await page.at("error-message").textContent();
  assert.equal(said, "The name or the password is wrong.");
  await page.kind("none");
  await page.close();
  return `“${said}”`;
}

async function sameGuest(browser, gateway) {
  const page = await Console.open(browser, gateway.url);
  await page.signInAsGuest();
  const who = await page.at("session").textContent();
  const answered = page.page.waitForResponse((response) => response.url().endsWith("/auth/guest") && response.ok());
  await page.at("guest-button").click();
  await answered;
  await page.kind("guest");
  assert.equal(await page.at("session").textContent(), who);
  await page.close();
}

async function signsOutInTheMiddle(browser, gateway) {
  const page = await Console.open(browser, gateway.url);
  await page.signIn("mika", PASSWORD);
  await page.ask(QUESTION);
  await page.someText();
  await page.at("sign-out").click();
  const { finish, error } = await page.ended("cancelled");
  assert.deepEqual([finish, error], ["cancelled", null]);
  await page.kind("none");
  await page.close();
}

async function disabled(browser, gateway) {
  const pages = await Promise.all([1, 2].map(() => Console.open(browser, gateway.url)));
  for (const page of pages) {
    await page.signIn("mika", PASSWORD);
    await page.ask("川は流れる。".repeat(500), "echo");
    await page.someText();
  }
  const revoked = () => gateway.metric("seseragi_streams_total", { model: "echo", finish: "revoked" });
  const before = await revoked();
  await gateway.disableUser("mika");
  const disabledAt = Date.now();
  const ends = await Promise.all(pages.map((page) => page.ended("failed")));
  const lateMs = Math.max(...ends.map(({ endedAt }) => endedAt - disabledAt));
  for (const { finish, error, text } of ends) {
    assert.deepEqual([finish, error.code, error.text], ["revoked", "revoked", "Your right to this answer was withdrawn. Sign in again."]);
    assert.ok(text.length > 3, "the text so far stays");
  }
  assert.ok(lateMs <= CUT_MS, `the last page said so ${lateMs} ms after the command`);
  assert.equal((await revoked()) - before, 2);

  const [page] = pages;
  await page.at("sign-in-again").click();
  await page.at("name-input").fill("mika");
  await page.at("password-input").fill(PASSWORD);
  await page.at("sign-in").click();
  await page.page.getByText("The name or the password is wrong.").waitFor();
  await Promise.all(pages.map((each) => each.close()));
  return `${lateMs} ms after the command ended`;
}

/** The calls a page makes from now on, with what proves who it is. */
function watchCalls({ page }) {
  const calls = [];
  page.on("request", (request) => {
    const { authorization, dpop } = request.headers();
    calls.push({ path: new URL(request.url()).pathname, authorization, dpop });
  });
  return calls;
}

function proofOf(dpop) {
  const [header, claims] = dpop.split(".").map((part) => part && Buffer.from(part, "base64url").toString());
  return { header: JSON.parse(header), claims: JSON.parse(claims) };
}
