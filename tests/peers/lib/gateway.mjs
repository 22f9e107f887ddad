/**
 * A real gateway in a process of its own, with a folder of its own, on ports that the system chooses.
 * Only processes started here are ended here.
 */
import { execFile, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { atEnd, until, within } from "./checks.mjs";

export const root = fileURLToPath(new URL("../../../", import.meta.url));
const program = join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "release", "seseragi");

const START_MS = 20_000;
const STOP_MS = 15_000;
const LOG_LINES_MAX = 10_000;

/** The questions that the shipped model knows. */
export const questions = JSON.parse(await readFile(join(root, "models/questions.json"), "utf8"));

/** Settings of a test gateway; `data_dir` is added. */
export async function startGateway(settings = "") {
  const folder = await mkdtemp(join(tmpdir(), "seseragi-peers-"));
  const config = join(folder, "seseragi.toml");
  await writeFile(config, `data_dir = ${JSON.stringify(join(folder, "data"))}\n${settings}`);
  const gateway = new Gateway(folder, config);
  atEnd((hard) => gateway.stop(hard));
  await gateway.listening;
  return gateway;
}

class Gateway {
  /** Where clients connect, such as `http://127.0.0.1:40123`. */
  url = "";
  /** The lines of its log, as objects. */
  log = [];
  #folder;
  #config;
  #child;
  #metricsUrl = "";
  #exited;
  #raw = "";

  constructor(folder, config) {
    this.#folder = folder;
    this.#config = config;
    this.#child = spawn(program, ["serve", "--config", config], { cwd: folder, env: environment(), stdio: ["ignore", "pipe", "pipe"] });
    process.once("exit", () => this.#child.kill("SIGKILL")); // whatever happens to us; nothing if it is gone already
    this.#exited = new Promise((resolve) => {
      this.#child.once("exit", (code, signal) => resolve(signal ?? code));
      this.#child.once("error", (error) => resolve(error.message));
    });
    createInterface({ input: this.#child.stderr }).on("line", (line) => this.#logged(line));
    this.listening = this.#announced();
  }

  async #announced() {
    const told = new Promise((resolve) => {
      createInterface({ input: this.#child.stdout }).on("line", (line) => {
        this.url ||= /listening on (http:\S+)/.exec(line)?.[1] ?? "";
        this.#metricsUrl ||= /metrics: (http:\S+)/.exec(line)?.[1] ?? "";
        if (this.url && this.#metricsUrl) resolve();
      });
    });
    const died = this.#exited.then((how) => {
      throw new Error(`${program} did not start (${how}): ${this.#raw.slice(-2_000)}`);
    });
    await within(START_MS, "the start of the gateway", Promise.race([told, died]));
  }

  #logged(line) {
    this.#raw = (this.#raw + line + "\n").slice(-8_000);
    try {
      if (this.log.length < LOG_LINES_MAX) this.log.push(JSON.parse(line));
    } catch {
      // a panic, say: kept in #raw
    }
  }

  /** Ends it as an operator would; resolves to its exit code. */
  async stop(hard = false) {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill(hard ? "SIGKILL" : "SIGTERM");
    const how = await within(STOP_MS, "the stop of the gateway", this.#exited).catch(() => {
      this.#child.kill("SIGKILL");
      return this.#exited;
    });
    await rm(this.#folder, { recursive: true, force: true });
    if (how !== 0 && !hard) console.log(`  (the gateway ended with ${how})`);
    return how;
  }

  /** The sum of a metric over all series that have these labels. */
  async metric(name, labels = {}) {
    const page = await (await fetch(this.#metricsUrl)).text();
    let sum = 0;
    for (const line of page.split("\n")) {
      const [, found, pairs = "", value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      if (found === name && Object.entries(labels).every(([key, text]) => pairs.includes(`${key}="${text}"`))) sum += Number(value);
    }
    return sum;
  }

  /** When the stream ended, by the gateway's own log, in milliseconds since 1970. */
  async endedAt(streamId) {
    const isIt = (line) => line.message === "stream ended" && line.stream_id === streamId;
    const line = await until("the log line of the end", () => this.log.find(isIt));
    return Date.parse(line.timestamp);
  }

  async guestToken() {
    const init = { method: "POST", headers: { "content-type": "application/json" }, body: "{}" };
    const response = await fetch(new URL("/auth/guest", this.url), init);
    if (!response.ok) throw new Error(`guest sign-in: ${response.status} ${await response.text()}`);
    return (await response.json()).access_token;
  }

  /** Somebody who can sign in. */
  async addUser(name, password) {
    await this.#command(["user", "add", name, "--password-file", "-"], password);
  }

  /** Disables a user while the gateway runs; resolves when the command says that it is done. */
  async disableUser(name) {
    await this.#command(["user", "disable", name]);
  }

  /** A command of the command line, beside the running gateway; what it says. */
  async #command(words, input) {
    const running = promisify(execFile)(program, [...words, "--config", this.#config], { cwd: this.#folder, env: environment() });
    if (input !== undefined) running.child.stdin.end(input);
    return (await running).stdout.trim();
  }

  /** An access token by the command line, signed with this gateway's key. */
  async issueToken({ sub, scopes = ["infer:read"], tier = "server" }) {
    return this.#command(["token", "issue", "--sub", sub, "--tier", tier, ...scopes.flatMap((scope) => ["--scope", scope])]);
  }
}

/**
 * Settings of the person who runs the tests are not ours. Addresses are given here rather than as flags, because `token issue` must
 * know them too: our tokens name the listening address as their issuer.
 */
function environment() {
  const theirs = Object.entries(process.env).filter(([name]) => !name.startsWith("SESERAGI_"));
  const ours = { SESERAGI_LISTEN_ADDRESS: "127.0.0.1:0", SESERAGI_METRICS_ADDRESS: "127.0.0.1:0", SESERAGI_LOG_LEVEL: "info" };
  return { ...Object.fromEntries(theirs), ...ours };
}

/** A well-formed token with a signature that is not the gateway's. */
export function broken(token) {
  const [head, body, signature] = token.split(".");
  const other = signature[4] === "A" ? "B" : "A";
  return [head, body, signature.slice(0, 4) + other + signature.slice(5)].join(".");
}
