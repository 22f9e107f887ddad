/**
 * A key of this device, and proofs of having it (DPoP, RFC 9449): a stolen access token that is bound to the key is worth nothing elsewhere.
 * The private key cannot be read, not even by this page; it can only be asked to sign.
 */

/** What {@link openDpopKey} gives, now or later; undefined where the browser has no keys to offer. */
export type DpopSource = DpopKey | undefined | PromiseLike<DpopKey | undefined>;

export interface ProofTarget {
  readonly method: string;
  readonly url: string | URL;
  /** The token that the proof goes with; none where a token is asked for. */
  readonly accessToken?: string | undefined;
}

type Fetch = typeof globalThis.fetch;

/** What a server has said that its next proof needs. */
interface Server {
  nonce?: string;
  /** How far its clock is ahead of ours: a proof is good for about a minute. */
  aheadMs: number;
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
/** Less than this is not worth another try. */
const CLOCK_SLACK_MS = 2_000;
/** Servers take proofs for a minute or so. */
const SPARE_MS = 30_000;

export class DpopKey {
  readonly pair: CryptoKeyPair;
  readonly #servers = new Map<string, Server>();
  #spare: { readonly target: string; readonly proof: string; readonly madeAt: number } | undefined;
  #jwk: Promise<JsonWebKey> | undefined;

  constructor(pair: CryptoKeyPair) {
    this.pair = pair;
  }

  /** A new key that cannot be exported. Keep it with {@link openDpopKey}. */
  static async generate(): Promise<DpopKey> {
    return new DpopKey(await crypto.subtle.generateKey(ALGORITHM, false, ["sign", "verify"]));
  }

  /** One proof for one request: it cannot be used again. */
  async proof(target: ProofTarget): Promise<string> {
    const spare = this.#spare;
    if (spare?.target !== nameOf(target)) return this.#sign(target);
    this.#spare = undefined;
    return Date.now() - spare.madeAt < SPARE_MS ? spare.proof : this.#sign(target);
  }

  /** Makes the next proof for this request ahead: a page that is being left has no time to sign. Kept for half a minute, one at a time. */
  async prepare(target: ProofTarget): Promise<void> {
    this.#spare = { target: nameOf(target), proof: await this.#sign(target), madeAt: Date.now() };
  }

