// After the build: the page stays small, and what its CSP (`default-src 'self'`) forbids is not in it.
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const SCRIPT_GZIP_MAX = 120_000;
const dist = new URL("./dist/", import.meta.url);
const html = readFileSync(new URL("index.html", dist), "utf8");
const faults = [];

const scripts = [...html.matchAll(/<script\b([^>]*)>([^]*?)<\/script>/g)];
if (scripts.some(([, attributes, body]) => body.trim() || !attributes.includes("src="))) faults.push("index.html has an inline script");
if (/<style\b|\sstyle=|\son\w+=/.test(html)) faults.push("index.html has an inline style or handler");
if (/(?:src|href)="(?:[a-z]+:)?\/\//.test(html)) faults.push("index.html loads something from elsewhere");

let gzipBytes = 0;
for (const name of readdirSync(new URL("assets/", dist))) {
  const bytes = readFileSync(new URL(`assets/${name}`, dist));
  if (name.endsWith(".js")) gzipBytes += gzipSync(bytes).length;
  if (name.endsWith(".css") && /url\(|@import/.test(bytes.toString())) faults.push(`${name} loads something`);
}
if (gzipBytes > SCRIPT_GZIP_MAX) faults.push(`the scripts have ${gzipBytes} bytes with gzip, more than ${SCRIPT_GZIP_MAX}`);

console.log(`scripts: ${gzipBytes} bytes with gzip (at most ${SCRIPT_GZIP_MAX})`);
for (const fault of faults) console.error(`fault: ${fault}`);
process.exitCode = faults.length ? 1 : 0;
