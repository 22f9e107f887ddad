"""The real example project of integrations/django: a process of Django, and browsers that are signed in to it."""

import http.cookiejar
import json
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from .processes import ROOT, Child, clean_env, folder, free_port

SOURCE = ROOT / "integrations" / "django"
PASSWORD = "correct horse battery staple"
# What manage.py shell runs: users who may sign in, some of them in a group.
USERS = """
from django.contrib.auth.models import Group, User
group, _ = Group.objects.get_or_create(name="trial")
for name in {names!r}:
    User.objects.create_user(name, password={password!r})
for name in {trial!r}:
    User.objects.get(username=name).groups.add(group)
"""

_installed: list[Path] = []


def installed() -> Path:
    """Where `pip install ./integrations/django` has put the package; built and installed once."""
    if not _installed:
        home = folder("django-package")
        # A copy, because building leaves files beside the sources.
        made = shutil.ignore_patterns("var", "__pycache__", "build", "*.egg-info")
        shutil.copytree(SOURCE, home / "django", ignore=made)
        done = subprocess.run(
            [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-build-isolation",
             "--disable-pip-version-check", "--target", str(home / "site"), "./django"],
            cwd=home, env=clean_env(), capture_output=True, text=True, timeout=120, check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(f"pip install: {done.stdout}{done.stderr}")
        _installed.append(home / "site")
    return _installed[0]


def table_of_readme(heading: str, number: int = 0) -> str:
    """The TOML table of the package's README below a heading, so that what it says is what is tested."""
    text = (SOURCE / "README.md").read_text()
    section = text.split(f"### {heading}\n", 1)[1].split("\n### ")[0].split("\n## ")[0]
    return re.findall(r"```toml\n(.*?)```", section, re.S)[number]


@dataclass
class Reply:
    """An HTTP answer."""

    status: int
    headers: dict
    body: bytes

    @property
    def json(self) -> dict:
        return json.loads(self.body)


class Site:
    """The example project with one settings module, a folder and a port of its own."""

    def __init__(self, settings: str, gateway_port: int | None = None, algorithm: str = "ES256") -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.var = folder("django")
        self.env = clean_env() | {
            "DJANGO_SETTINGS_MODULE": f"example.settings.{settings}", "EXAMPLE_VAR": str(self.var),
            "EXAMPLE_URL": self.url, "EXAMPLE_GATEWAY_URL": f"http://127.0.0.1:{gateway_port}",
            "EXAMPLE_ALGORITHM": algorithm, "PYTHONPATH": str(installed()), "PYTHONUNBUFFERED": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        self.child: Child | None = None

    def manage(self, *arguments: str) -> str:
        """A command of manage.py, to its end; its standard output."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=SOURCE / "example", env=self.env, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=120, check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(f"manage.py {arguments[0]}: {done.stdout}{done.stderr}")
        return done.stdout

    def start(self, *names: str, trial: tuple = (), key: bool = False) -> "Site":
        """As its README says: a key, the database, users, the server."""
        if key:
            self.manage("seseragi_key")
        self.manage("migrate", "--verbosity", "0")
        self.manage("shell", "-c", USERS.format(names=names, password=PASSWORD, trial=trial))
        return self.serve()

    def serve(self) -> "Site":
        """Starts the server; again, too, after `stop`."""
        command = [sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{self.port}"]
        self.child = Child(command, cwd=SOURCE / "example", env=self.env)
        self.child.wait_for_line("Quit the server")
        return self

    def config(self, heading: str, number: int = 0) -> str:
        """The table of the README for this site's address."""
        return table_of_readme(heading, number).replace("http://127.0.0.1:8000", self.url)

    def file(self, name: str) -> str:
        return (self.var / name).read_text()

    def stop(self) -> None:
        self.child.terminate()
        self.child.exit_code()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer to look at."""

    def redirect_request(self, *_: object) -> None:
        return None


class Browser:
    """Cookies, forms and fetches; on one site."""

    def __init__(self, site: Site) -> None:
        self.site, self.jar = site, http.cookiejar.CookieJar()
        cookies = urllib.request.HTTPCookieProcessor(self.jar)
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect, cookies)

    def sign_in(self, name: str) -> "Browser":
        self.get("/accounts/login/")
        reply = self.form("/accounts/login/", username=name, password=PASSWORD)
        assert reply.status == 302, reply
        return self

    @property
    def csrf(self) -> str:
        return next((cookie.value for cookie in self.jar if cookie.name == "csrftoken"), "")

    def get(self, path: str) -> Reply:
        return self.send(urllib.request.Request(self.site.url + path))

    def form(self, path: str, **fields: str) -> Reply:
        """A form as a browser posts it, with the CSRF token."""
        data = urllib.parse.urlencode(fields | {"csrfmiddlewaretoken": self.csrf}).encode()
        return self.send(urllib.request.Request(self.site.url + path, data=data, method="POST"))

    def fetch(self, path: str, body: dict | None = None, csrf: bool = True, **headers: str) -> Reply:
        """A fetch of a page of this site: JSON, with the CSRF token unless told otherwise."""
        head = {"content-type": "application/json"} | ({"x-csrftoken": self.csrf} if csrf else {}) | headers
        data = b"" if body is None else json.dumps(body).encode()
        return self.send(urllib.request.Request(self.site.url + path, data=data, headers=head, method="POST"))

    def token(self, path: str = "/auth/issue", body: dict | None = None) -> str:
        """An access token for who is signed in."""
        reply = self.fetch(path, body)
        assert reply.status == 200, reply
        return reply.json["access_token"]

    def send(self, request: urllib.request.Request) -> Reply:
        try:
            with self.opener.open(request, timeout=30) as reply:
                return Reply(reply.status, dict(reply.headers.items()), reply.read())
        except urllib.error.HTTPError as error:
            with error:
                return Reply(error.code, dict(error.headers.items()), error.read())
