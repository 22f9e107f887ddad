"""Real Django as the issuer: the example project of integrations/django, and the gateway that its README configures."""

import os
import subprocess
import sys
import threading
import time

import grpc
from peers import rpc
from peers.checks import Failed, equal, eventually, expect, run
from peers.django_site import PASSWORD, Browser, Site, installed, table_of_readme
from peers.gateway import Gateway, program
from peers.processes import folder, free_port
from peers.rpc import bearer, pb

TEXT = "小さな流れ 🌊"
# At 20 ms per character a minute and more: it never ends by itself while a test looks.
LONG = "長い流れ" * 1000
OK, UNAUTHENTICATED = grpc.StatusCode.OK, grpc.StatusCode.UNAUTHENTICATED


class Running:
    """A stream that is being read while something happens to its caller."""

    def __init__(self, gateway: Gateway, token: str) -> None:
        self.answer = rpc.Answer()
        request = pb.StreamRequest(prompt=LONG, model="echo")
        self.call = rpc.stub(gateway.address).Stream(request, metadata=bearer(token), timeout=90)
        self.ended_at = 0.0
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()
        eventually(lambda: self.answer.applied > 2 or self.ended_at, "a stream that runs")
        expect(not self.ended_at, f"refused: {self.answer.code} {self.answer.details}")

    def _read(self) -> None:
        try:
            for reply in self.call:
                self.answer.take(reply)
        except grpc.RpcError as error:
            self.answer.failed(error)
        self.ended_at = time.monotonic()

    @property
    def runs(self) -> bool:
        return not self.ended_at

    def revoked(self, asked: float, answered: float, within: float = 1.0) -> str:
        """Fails unless it ended with the terminal REVOKED in this time after the answer to the request; says when."""
        self.thread.join(5)
        expect(not self.runs, "the stream runs on")
        self.answer.ended(pb.REVOKED)
        equal((self.answer.code, self.answer.terminal.code), (grpc.StatusCode.PERMISSION_DENIED, "revoked"))
        took = self.ended_at - answered
        expect(took < within, f"it took {took:.2f} s")
        # Django hashes passwords for a second or so before it changes anything; that is not ours.
        return f"{took * 1000:+.0f} ms from the answer, {(self.ended_at - asked) * 1000:.0f} ms from the request"

    def stop(self) -> None:
        self.call.cancel()
        self.thread.join(5)


def ask(gateway: Gateway, token: str) -> rpc.Answer:
    """One short question."""
    return rpc.ask(rpc.stub(gateway.address), token, TEXT, model="echo")


def streams(gateway: Gateway, token: str) -> None:
    """Fails unless the token streams a whole answer."""
    ask(gateway, token).whole(TEXT)


def refused(gateway: Gateway, token: str) -> str:
    """Fails unless the token is refused with UNAUTHENTICATED; the public reason."""
    answer = ask(gateway, token)
    equal(answer.code, UNAUTHENTICATED, f"status ({answer.details})")
    return answer.reason


def package(report) -> None:
    """The pip package, ES256, with live effect."""
    with report.check("pip installs the package, with its migrations, commands and license") as figures:
        names = {str(path.relative_to(installed())) for path in installed().rglob("*") if path.is_file()}
        for wanted in ("migrations/0001_initial.py", "management/commands/seseragi_key.py", "views.py"):
            expect(f"seseragi_django/{wanted}" in names, f"{wanted} is missing")
        expect(any(name.endswith("licenses/LICENSE") for name in names), "the license is missing")
        expect(not any(name.startswith(("tests", "example")) for name in names), "tests or example are installed")
        figures.append(f"{len(names)} files")
    port = free_port()
    site = Site("package", port).start("aoi", "ren", "yui", "sora", "hina", trial=("hina",), key=True)
    with report.check("seseragi_config prints the table of the README"):
        equal(site.manage("seseragi_config").strip(), site.config("The package").strip())
    gateway = Gateway(site.config("The package"), port=port)
    endpoints(report, site, gateway)
    refresh(report, site, gateway)
    live(report, site, gateway)
    tiers(report, site, gateway)
    gateway.stop()
    site.stop()


