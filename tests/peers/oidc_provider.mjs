/**
 * Real OpenID providers issue the tokens, real libraries make the proofs: npm `oidc-provider` with DPoP, npm `oauth2-mock-server`
 * without. Keys are fetched, rotated and kept; a bound token is worth nothing without its key.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport } from "@connectrpc/connect-node";
import * as dpop from "dpop";
import { exportJWK, generateKeyPair } from "jose";
import { OAuth2Server } from "oauth2-mock-server";
import Provider from "oidc-provider";
import { atEnd, run, until, within } from "./lib/checks.mjs";
import { Infer } from "./lib/contract.mjs";
import { startGateway } from "./lib/gateway.mjs";

const LIMIT_S = 120;
const CALL_MS = 15_000;
const SECRET = "a secret of this test client only, nothing else";

async function signingKey(kid) {
  const { privateKey } = await generateKeyPair("ES256", { extractable: true });
  return { ...(await exportJWK(privateKey)), kid, alg: "ES256", use: "sig" };
}

/** `oidc-provider` on a port of its own; its keys can be exchanged, as in a rotation. */
class Idp {
  keyRequests = 0;
  #handler;

  async listen() {
    this.server = createServer((request, response) => {
      if (request.url === "/jwks") this.keyRequests += 1;
      this.#handler(request, response);
    });
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    atEnd(() => this.close());
    this.issuer = `http://127.0.0.1:${this.server.address().port}`;
    return this;
  }

  close() {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }

  use(keys) {
    const resource = {
      scope: "infer:read",
      audience: "seseragi",
      accessTokenTTL: 300,
      accessTokenFormat: "jwt",
      jwt: { sign: { alg: "ES256" } },
    };
    const provider = new Provider(this.issuer, {
      clients: [{ client_id: "program", client_secret: SECRET, grant_types: ["client_credentials"], redirect_uris: [], response_types: [], id_token_signed_response_alg: "ES256" }],
      jwks: { keys },
      scopes: ["infer:read"],
      features: {
        clientCredentials: { enabled: true },
        devInteractions: { enabled: false },
        dPoP: { enabled: true },
        resourceIndicators: {
          enabled: true,
          defaultResource: () => "https://seseragi.test",
          getResourceServerInfo: () => resource,
          useGrantedResource: () => true,
        },
      },
    });
    this.#handler = provider.callback();
  }

  /** A token by client credentials; bound to `keyPair` if there is one. */
  async token(keyPair) {
    const url = `${this.issuer}/token`;
    const headers = {
      authorization: `Basic ${Buffer.from(`program:${encodeURIComponent(SECRET)}`).toString("base64")}`,
      "content-type": "application/x-www-form-urlencoded",
    };
    if (keyPair) headers.dpop = await dpop.generateProof(keyPair, url, "POST");
    const response = await fetch(url, { method: "POST", headers, body: "grant_type=client_credentials&scope=infer%3Aread" });
    const answer = await response.json();
    assert.equal(response.status, 200, JSON.stringify(answer));
    assert.equal(answer.token_type, keyPair ? "DPoP" : "Bearer");
    return answer.access_token;
  }
}

async function textBy(transport, headers) {
  const call = async () => {
    let text = "";
    const stream = createClient(Infer, transport).stream({ prompt: "one proof, one stream", model: "echo" }, { headers, timeoutMs: CALL_MS });
    for await (const reply of stream) if (reply.delta) text += reply.delta;
    return text;
  };
  return within(CALL_MS, "the stream", call());
}

async function refusal(promise) {
  const error = await promise.then(
    () => assert.fail("it was accepted"),
    (thrown) => ConnectError.from(thrown),
  );
  assert.equal(error.code, Code.Unauthenticated, error.message);
  return error;
}

