/**
 * Checks with a name, one line each, a closing line and an exit code. Whatever a script started is ended here, also when time is up.
 */
import assert from "node:assert/strict";

const TIDY_MS = 5_000;
const endings = [];
let over = false;

/** Called at the end, last first; `hard` says that there is no time for good manners. */
export function atEnd(ending) {
  endings.push(ending);
}

/** Runs a script: `body` gets `check(name, test)`. A test fails by throwing; what it returns is printed as its figures. */
export async function run(limitS, body) {
  const outcomes = [];
  let current = "set-up";
  const failed = (name, error) => {
    outcomes.push(false);
    console.log(`FAILED  ${name}\n${indent(error)}`);
  };
  const check = async (name, test) => {
    current = name;
    try {
      const figures = await test();
      await untilOver();
      outcomes.push(true);
      console.log(`ok      ${name}${figures ? ` (${figures})` : ""}`);
    } catch (error) {
      await untilOver();
      failed(name, error);
    }
    current = `what follows "${name}"`;
  };
  setTimeout(() => {
    failed(current, new Error(`the script was not done within ${limitS} s`));
    finish(outcomes, true);
  }, limitS * 1000);
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.once(signal, () => {
      failed(current, new Error(signal));
      finish(outcomes, true);
    });
  }
  try {
    await body(check);
  } catch (error) {
    await untilOver();
    failed(current, error);
  }
  await finish(outcomes, false);
}

/** What goes on after the end, because its processes are gone, is not looked at any more. */
const untilOver = () => (over ? new Promise(() => {}) : undefined);

async function finish(outcomes, hard) {
  if (over) return;
  over = true;
  await tidyUp(hard);
  const passed = outcomes.filter(Boolean).length;
  console.log(`${passed} passed, ${outcomes.length - passed} failed`);
  process.exit(passed === outcomes.length && passed > 0 ? 0 : 1);
}

async function tidyUp(hard) {
  const complain = (error) => console.log(`  (while tidying up: ${error.message})`);
  const last = endings.splice(0).reverse();
  if (hard) {
    const all = Promise.all(last.map((ending) => Promise.resolve(ending(true)).catch(complain)));
    return within(TIDY_MS, "tidying up", all).catch(complain);
  }
  for (const ending of last) await Promise.resolve(ending(false)).catch(complain);
}

function indent(error) {
  const text = error instanceof assert.AssertionError ? error.message : (error?.stack ?? String(error));
  // Playwright colours its messages.
  return text.replace(/\u001b\[\d+m/g, "").slice(0, 2_000).replace(/^/gm, "    ");
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until `probe` gives something, asking every few milliseconds. */
export async function until(what, probe, limitMs = 10_000) {
  const end = Date.now() + limitMs;
  for (;;) {
    const found = await probe();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited ${limitMs} ms for ${what}`);
    await sleep(5);
  }
}

/** `promise`, or an error when it takes too long. */
export async function within(ms, what, promise) {
  let timer;
  const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(`${what} took more than ${ms} ms`)), ms)));
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