def endpoints(report, site: Site, gateway: Gateway) -> None:
    aoi = Browser(site).sign_in("aoi")
    with report.check("ES256: a signed-in user's token, checked by /auth/jwks.json, streams"):
        streams(gateway, aoi.token())
    with report.check("anonymous: 401 as JSON with a challenge, no redirect; without CSRF token: 403 as JSON"):
        reply = Browser(site).fetch("/auth/issue")
        equal((reply.status, reply.json["reason"]), (401, "not_signed_in"))
        expect("WWW-Authenticate" in reply.headers and "Location" not in reply.headers, f"headers {reply.headers}")
        reply = aoi.fetch("/auth/issue", csrf=False)
        equal((reply.status, reply.json["reason"], reply.headers["Cache-Control"]), (403, "csrf", "no-store"))
        equal(aoi.get("/auth/issue").status, 405)
    with report.check("a user's token may not revoke anybody"):
        head = {"authorization": f"Bearer {aoi.token()}"}
        status, _, body = gateway.post("/admin/revoke", head, f'{{"iss": "{site.url}", "sub": "1"}}')
        equal(status, 403, body)
    with report.check("the page is there, and shows no token"):
        page = aoi.get("/")
        expect(page.status == 200 and b"You are aoi" in page.body and b"eyJ" not in page.body, f"{page.status}")


def exchange(site: Site, token: str):
    return Browser(site).fetch("/auth/refresh", {"refresh_token": token})


def refresh(report, site: Site, gateway: Gateway) -> None:
    with report.check("refresh tokens rotate; eight that race get one successor; the token streams") as figures:
        first = Browser(site).sign_in("aoi").fetch("/auth/issue", {"mode": "token"}).json["refresh_token"]
        replies: list = []
        threads = [
            threading.Thread(target=lambda: replies.append(exchange(site, first))) for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        equal({reply.status for reply in replies}, {200}, "status")
        equal(len({reply.json["refresh_token"] for reply in replies}), 1, "successors")
        streams(gateway, replies[0].json["access_token"])
        figures.append(f"{len(replies)} answers")
    with report.check("a refresh token is no access token; a revoked one ends its stream"):
        token = replies[0].json["refresh_token"]
        refused(gateway, token)
        stream = Running(gateway, replies[0].json["access_token"])
        began = time.monotonic()
        equal(Browser(site).fetch("/auth/revoke", {"token": token}).status, 200)
        stream.revoked(began, time.monotonic())
        equal(exchange(site, token).json["error"], "invalid_grant")


def live(report, site: Site, gateway: Gateway) -> None:
    """What ends a running stream, and what does not."""
    other = Running(gateway, Browser(site).sign_in("sora").token())
    with report.check("logout ends the session's stream with REVOKED within 1 s, and no other") as figures:
        here, there = Browser(site).sign_in("ren"), Browser(site).sign_in("ren")
        mine, token = Running(gateway, there.token()), here.token()
        stream, began = Running(gateway, token), time.monotonic()
        equal(here.form("/accounts/logout/").status, 302)
        figures.append(stream.revoked(began, time.monotonic()))
        refused(gateway, token)
        expect(mine.runs and other.runs, "a stream of another session ended, too")
        mine.stop()
    with report.check("a changed password ends the streams with REVOKED within 1 s, and a new token streams") as figures:
        here, there = Browser(site).sign_in("yui"), Browser(site).sign_in("yui")
        pair = [Running(gateway, browser.token()) for browser in (here, there)]
        new = "another " + PASSWORD
        form, began = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}, time.monotonic()
        equal(here.form("/accounts/password/", **form).status, 302)
        answered = time.monotonic()
        figures += [stream.revoked(began, answered) for stream in pair]
        equal(there.fetch("/auth/issue").status, 401, "the other session")
        here.get("/")
        # A token of the same second is covered by the revocation, too.
        eventually(lambda: ask(gateway, here.token()).code == OK, "a new token", 3)
    with report.check("is_active = False ends the user's streams with REVOKED within 1 s") as figures:
        # The stream is another session's: closing the account signs out of this one, too.
        here, there = Browser(site).sign_in("ren"), Browser(site).sign_in("ren")
        token = there.token()
        stream, began = Running(gateway, token), time.monotonic()
        equal(here.form("/accounts/close/").status, 302)
        figures.append(stream.revoked(began, time.monotonic()))
        refused(gateway, token)
        equal(there.fetch("/auth/issue").status, 401)
    with report.check("the streams of others were left alone, and Django logged no failed revocation"):
        expect(other.runs, f"it ended: {other.answer.code} {other.answer.details}")
        expect("revocation" not in site.child.output, site.child.output[-2000:])
    other.stop()