await run(LIMIT_S, async (check) => {
  const idp = await new Idp().listen();
  const first = await signingKey("first");
  idp.use([first]);
  const mock = new OAuth2Server();
  await mock.issuer.keys.generate("RS256");
  await mock.start(0, "127.0.0.1");
  atEnd(() => mock.stop());

  const gateway = await startGateway(`
[[auth.external]]
name = "idp"
preset = "oidc"
issuer = "${idp.issuer}"
jwks_url = "${idp.issuer}/jwks"
algorithms = ["ES256"]
audiences = ["seseragi"]
dpop = "optional"

[[auth.external]]
name = "mock"
preset = "oidc"
issuer = "${mock.issuer.url}"
jwks_url = "${mock.issuer.url}/jwks"
algorithms = ["RS256"]
audiences = ["seseragi"]
typ = ["JWT"]

[[models]]
name = "echo"
runtime = "echo"
delay_ms = 1
`);
  const url = `${gateway.url}/infer.Infer/Stream`;
  const transports = {
    gRPC: createGrpcTransport({ baseUrl: gateway.url }),
    Connect: createConnectTransport({ baseUrl: gateway.url, httpVersion: "1.1" }),
  };
  const keyPair = await dpop.generateKeyPair("ES256");
  const bound = await idp.token(keyPair);
  const proof = (keys = keyPair, token = bound, at = url) => dpop.generateProof(keys, at, "POST", undefined, token);
  const withProof = async (token = bound, given) => ({ authorization: `DPoP ${token}`, dpop: given ?? (await proof(keyPair, token)) });

  for (const [name, transport] of Object.entries(transports)) {
    await check(`${name}: a bound token of oidc-provider streams with its proof`, async () => {
      assert.equal(await textBy(transport, await withProof()), "one proof, one stream");
    });
  }

  await check("an unbound token of oidc-provider streams as a bearer", async () => {
    const authorization = `Bearer ${await idp.token()}`;
    assert.equal(await textBy(transports.gRPC, { authorization }), "one proof, one stream");
  });

  await check("a bound token is refused without a proof, as a bearer, replayed, and with another's proof", async () => {
    const used = await withProof();
    await textBy(transports.gRPC, used);
    const thief = await dpop.generateKeyPair("ES256");
    const attempts = {
      "no proof": { authorization: `DPoP ${bound}` },
      "as a bearer": { authorization: `Bearer ${bound}` },
      "as a bearer, with the proof": { ...(await withProof()), authorization: `Bearer ${bound}` },
      replayed: used,
      "another key": await withProof(bound, await proof(thief)),
      "another URL": await withProof(bound, await proof(keyPair, bound, `${gateway.url}/infer.Infer/Resume`)),
      "another host": await withProof(bound, await proof(keyPair, bound, "https://elsewhere.test/infer.Infer/Stream")),
      "another token": await withProof(bound, await proof(keyPair, await idp.token(keyPair))),
    };
    for (const [name, headers] of Object.entries(attempts)) {
      for (const [wire, transport] of Object.entries(transports)) {
        const error = await refusal(textBy(transport, headers)).catch((failure) => assert.fail(`${name} over ${wire}: ${failure.message}`));
        assert.ok(!error.message.includes(bound), name);
      }
    }
    return `${Object.keys(attempts).length} attempts over ${Object.keys(transports).length} wires`;
  });

  await check("an unbound token with the DPoP scheme is refused", async () => {
    const token = await idp.token();
    await refusal(textBy(transports.gRPC, await withProof(token)));
  });

  await check("a token of oauth2-mock-server (RS256) streams; one for another audience does not", async () => {
    const token = (aud) => mock.issuer.buildToken({ scopesOrTransform: (_, payload) => Object.assign(payload, { aud, sub: "ann", scope: "infer:read" }), expiresIn: 300 });
    assert.equal(await textBy(transports.gRPC, { authorization: `Bearer ${await token("seseragi")}` }), "one proof, one stream");
    await refusal(textBy(transports.gRPC, { authorization: `Bearer ${await token("others")}` }));
  });

  await check("a new signing key is fetched when it is first seen, once; the old token stays good", async () => {
    idp.use([await signingKey("second"), first]);
    const before = idp.keyRequests;
    // At most one fetch in 30 s for one issuer: the first fetch was at the start.
    const authorization = `Bearer ${await idp.token()}`;
    await until("the new key", () => textBy(transports.gRPC, { authorization }).then((text) => text, () => ""), 45_000);
    const fetched = idp.keyRequests - before;
    assert.ok(fetched <= 2, `${fetched} fetches`);
    assert.equal(await textBy(transports.gRPC, await withProof()), "one proof, one stream");
    return `${fetched} fetches`;
  });

  await check("the provider goes away: known keys are kept", async () => {
    const headers = await withProof();
    await idp.close();
    assert.equal(await textBy(transports.gRPC, headers), "one proof, one stream");
  });
});
