/** A gateway in memory behind `fetch`: both wires as they are, and whoever checks the proofs of RFC 9449 as a server must. */
import { createConnectRouter, type ConnectRouter } from "@connectrpc/connect";
import { createFetchHandler } from "@connectrpc/connect/protocol";

export interface Proved {
  readonly path: string;
  readonly scheme: string;
  readonly accessToken: string;
  /** The claims of the proof; undefined where none came. */
  readonly claims: Record<string, unknown> | undefined;
  /** The thumbprint of its key (RFC 7638). */
  readonly jkt: string | undefined;
}

export interface ProvingServer {
  readonly fetch: typeof globalThis.fetch;
  readonly seen: Proved[];
  /** From now on proofs must carry this nonce. */
  nonce: string | undefined;
  /** How its clock differs from ours. */
  aheadMs: number;
  /** What it says where a proof is wrong: a status, or, as gRPC does, only a header. */
  refusesBy: "status" | "header";
}

export const ORIGIN = "http://gateway.test";

/** Everything that is wrong with a proof is an error, so that a test fails by its reason. */
export function provingServer(routes: (router: ConnectRouter) => void): ProvingServer {
  const router = createConnectRouter();
  routes(router);
  const handlers = new Map(router.handlers.map((handler) => [handler.requestPath, createFetchHandler(handler)]));
  const used = new Set<unknown>();
  const server: ProvingServer = {
    seen: [],
    nonce: undefined,
    aheadMs: 0,
    refusesBy: "status",
    async fetch(input, init) {
      const request = new Request(input instanceof URL ? input.href : input, init);
      const { pathname } = new URL(request.url);
      const [scheme = "", accessToken = ""] = (request.headers.get("authorization") ?? "").split(" ");
      const proof = request.headers.get("dpop");
      const checked = proof ? await check(proof, request, accessToken) : undefined;
      server.seen.push({ path: pathname, scheme, accessToken, claims: checked?.claims, jkt: checked?.jkt });
      if (checked) {
        if (used.has(checked.claims["jti"])) throw new Error("the proof was used before");
        used.add(checked.claims["jti"]);
        const late = Math.abs(Number(checked.claims["iat"]) * 1000 - (Date.now() + server.aheadMs)) > 30_000;
        const wanted = server.nonce !== undefined && checked.claims["nonce"] !== server.nonce ? "use_dpop_nonce" : late ? "invalid_dpop_proof" : undefined;
        if (wanted) return refusal(server, wanted);
      }
      const answer = await (handlers.get(pathname)?.(request) ?? Response.json({}));
      if (server.nonce !== undefined) answer.headers.set("dpop-nonce", server.nonce);
      return answer;
    },
  };
  return server;
}

function refusal(server: ProvingServer, error: string): Response {
  const headers = new Headers({ "www-authenticate": `DPoP realm="test", error="${error}"`, date: new Date(Date.now() + server.aheadMs).toUTCString() });
  if (server.nonce !== undefined) headers.set("dpop-nonce", server.nonce);
  if (server.refusesBy === "status") return new Response("{}", { status: 401, headers });
  headers.set("content-type", "application/grpc-web+proto");
  headers.set("grpc-status", "16");
  return new Response(null, { headers });
}

async function check(proof: string, request: Request, accessToken: string): Promise<{ claims: Record<string, unknown>; jkt: string }> {
  const [head = "", body = "", signature = ""] = proof.split(".");
  const header = JSON.parse(new TextDecoder().decode(bytes(head))) as { typ: string; alg: string; jwk: JsonWebKey };
  const claims = JSON.parse(new TextDecoder().decode(bytes(body))) as Record<string, unknown>;
  same(Object.keys(header).sort().join(), "alg,jwk,typ");
  same(`${header.typ} ${header.alg}`, "dpop+jwt ES256");
  same(Object.keys(header.jwk).sort().join(), "crv,kty,x,y");
  const key = await crypto.subtle.importKey("jwk", header.jwk, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
  const good = await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, bytes(signature), new TextEncoder().encode(`${head}.${body}`));
  same(good, true);
  same(claims["htm"], request.method);
  same(claims["htu"], request.url.replace(/[?#].*/, ""));
  same(claims["ath"], accessToken ? text(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(accessToken))) : undefined);
  const { crv, kty, x, y } = header.jwk;
  return { claims, jkt: text(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify({ crv, kty, x, y })))) };
}

function same(found: unknown, wanted: unknown): void {
  if (found !== wanted) throw new Error(`the proof has ${String(found)} instead of ${String(wanted)}`);
}

function bytes(base64url: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64url.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
}

function text(buffer: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** A token that says to which key it is bound; nobody signed it. */
export function boundToken(jkt: string | undefined, name = "t"): string {
  const part = (value: unknown): string => text(new TextEncoder().encode(JSON.stringify(value)).buffer);
  return `${part({ typ: "at+jwt" })}.${part({ sub: name, ...(jkt && { cnf: { jkt } }) })}.sig`;
}