def tiers(report, site: Site, gateway: Gateway) -> None:
    with report.check("the tier comes from groups: guest has one stream, user has more"):
        token = Browser(site).sign_in("hina").token()
        stream = Running(gateway, token)
        answer = ask(gateway, token)
        equal(answer.code, grpc.StatusCode.RESOURCE_EXHAUSTED, answer.details)
        stream.stop()
        token = Browser(site).sign_in("aoi").token()
        pair = [Running(gateway, token), Running(gateway, token)]
        for stream in pair:
            stream.stop()


def other_algorithms(report) -> None:
    """The same package with RS256, and behind Django REST framework."""
    port = free_port()
    site = Site("drf", port, "RS256").start("aoi", key=True)
    gateway = Gateway(site.config("The package").replace("ES256", "RS256"), port=port)
    with report.check("RS256: a signed-in user's token, checked by /auth/jwks.json, streams"):
        streams(gateway, Browser(site).sign_in("aoi").token())
    with report.check("Django REST framework: TokenAuthentication and sessions get tokens that stream; anonymous 401"):
        browser = Browser(site)
        key = browser.fetch("/api/login", {"username": "aoi", "password": PASSWORD}).json["token"]
        reply = browser.fetch("/api/issue", authorization=f"Token {key}")
        equal(reply.status, 200, reply.body)
        streams(gateway, reply.json["access_token"])
        streams(gateway, Browser(site).sign_in("aoi").token("/api/issue"))
        reply = Browser(site).fetch("/api/issue")
        equal(reply.status, 401, reply.body)
        expect("WWW-Authenticate" in reply.headers, f"headers {reply.headers}")
    gateway.stop()
    site.stop()
    port = free_port()
    site = Site("package", port, "HS256").start("aoi", key=True)
    table = site.manage("seseragi_config")
    gateway = Gateway(table, port=port)
    with report.check("HS256: the package's token streams, and logout ends it") as figures:
        here = Browser(site).sign_in("aoi")
        stream, began = Running(gateway, here.token()), time.monotonic()
        here.form("/accounts/logout/")
        figures.append(stream.revoked(began, time.monotonic()))
    gateway.stop()
    site.stop()


def classic(report) -> None:
    """The classic view: three lines of configuration."""
    table = table_of_readme("The classic view")
    site = Site("classic").start("aoi")
    gateway = Gateway(table, secrets={"django.secret": site.file("django.secret")})
    with report.check("the classic HS256 view streams with three lines of configuration"):
        equal(len(table.strip().splitlines()), 3, "lines")
        streams(gateway, Browser(site).sign_in("aoi").get("/auth/issue").json["access_token"])
    with report.check("its token for the anonymous, sub \"None\", is refused, and the log says why") as figures:
        reply = Browser(site).get("/auth/issue")
        equal(reply.status, 200)
        refused(gateway, reply.json["access_token"])
        eventually(lambda: "signed in" in gateway.log, "the hint in the log")
        line = next(line for line in gateway.log.splitlines() if "signed in" in line)
        expect("None" in line and "401" in line, f"the hint is {line}")
        equal(gateway.metric("seseragi_auth_rejections_total", reason="subject_placeholder"), 1)
        figures.append(line[-160:])
    gateway.stop()
    site.stop()
    for secret in ("secret", "<your-secret>", "changeme" * 4, "a" * 40):
        with report.check(f"the shared secret {secret[:13]!r} stops the gateway's start, with a hint"):
            home = folder("weak")
            (home / "django.secret").write_text(secret)
            (home / "django.secret").chmod(0o600)
            (home / "seseragi.toml").write_text(f'[listen]\naddress = "127.0.0.1:0"\n[metrics]\naddress = ""\n{table}')
            try:
                done = program("--config", home / "seseragi.toml", "serve", cwd=home)
            except subprocess.TimeoutExpired as error:
                raise Failed("it started") from error
            expect(done.returncode != 0, "exit code 0")
            expect("hs256_secret_file" in done.stderr + done.stdout, (done.stderr + done.stdout)[-500:])
            expect(secret == "secret" or secret not in done.stderr + done.stdout, "the secret is shown")


