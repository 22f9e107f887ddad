"""What the tests share: keys made once, settings around them, and a gateway that writes down what it is told."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path

import jwt
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client, override_settings

from seseragi_django import keys, revoke

from .settings import FOLDER

ISSUER = "https://app.example"
PASSWORD = "correct horse battery staple"


def key_file(algorithm: str) -> Path:
    """A key of this kind, made once by the command itself."""
    file = FOLDER / f"{algorithm}.key"
    if not file.exists():
        call_command("seseragi_key", str(file), algorithm=algorithm, stdout=StringIO())
    return file


def seseragi(algorithm: str = "ES256", **more: object) -> dict:
    """The setting SESERAGI with a good key."""
    name = "HS256_SECRET_FILE" if algorithm == "HS256" else "SIGNING_KEY_FILE"
    return {"ISSUER": ISSUER, "ALGORITHM": algorithm, name: str(key_file(algorithm))} | more


def using(algorithm: str = "ES256", **more: object) -> override_settings:
    return override_settings(SESERAGI=seseragi(algorithm, **more))


def verified(token: str, algorithm: str = "ES256", **options: object) -> dict:
    """The claims of a token that PyJWT accepts with the public key (or the secret)."""
    if algorithm == "HS256":
        key = key_file("HS256").read_bytes().strip()
    else:
        key = jwt.PyJWKSet.from_dict(keys.jwks())[jwt.get_unverified_header(token)["kid"]].key
    required = ["iss", "sub", "aud", "exp", "iat", "nbf", "jti", "client_id", "scope"]
    return jwt.decode(
        token, key, algorithms=[algorithm], audience="seseragi", issuer=ISSUER, options={"require": required}, **options
    )


def user(name: str = "tomoko", **fields: object):
    return get_user_model().objects.create_user(name, password=PASSWORD, **fields)


def post(client: Client, path: str, body: object = None, **headers: str):
    """A JSON POST."""
    data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post(path, data, content_type="application/json", headers=headers)


class FakeGateway:
    """Answers POST /admin/revoke on a free port of 127.0.0.1; only a token that verifies gets a 200."""

    def __init__(self) -> None:
        gateway = self
        self.calls: list[dict] = []
        self.statuses: list[int] = []  # answers to come; 200 once there are none
        self.refused: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:  # noqa: N802 the name is http.server's
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                status = gateway.take(self.path, self.headers, body)
                self.send_response(status)
                if status == 302:
                    self.send_header("location", "http://127.0.0.1:9/elsewhere")
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def take(self, path: str, headers: object, body: dict) -> int:
        if self.statuses:
            return self.statuses.pop(0)
        try:
            claims = verified(headers["authorization"].removeprefix("Bearer "))
            assert path == "/admin/revoke" and claims["scope"] == "admin:revoke", (path, claims)
            assert claims["exp"] - claims["iat"] <= 60 and claims["sub"] == "service:django", claims
        except Exception as error:  # noqa: BLE001 the test looks at it
            self.refused.append(repr(error))
            return 401
        self.calls.append(body)
        return 200

    def told(self) -> list[dict]:
        """All calls so far, once none waits any more."""
        assert revoke.flush(), "calls still wait"
        assert not self.refused, self.refused
        return self.calls

    def close(self) -> None:
        revoke.flush()
        self.server.shutdown()
        self.server.server_close()