  async #sign({ method, url, accessToken }: ProofTarget): Promise<string> {
    const { origin, pathname } = new URL(url);
    const { nonce, aheadMs } = this.#server(origin);
    const header = { typ: "dpop+jwt", alg: "ES256", jwk: await (this.#jwk ??= publicJwk(this.pair.publicKey)) };
    const claims = {
      jti: base64url(crypto.getRandomValues(new Uint8Array(16))),
      htm: method,
      htu: origin + pathname,
      iat: Math.floor((Date.now() + aheadMs) / 1000),
      ...(accessToken && { ath: base64url(await crypto.subtle.digest("SHA-256", utf8(accessToken))) }),
      ...(nonce && { nonce }),
    };
    const signed = `${base64url(utf8(JSON.stringify(header)))}.${base64url(utf8(JSON.stringify(claims)))}`;
    return `${signed}.${base64url(await crypto.subtle.sign(ALGORITHM, this.pair.privateKey, utf8(signed)))}`;
  }

  /** The nonce that the next proof for this server will have. */
  nonce(url: string | URL): string | undefined {
    return this.#server(new URL(url).origin).nonce;
  }

  /** Remembers what an answer says about the next proof; true if the request was refused for its proof, with this nonce, and would not be now. */
  learn(url: string | URL, answer: Response, used: string | undefined): boolean {
    const server = this.#server(new URL(url).origin);
    const challenge = answer.headers.get("www-authenticate");
    const nonce = answer.headers.get("dpop-nonce");
    // Token endpoints refuse a proof with 400 (RFC 9449 §8), others with a challenge (§9), which pages of other origins may not be shown.
    const refused = answer.status === 400 || (challenge ? /\bDPoP\b/.test(challenge) : answer.status === 401);
    const news = nonce !== null && nonce !== used;
    if (nonce) server.nonce = nonce;
    const late = refused && adjustClock(server, answer.headers.get("date"));
    return refused && (news || late);
  }

  #server(origin: string): Server {
    let server = this.#servers.get(origin);
    if (!server) this.#servers.set(origin, (server = { aheadMs: 0 }));
    return server;
  }
}

/**
 * A `fetch` that adds a proof to each request whose access token is bound to a key (it has `cnf.jkt`), and to each without an access token: that is
 * where one is asked for. Other tokens go out as they are. Refused for want of a nonce, a request is made a second time with it.
 */
export function provingFetch(fetchFn: Fetch, source: DpopSource): Fetch {
  return async (input, init = {}) => {
    const key = await source;
    const headers = new Headers(init.headers);
    const accessToken = /^(?:Bearer|DPoP) +(.*)$/i.exec(headers.get("authorization") ?? "")?.[1];
    if (!key || input instanceof Request || (accessToken && !isBound(accessToken))) return fetchFn(input, init);
    if (accessToken) headers.set("authorization", `DPoP ${accessToken}`);
    const method = init.method ?? "GET";
    for (let last = false; ; last = true) {
      const nonce = key.nonce(input);
      headers.set("dpop", await key.proof({ method, url: input, accessToken }));
      const answer = await fetchFn(input, { ...init, headers });
      if (!key.learn(input, answer, nonce) || last) return answer;
      await answer.body?.cancel();
    }
  };
}

/** Opens the key of this name in this browser (IndexedDB), or makes it. Undefined where a page has no WebCrypto: on plain HTTP from elsewhere. */
export async function openDpopKey(name: string): Promise<DpopKey | undefined> {
  if (!globalThis.crypto?.subtle) return undefined;
  const fresh = await DpopKey.generate();
  try {
    return new DpopKey(await keep(name, fresh.pair));
  } catch {
    return fresh; // no storage, as in some private windows: good until the page is closed
  }
}

/** Gives the pair that is kept, or keeps this one: in one transaction, so that two tabs agree. */
function keep(name: string, fresh: CryptoKeyPair): Promise<CryptoKeyPair> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("seseragi", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("keys");
    opening.onerror = opening.onblocked = () => reject(opening.error);
    opening.onsuccess = () => {
      const database = opening.result;
      const change = database.transaction("keys", "readwrite");
      const keys = change.objectStore("keys");
      const found: IDBRequest<CryptoKeyPair | undefined> = keys.get(name);
      found.onsuccess = () => void (found.result || keys.add(fresh, name));
      change.oncomplete = () => (database.close(), resolve(found.result ?? fresh));
      change.onerror = change.onabort = () => (database.close(), reject(change.error));
    };
  });
}

/** Only what says which key it is. */
async function publicJwk(key: CryptoKey): Promise<JsonWebKey> {
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", key);
  return { kty, crv, x, y } as JsonWebKey;
}

/** Whether a token says that it is bound to a key. What cannot be read is sent as it is: the server alone judges it. */
function isBound(accessToken: string): boolean {
  try {
    const claims: unknown = JSON.parse(atob((accessToken.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/")));
    return Boolean((claims as { cnf?: { jkt?: unknown } }).cnf?.jkt);
  } catch {
    return false;
  }
}

function nameOf({ method, url, accessToken = "" }: ProofTarget): string {
  return `${method} ${new URL(url).href} ${accessToken}`;
}

function adjustClock(server: Server, date: string | null): boolean {
  const aheadMs = Date.parse(date ?? "") - Date.now();
  if (!(Math.abs(aheadMs - server.aheadMs) > CLOCK_SLACK_MS)) return false;
  server.aheadMs = aheadMs;
  return true;
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function base64url(bytes: ArrayBuffer | Uint8Array): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