def simplejwt(report) -> None:
    """Both presets; the refresh token is a JWT under the same key and must not pass."""
    for settings, number, name in (("simplejwt_hs256", 0, "simplejwt.secret"), ("simplejwt_rs256", 1, "rs256.pub.pem")):
        port = free_port()
        site = Site(settings, port).start("aoi", "hina", trial=("hina",), key=number == 1)
        content = site.file(name) if number == 0 else site.manage("seseragi_key", "--public")
        gateway = Gateway(site.config("Simplejwt", number), secrets={name: content}, port=port)
        browser = Browser(site)
        pair = browser.fetch("/api/token", {"username": "aoi", "password": PASSWORD}).json
        with report.check(f"{settings}: the access token streams, a refreshed one, too"):
            streams(gateway, pair["access"])
            streams(gateway, browser.fetch("/api/token/refresh", {"refresh": pair["refresh"]}).json["access"])
        with report.check(f"{settings}: the refresh token is refused as an access token"):
            refused(gateway, pair["refresh"])
        if number == 1:
            with report.check(f"{settings}: the tier comes from groups"):
                token = browser.fetch("/api/token", {"username": "hina", "password": PASSWORD}).json["access"]
                stream = Running(gateway, token)
                equal(ask(gateway, token).code, grpc.StatusCode.RESOURCE_EXHAUSTED)
                stream.stop()
            live_by_api_key(report, "simplejwt", site, gateway, pair["access"])
        else:
            with report.check(f"{settings}: tokens without iss are revoked by the name of their issuer") as figures:
                head = {"authorization": f"Bearer {api_key(gateway)}"}
                stream, began = Running(gateway, pair["access"]), time.monotonic()
                status, _, body = gateway.post("/admin/revoke", head, '{"iss": "simplejwt", "sub": "1"}')
                equal(status, 200, body)
                figures.append(stream.revoked(began, time.monotonic()))
        gateway.stop()
        site.stop()


def api_key(gateway: Gateway) -> str:
    """A key that may revoke."""
    made = gateway.command("apikey", "create", "--name", "django", "--scope", "admin:revoke")
    equal(made.returncode, 0, made.stderr)
    return made.stdout.strip()


def live_by_api_key(report, name: str, site: Site, gateway: Gateway, token: str) -> None:
    """As the README says: an API key of the gateway revokes for tokens that are not the package's own."""
    with report.check(f"{name}: logout ends the user's streams, with an API key of the gateway") as figures:
        site.stop()
        (site.var / "gateway.key").write_text(api_key(gateway))
        (site.var / "gateway.key").chmod(0o600)
        site.serve()
        browser = Browser(site).sign_in("aoi")
        stream, began = Running(gateway, token), time.monotonic()
        equal(browser.form("/accounts/logout/").status, 302)
        figures.append(stream.revoked(began, time.monotonic()))


def allauth(report) -> None:
    """Allauth headless for apps: JSON in, JWT out; no browser needed."""
    port = free_port()
    site = Site("allauth", port).start("aoi", key=True)
    gateway = Gateway(site.config("Allauth"), port=port)
    body = {"username": "aoi", "password": PASSWORD}
    meta = Browser(site).fetch("/_allauth/app/v1/auth/login", body).json["meta"]
    with report.check("allauth headless: its RS256 access token streams"):
        streams(gateway, meta["access_token"])
    with report.check("allauth headless: its refresh token is refused as an access token"):
        refused(gateway, meta["refresh_token"])
    live_by_api_key(report, "allauth headless", site, gateway, meta["access_token"])
    gateway.stop()
    site.stop()


SECTIONS = (package, other_algorithms, classic, simplejwt, allauth)


def main(report) -> None:
    """All sections, or those named on the command line. One that cannot start does not hide the others."""
    for section in SECTIONS:
        if section.__name__ in sys.argv[1:] or not sys.argv[1:]:
            with report.check(f"{section.__name__}: begins and ends well"):
                section(report)


if __name__ == "__main__":
    os.environ.setdefault("GRPC_VERBOSITY", "ERROR")
    run(main)
