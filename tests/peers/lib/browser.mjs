/** Debian's Chromium, and what is written down about a page while it is used: growth of the answer, clicks, complaints. */
import { chromium } from "playwright-core";
import { atEnd } from "./checks.mjs";

/** Without these Chromium looks for services of its maker at every start. */
const QUIET = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** With a new profile. Without the sandbox, which root and many containers cannot have; it sees only our own pages. */
export async function launchBrowser() {
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, headless: true, chromiumSandbox: false, args: QUIET });
  atEnd(() => browser.close());
  return browser;
}

/** Runs in the page before its own code: notes when the answer grew, when something was clicked, and what the CSP refused. */
function watch() {
  const notes = (window.notes = { growth: [], clicks: [], violations: [], endedAt: undefined });
  let length = 0;
  const look = () => {
    const now = document.querySelector('[data-testid="answer-text"]')?.textContent.length ?? 0;
    if (now > length) notes.growth.push({ at: Date.now(), length: now });
    length = now;
    const running = document.querySelector('[data-testid="answer-text"]')?.dataset.running;
    notes.endedAt = running === "false" ? (notes.endedAt ?? Date.now()) : undefined;
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  document.addEventListener("click", ({ target }) => notes.clicks.push({ at: Date.now(), on: target.dataset.testid }), { capture: true });
  document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
    notes.violations.push(`${violatedDirective} ${blockedURI}`),
  );
}

/** Chromium notes each refusal. That nobody is signed in is an answer, and so is the nonce that the first proof must have (RFC 9449 §8). */
function isAnAnswer(text, url) {
  return (/ 401 /.test(text) && /\/auth\/me$/.test(url)) || (/ 400 /.test(text) && /\/auth\/(guest|login|issue)$/.test(url));
}

/** The console as a person uses it. */
export class Console {
  /** What the page complained about: errors in its log, exceptions, refusals by the CSP. */
  complaints = [];

  static async open(browser, url, options = {}) {
    const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, colorScheme: "light", ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    await page.addInitScript(watch);
    const self = new Console(page, context);
    self.response = await page.goto(url);
    await self.at("question-chip").first().waitFor();
    return self;
  }

  constructor(page, context) {
    this.page = page;
    this.context = context;
    page.on("console", (message) => {
      const { url } = message.location();
      if (message.type() === "error" && !isAnAnswer(message.text(), url)) this.complaints.push(`${message.text()} ${url}`);
    });
    page.on("pageerror", (error) => this.complaints.push(`uncaught: ${error.message}`));
  }

  at(testId) {
    return this.page.getByTestId(testId);
  }

  async signInAsGuest() {
    await this.at("guest-button").click();
    await this.kind("guest");
  }

  async signIn(name, password) {
    await this.at("name-input").fill(name);
    await this.at("password-input").fill(password);
    await this.at("sign-in").click();
    await this.signedInAs(name);
  }

  async signedInAs(name) {
    await this.kind("user");
    await this.page.getByText(`Signed in as ${name}`).waitFor();
  }

  /** Waits until the page is signed in like this: none, guest, user, pasted. */
  async kind(kind) {
    await this.page.locator(`[data-testid="session"][data-kind="${kind}"]`).waitFor();
  }

  async useToken(token) {
    await this.at("token-input").fill(token);
    await this.at("token-apply").click();
    await this.kind("pasted");
  }

  /** Types a question and sends it. */
  async ask(question, model) {
    if (model) await this.at("model-select").selectOption(model);
    await this.at("ask-input").fill(question);
    await this.at("ask-button").click();
  }

  /** Waits until the answer has begun; throws what the page says if it fails instead. */
  async someText(length = 4) {
    await this.page.waitForFunction((wanted) => {
      const at = (name) => document.querySelector(`[data-testid="${name}"]`);
      return at("error-message") || at("answer-text")?.textContent.length >= wanted;
    }, length);
    const { error } = await this.shown();
    if (error) throw new Error(`the page says: ${error.text}`);
  }

  /** Waits for one of these states, and gives what the page then shows. */
  async ended(...states) {
    const wanted = (states.length > 0 ? states : ["finished"]).map((state) => `[data-testid="status"][data-status="${state}"]`);
    await this.page.locator(wanted.join(", ")).waitFor();
    return this.shown();
  }

  async shown() {
    return this.page.evaluate(() => {
      const at = (name) => document.querySelector(`[data-testid="${name}"]`);
      const error = at("error-message");
      return {
        text: at("answer-text")?.textContent ?? "",
        status: at("status")?.dataset.status,
        finish: at("status")?.dataset.finish,
        streamId: at("stream-id")?.textContent,
        ttftMs: Number(at("ttft")?.dataset.value),
        resumes: Number(at("resumes")?.dataset.value ?? 0),
        endedAt: window.notes.endedAt,
        error: error && { text: error.textContent, code: error.dataset.code },
      };
    });
  }

  notes() {
    return this.page.evaluate(() => window.notes);
  }

  async allComplaints() {
    return [...this.complaints, ...(await this.notes()).violations.map((each) => `CSP: ${each}`)];
  }

  async close() {
    await this.context.close();
  }
}
