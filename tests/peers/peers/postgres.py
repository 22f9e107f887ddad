"""A real PostgreSQL server of our own: a fresh cluster in a temporary folder, on a free port of 127.0.0.1."""

import os
import pwd
import secrets
import shutil
import subprocess
from pathlib import Path

from .processes import Child, clean_env, folder, free_port

ROLE = "seseragi_test"


class Postgres:
    """Runs until the script ends, or until `stop`. `url(database)` is how to reach it; the password is random."""

    def __init__(self, settings: dict | None = None) -> None:
        self.bin = _programs()
        self.port = free_port()
        self.password = secrets.token_urlsafe(16)
        self.home = folder("postgres")
        self.data = self.home / "data"
        self.user = _unprivileged()
        if self.user:
            os.chown(self.home, self.user.pw_uid, self.user.pw_gid)
        self._make()
        self.settings = {
            "port": self.port, "listen_addresses": "127.0.0.1", "unix_socket_directories": "",
            "max_connections": 200, **(settings or {}),
        }
        self.start()

    def url(self, database: str = "postgres", query: str = "") -> str:
        return f"postgres://{ROLE}:{self.password}@127.0.0.1:{self.port}/{database}{'?' + query if query else ''}"

    def start(self) -> None:
        options = [part for name, value in self.settings.items() for part in ("-c", f"{name}={value}")]
        self.child = Child([*self._as_user(), self.bin / "postgres", "-D", self.data, *options], cwd=self.home)
        self.child.wait_for_line("ready to accept connections", within=30)

    def stop(self) -> None:
        """A fast shutdown: clients are cut, everything is written."""
        pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        os.kill(pid, 2)
        self.child.exit_code()

    def sql(self, text: str, database: str = "postgres") -> str:
        """What psql prints for these statements."""
        env = {**clean_env(), "PGPASSWORD": self.password}
        command = [self.bin / "psql", "-h", "127.0.0.1", "-p", self.port, "-U", ROLE, "-d", database, "-AtqX",
                   "-v", "ON_ERROR_STOP=1", "-c", text]
        done = subprocess.run([str(part) for part in command], env=env, capture_output=True, text=True, timeout=60)
        if done.returncode:
            raise RuntimeError(done.stderr)
        return done.stdout.strip()

    def _make(self) -> None:
        secret = self.home / "password"
        secret.write_text(self.password)
        secret.chmod(0o600)
        if self.user:
            os.chown(secret, self.user.pw_uid, self.user.pw_gid)
        command = [*self._as_user(), self.bin / "initdb", "-D", self.data, "-U", ROLE, "--auth=scram-sha-256",
                   f"--pwfile={secret}", "-E", "UTF8", "--locale=C.UTF-8"]
        done = subprocess.run([str(part) for part in command], cwd=self.home, env=clean_env(), capture_output=True,
                              text=True, timeout=120)
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)
        secret.unlink()

    def certificate(self, name: str = "127.0.0.1") -> Path:
        """A certificate for the server, by an authority of its own; returns the authority's. Needs a restart."""
        authority, request = self.home / "ca.pem", self.home / "server.csr"
        kind = "IP" if name[0].isdigit() else "DNS"
        names = self.home / "names"
        names.write_text(f"subjectAltName={kind}:{name}\n")
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        for command in (
            ["req", "-x509", *key, "-keyout", self.home / "ca.key", "-out", authority, "-days", 2, "-subj", "/CN=ca"],
            ["req", *key, "-keyout", self.data / "server.key", "-out", request, "-subj", f"/CN={name}"],
            ["x509", "-req", "-in", request, "-CA", authority, "-CAkey", self.home / "ca.key", "-CAcreateserial",
             "-out", self.data / "server.crt", "-days", 2, "-extfile", names],
        ):
            subprocess.run(["openssl", *map(str, command)], check=True, capture_output=True, timeout=60)
        for made in ("server.key", "server.crt"):
            (self.data / made).chmod(0o600)
            if self.user:
                os.chown(self.data / made, self.user.pw_uid, self.user.pw_gid)
        return authority

    def _as_user(self) -> list:
        """PostgreSQL refuses to run as root."""
        return ["setpriv", f"--reuid={self.user.pw_uid}", f"--regid={self.user.pw_gid}", "--clear-groups"] if self.user else []


def available() -> bool:
    """Whether the programs of a server are installed."""
    try:
        return bool(_programs())
    except RuntimeError:
        return False


def _programs() -> Path:
    """The folder of the newest installed version."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    if there := shutil.which("initdb"):
        return Path(there).resolve().parent
    raise RuntimeError("no PostgreSQL server is installed: install the package postgresql")


def _unprivileged() -> pwd.struct_passwd | None:
    """Somebody else, if we are root."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("PostgreSQL does not run as root, and there is no user postgres or nobody")
