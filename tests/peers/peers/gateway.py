"""A real gateway with a data folder, a configuration and ports of its own."""

import json
import os
import re
import subprocess
import time
import urllib.request
from http.client import HTTPConnection
from pathlib import Path

import jwt

from .processes import ROOT, Child, clean_env, folder, free_port

SECRET = "a shared secret of exactly this test, long enough"
DJANGO = """
[[auth.external]]
name = "django"
hs256_secret_file = "django.secret"
tier = "server"
"""


def binary() -> Path:
    """The program under test."""
    target = Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target")
    return (ROOT / target / "release" / "seseragi").resolve()


class Gateway:
    """`seseragi serve` on free ports of 127.0.0.1. `config` is TOML: tables only, top-level keys in `top`."""

    def __init__(
        self, config: str = "", top: str = "", listen: str = "127.0.0.1", secrets: dict | None = None,
        port: int | None = None,
    ) -> None:
        self.home = folder("gateway")
        self.port, self.metrics_port = port or free_port(), free_port()
        self.address = f"127.0.0.1:{self.port}"
        self.config = self.home / "seseragi.toml"
        for name, secret in ({"django.secret": SECRET} | (secrets or {})).items():
            (self.home / name).write_text(secret)
            (self.home / name).chmod(0o600)
        self.config.write_text(
            f'data_dir = "data"\n{top}\n[listen]\naddress = "{listen}:{self.port}"\n'
            f'[metrics]\naddress = "127.0.0.1:{self.metrics_port}"\n{config}'
        )
        self.child = Child([binary(), "--config", self.config, "serve"], cwd=self.home)
        self.child.wait_for_line("is listening on")

    @property
    def log(self) -> str:
        return self.child.output

    def guest(self) -> str:
        """A fresh guest's access token."""
        status, _, body = self.post("/auth/guest")
        assert status == 200, body
        return json.loads(body)["access_token"]

    def post(
        self, path: str, headers: dict | None = None, body: str = "{}", source: str = "127.0.0.1",
    ) -> tuple[int, dict, str]:
        """A JSON POST from an address of this machine; status, headers in lower case, text."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30, source_address=(source, 0))
        try:
            connection.request("POST", path, body, {"content-type": "application/json"} | (headers or {}))
            reply = connection.getresponse()
            return reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read().decode()
        finally:
            connection.close()

    def get(self, path: str) -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path)
            reply = connection.getresponse()
            return reply.status, reply.read().decode()
        finally:
            connection.close()

    def command(self, *arguments: str, config: Path | None = None) -> subprocess.CompletedProcess:
        """Another command of the program with this gateway's configuration."""
        return program("--config", config or self.config, *arguments, cwd=self.home)

    def token(self, sub: str, *more: str) -> str:
        """A token made by `seseragi token issue`."""
        done = self.command("token", "issue", "--sub", sub, *more)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def metrics(self) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.metrics_port}/metrics", timeout=10) as reply:
            return reply.read().decode()

    def metric(self, name: str, **labels: str) -> float:
        """The sum of all samples with these labels; 0 without any."""
        return metric(self.metrics(), name, **labels)

    def rss(self) -> int:
        """Resident memory, in bytes."""
        status = Path(f"/proc/{self.child.pid}/status").read_text()
        return int(re.search(r"^VmRSS:\s+(\d+) kB", status, re.M)[1]) * 1024

    def stop(self, within: float = 60) -> int:
        """SIGTERM, then the exit code."""
        self.child.terminate()
        return self.child.exit_code(within)


def program(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess:
    """Runs a command of the program to its end."""
    return subprocess.run(
        [str(binary()), *map(str, arguments)], cwd=cwd, env=clean_env(), stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=60, check=False,
    )


def metric(text: str, name: str, **labels: str) -> float:
    """The sum of a metric's samples with these labels, in the text of Prometheus."""
    total = 0.0
    for line in text.splitlines():
        found = re.match(rf"{re.escape(name)}(\{{(.*)\}})? (\S+)", line)
        if found and all(f'{key}="{value}"' in (found[2] or "") for key, value in labels.items()):
            total += float(found[3])
    return total


def django_token(sub: str = "tomoko", scope: object = ("infer:read",), secret: str = SECRET, **claims: object) -> str:
    """The classic token of a web framework: {"sub", "exp", "scope"}, signed with a shared secret."""
    scope = list(scope) if isinstance(scope, tuple) else scope
    return jwt.encode({"sub": sub, "exp": int(time.time()) + 600, "scope": scope} | claims, secret, algorithm="HS256")
