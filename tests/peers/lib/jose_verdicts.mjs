/**
 * The verdict of npm `jose` on tokens, for comparison with ours. Reads JSON lines as the example `verdicts` of guard does and
 * writes a line each: `ok`, or the code of the error.
 */
import { createInterface } from "node:readline";
import { createSecretKey } from "node:crypto";
import { importSPKI, jwtVerify } from "jose";

/** The settings that ours has: one algorithm for a key, 30 s of skew. Ed25519 has two names. */
async function verifier({ now, issuer, audience, keys }) {
  const options = { issuer, audience, clockTolerance: 30, currentDate: new Date(now * 1000), requiredClaims: ["exp"] };
  const verifiers = {};
  for (const [alg, key] of Object.entries(keys)) {
    const imported = alg === "HS256" ? createSecretKey(Buffer.from(key)) : await importSPKI(key, alg);
    const algorithms = alg === "EdDSA" ? ["EdDSA", "Ed25519"] : [alg];
    verifiers[alg] = (token) => jwtVerify(token, imported, { ...options, algorithms });
  }
  return verifiers;
}

let verifiers;
const verdicts = [];
for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const message = JSON.parse(line);
  if (verifiers === undefined) {
    verifiers = await verifier(message);
    continue;
  }
  try {
    await verifiers[message.alg](message.token);
    verdicts.push("ok");
  } catch (error) {
    verdicts.push(String(error.code ?? error.name));
  }
}
process.stdout.write(verdicts.map((verdict) => `${verdict}\n`).join(""));
