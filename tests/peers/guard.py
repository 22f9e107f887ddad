"""Guard as operators and clients meet it: sign-in, what ends a running stream and how fast, keys that rotate under
load, restarts, damaged files, two gateways on one Postgres. And no secret in anything that is written down."""

import base64
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from http.client import HTTPConnection

import grpc
from peers import postgres, rpc
from peers.checks import equal, eventually, expect, run
from peers.gateway import Gateway, binary, django_token, program
from peers.processes import Child, clean_env, folder
from peers.rpc import KEEP, bearer, pb

PASSWORD, OTHER = "canary-password-9QwZ", "canary-password-of-another-3Kd"
JSON = {"content-type": "application/json", "x-seseragi-csrf": "1"}
DEBUG = '[log]\nlevel = "debug"\nformat = "json"\n'
DJANGO = '[[auth.external]]\nname = "django"\nhs256_secret_file = "django.secret"\ntier = "server"\nclock_skew_s = 0\n'
ECHO = "[[models]]\nname = 'echo'\nruntime = 'echo'\ndelay_ms = 20\n"
LONG = "流れは続く🌊 " * 400
# Whatever must never be written down, and everything that was.
canaries: set[str] = {PASSWORD, OTHER}
written: list[str] = []


class Ours(Gateway):
    """A gateway with what operators and people do to it."""

    def operator(self, *arguments: str, given: str = "", secret: bool = False) -> str:
        """A command that must succeed; what it printed. `secret`: that is one."""
        code, said, complaints = self.tried(*arguments, given=given)
        equal(code, 0, f"exit code of {arguments} ({complaints})")
        if secret:
            keep_secret(said)
        else:
            written.append(said)
        return said

    def tried(self, *arguments: str, given: str = "") -> tuple[int, str, str]:
        """Exit code and both outputs of a command."""
        done = subprocess.run(
            [str(binary()), "--config", str(self.config), *arguments], cwd=self.home, env=clean_env(), input=given,
            capture_output=True, text=True, timeout=60, check=False,
        )
        written.append(done.stderr)
        return done.returncode, done.stdout.strip(), done.stderr.strip()

    def add(self, name: str, password: str = PASSWORD) -> None:
        self.operator("user", "add", name, "--password-file", "-", given=password)

    def ask(self, path: str, body: dict | None = None, source: str = "127.0.0.1", **headers: str) -> tuple[int, dict, str]:
        """A POST as our own page makes it: status, headers, text."""
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.post(path, JSON | more, json.dumps(body or {}), source)

    def login(
        self, name: str, password: str = PASSWORD, mode: str = "token", source: str = "127.0.0.1",
    ) -> tuple[int, dict, dict]:
        """Status, headers and answer."""
        status, headers, text = self.ask("/auth/login", {"username": name, "password": password, "mode": mode}, source)
        answer = json.loads(text)
        for key in ("access_token", "refresh_token"):
            keep_secret(answer.get(key))
        return status, headers, answer

    def signed_in(self, name: str) -> str:
        """An access token."""
        status, _, answer = self.login(name)
        equal(status, 200, f"sign-in of {name} ({answer})")
        return answer["access_token"]

    def cookie(self, name: str) -> str:
        """The session cookie of a browser."""
        body = {"username": name, "password": PASSWORD, "mode": "cookie"}
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("POST", "/auth/login", json.dumps(body), JSON)
        reply = connection.getresponse()
        text = reply.read().decode()
        equal(reply.status, 200, f"sign-in ({text})")
        lines = [value for key, value in reply.getheaders() if key.lower() == "set-cookie"]
        connection.close()
        pairs = [line.split(";")[0] for line in lines]
        for pair in pairs:
            keep_secret(pair.split("=", 1)[1])
        return next(pair for pair in pairs if "session=" in pair)

    def issue(self, **headers: str) -> tuple[str, dict]:
        """An access token for a cookie or an API key."""
        status, _, text = self.ask("/auth/issue", **headers)
        equal(status, 200, f"issue ({text})")
        token = json.loads(text)["access_token"]
        return keep_secret(token), claims(token)

    def restart(self) -> None:
        """kill -9, then a start on the same folder."""
        self.child.kill()
        self.child.reader.join(5)
        written.append(self.log)
        self.child = Child([binary(), "--config", self.config, "serve"], cwd=self.home)
        self.child.wait_for_line("is listening on")

    def audit(self) -> list[dict]:
        return [json.loads(line) for line in (self.home / "data" / "audit.jsonl").read_text().splitlines()]

    def close(self) -> None:
        written.append(self.metrics())
        self.stop()
        written.append(self.log)
        written.extend(path.read_text() for path in (self.home / "data").glob("audit.jsonl*"))


def keep_secret(text: str | None) -> str | None:
    """Remembers a secret and, of a token, the parts that would give it away."""
    if text:
        canaries.add(text)
        if text.count(".") == 2:
            canaries.update((text.split(".")[1], text.split(".")[2]))
    return text


def claims(token: str, part: int = 1) -> dict:
    """The claims of a token, or its header."""
    text = token.split(".")[part]
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def kid(token: str) -> str:
    return claims(token, 0)["kid"]


class Reading:
    """A stream that is read in a thread of its own."""

    def __init__(self, gateway: Gateway, token: str, prompt: str = LONG, delivery=None) -> None:
        self.answer, self.ended_at = rpc.Answer(), 0.0
        self.infer = rpc.stub(gateway.address)
        request = pb.StreamRequest(prompt=prompt, model="echo", delivery=delivery)
        self.call = self.infer.Stream(request, metadata=bearer(keep_secret(token)), timeout=120)
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self) -> None:
        try:
            for reply in self.call:
                self.answer.take(reply)
                if self.answer.terminal or self.answer.detached:
                    self.ended_at = self.ended_at or time.monotonic()
            self.answer.code = grpc.StatusCode.OK
        except grpc.RpcError as error:
            self.answer.failed(error)
        self.ended_at = self.ended_at or time.monotonic()

    def running(self) -> "Reading":
        eventually(lambda: self.answer.applied >= 3 or self.answer.code, "the first deltas", 20)
        expect(self.answer.code is None, f"refused: {self.answer.code} {self.answer.details}")
        return self

    def join(self, within: float = 30) -> rpc.Answer:
        self.thread.join(within)
        expect(not self.thread.is_alive(), "the stream did not end")
        return self.answer


def refused(gateway: Gateway, token: str) -> tuple[grpc.StatusCode, str]:
    """Status and reason of a call with this token."""
    call = rpc.stub(gateway.address).Stream(pb.StreamRequest(prompt="x", model="echo"), metadata=bearer(token), timeout=20)
    code, _, reason = rpc.refused(lambda: list(call))
    return code, reason


def cut(figures: list[str], reading: Reading, act, what: str) -> None:
    """Does something to a running stream, which must end REVOKED within a second of its being done."""
    reading.running()
    asked = time.monotonic()
    act()
    done = time.monotonic()
    answer = reading.join()
    answer.ended(pb.REVOKED)
    equal((answer.code, answer.terminal.code), (grpc.StatusCode.PERMISSION_DENIED, "revoked"), f"{what}: status")
    late = reading.ended_at - done
    expect(late < 1, f"{what}: the stream ended {late:.2f} s after it was done")
    figures.append(f"{what} {max(reading.ended_at - asked, 0) * 1000:.0f} ms after asking")


def sign_in(report) -> None:
    """Names and passwords."""
    gateway = Ours(DEBUG + ECHO)
    with report.check("a user is added beside the running gateway, signs in and streams") as figures:
        began = time.monotonic()
        gateway.add("Tomoko")
        figures.append(f"added in {time.monotonic() - began:.2f} s")
        token = gateway.signed_in("tomoko")
        rpc.ask(rpc.stub(gateway.address), token, "はじめての流れ", model="echo").whole("はじめての流れ")
        equal(gateway.metric("seseragi_login_total", result="accepted"), 1, "sign-ins counted")
    with report.check("a wrong password, an unknown user and a disabled one get the same answer, in much the same time") as figures:
        gateway.add("gone")
        gateway.operator("user", "disable", "gone")
        answers, times = {}, {}
        # Three each: more within a minute would be slowed, which is another check.
        for kind, names in (("wrong", ["tomoko"] * 3), ("unknown", ["nobody-1", "nobody-2", "nobody-3"]), ("disabled", ["gone"] * 3)):
            for name in names:
                began = time.monotonic()
                status, headers, answer = gateway.login(name, PASSWORD if kind == "disabled" else OTHER)
                times.setdefault(kind, []).append(time.monotonic() - began)
                shape = sorted(key for key in headers if key != "date")
                answers.setdefault(kind, (status, shape, json.dumps(answer, sort_keys=True)))
                equal((status, shape, json.dumps(answer, sort_keys=True)), answers[kind], kind)
        equal(answers["unknown"], answers["wrong"], "unknown, wrong")
        equal(answers["disabled"], answers["wrong"], "disabled, wrong")
        equal(answers["wrong"][0], 401, "status")
        figures += [f"{kind} {statistics.median(each) * 1000:.0f} ms" for kind, each in times.items()]
    with report.check("many attempts on one account are slowed, others are not") as figures:
        gateway.add("other")
        statuses = [gateway.login("tomoko", OTHER)[0] for _ in range(8)]
        expect(429 in statuses, f"never slowed: {statuses}")
        # All together may try so often per second and core; within a second that is over.
        eventually(lambda: gateway.login("other")[0] == 200, "somebody else", 3)
        equal(gateway.login("tomoko", source="127.0.0.2")[0], 429, "the same account, from elsewhere, too")
        figures.append(f"after {statuses.index(429) + 3} wrong ones in a row")
    with report.check("the audit log says who signed in and what changed, and names nobody who was refused"):
        lines = gateway.audit()
        changes = [(line["event"], line.get("change", line.get("result"))) for line in lines]
        for wanted in (("user", "created"), ("user", "disabled"), ("login", "accepted"), ("login", "refused")):
            expect(wanted in changes, f"{wanted} is not among {changes}")
        expect(all("sub" not in line for line in lines if line.get("result") == "refused"), "a refused sign-in names somebody")
        refused = [line for line in lines if line.get("result") in ("refused", "throttled", "busy")]
        expect(len(refused) < 5, f"what was refused is not gathered: {refused}")
    gateway.close()


def what_cuts(report) -> None:
    """Everything that ends a running stream."""
    gateway = Ours(DEBUG + DJANGO + ECHO)
    for name in ("ann", "bea", "cleo", "dora", "eve"):
        gateway.add(name)
    other = Reading(gateway, django_token("bystander")).running()
    with report.check("revoked by jti, sid and sub: the running stream ends REVOKED within a second, its token is worth nothing") as figures:
        for what, arguments, given in (
            ("jti", ("--file", "-"), "token"), ("sid", ("--sid", "sid"), ""), ("sub", ("--sub", "sub"), ""),
        ):
            token = gateway.signed_in("ann")
            said = claims(token)
            arguments = [said.get(part, part) for part in arguments]
            cut(figures, Reading(gateway, token), lambda a=arguments, g=given, t=token: gateway.operator("token", "revoke", *a, given=t if g else ""), what)
            equal(refused(gateway, token)[0], grpc.StatusCode.UNAUTHENTICATED, f"after {what}")
        # In the second in which everything of a subject is revoked nothing new is good: tokens count seconds.
        time.sleep(1.1)
        Reading(gateway, gateway.signed_in("ann"), prompt="wieder da").join().whole("wieder da")
    with report.check("a user disabled, signed out, given another password, or logging out") as figures:
        cut(figures, Reading(gateway, gateway.signed_in("bea")), lambda: gateway.operator("user", "disable", "bea"), "disabled")
        equal(gateway.login("bea")[0], 401, "a disabled user")
        cut(figures, Reading(gateway, gateway.signed_in("cleo")), lambda: gateway.operator("user", "sign-out", "cleo"), "signed out")
        change = ("user", "password", "dora", "--password-file", "-")
        cut(figures, Reading(gateway, gateway.signed_in("dora")), lambda: gateway.operator(*change, given=OTHER), "password")
        cookie = gateway.cookie("eve")
        token, _ = gateway.issue(cookie=cookie)
        cut(figures, Reading(gateway, token), lambda: equal(gateway.ask("/auth/logout", cookie=cookie)[0], 204, "logout"), "logout")
        equal(gateway.ask("/auth/issue", cookie=cookie)[0], 401, "the cookie afterwards")
    with report.check("an API key revoked, and its exchanged token with it") as figures:
        key = gateway.operator("apikey", "create", "--name", "batch", secret=True)
        name = key.split("_")[2]
        token, _ = gateway.issue(authorization=f"Bearer {key}")
        direct = Reading(gateway, key).running()
        cut(figures, Reading(gateway, token), lambda: gateway.operator("apikey", "revoke", name), "API key")
        direct.join().ended(pb.REVOKED)
        equal(refused(gateway, key)[0], grpc.StatusCode.UNAUTHENTICATED, "the key afterwards")
    with report.check("a subject of another issuer: by command, and by POST /admin/revoke") as figures:
        token = django_token("fumi", jti="one")
        cut(figures, Reading(gateway, token), lambda: gateway.operator("token", "revoke", "--iss", "django", "--jti", "one"), "command")
        admin = gateway.operator("apikey", "create", "--name", "admin", "--scope", "admin:revoke", secret=True)
        body = {"iss": "django", "sub": "gen"}

        def revoke() -> None:
            status, _, text = gateway.ask("/admin/revoke", body, authorization=f"Bearer {admin}")
            equal(status, 200, f"revoke ({text})")

        cut(figures, Reading(gateway, django_token("gen", iat=int(time.time()))), revoke, "/admin/revoke")
    with report.check("a signing key revoked: all its tokens end, a new key signs at once") as figures:
        token = gateway.signed_in("ann")
        active = next(line.split()[0] for line in gateway.operator("keys", "list").splitlines() if " active " in line)
        cut(figures, Reading(gateway, token), lambda: gateway.operator("keys", "revoke", active), "key")
        equal(refused(gateway, token)[0], grpc.StatusCode.UNAUTHENTICATED, "its token")
        Reading(gateway, gateway.signed_in("ann"), prompt="weiter").join().whole("weiter")
        status, jwks = gateway.get("/.well-known/jwks.json")
        expect(status == 200 and active not in jwks, "the revoked key is still published")
    with report.check("revoked while no socket is there: the running gateway sees it in the store within a second") as figures:
        token = gateway.signed_in("ann")
        (gateway.home / "data" / "admin.sock").rename(gateway.home / "data" / "elsewhere.sock")
        cut(figures, Reading(gateway, token), lambda: gateway.operator("token", "revoke", "--sub", claims(token)["sub"]), "by the store")
        (gateway.home / "data" / "elsewhere.sock").rename(gateway.home / "data" / "admin.sock")
    with report.check("meanwhile the stream of somebody else went on") as figures:
        expect(other.answer.code is None and other.answer.applied > 100, f"{other.answer.code} after {other.answer.applied}")
        figures.append(f"{other.answer.applied} deltas")
        other.call.cancel()
    with report.check("metrics and the audit log say what was done"):
        for kind in ("token", "session", "subject", "key"):
            expect(gateway.metric("seseragi_revocations_total", kind=kind) > 0, f"no revocation of a {kind} is counted")
        expect(gateway.metric("seseragi_streams_revoked_total") >= 11, "streams that were ended")
        expect(gateway.metric("seseragi_revocations_in_force") > 0, "revocations in force")
        expect(gateway.metric("seseragi_revocation_cut_seconds_count") > 0, "the time of a cut")
        equal(gateway.metric("seseragi_revocation_cut_seconds_bucket", le="1.0"), gateway.metric("seseragi_revocation_cut_seconds_count"), "cuts within a second")
        events = {(line["event"], line.get("kind", line.get("change"))) for line in gateway.audit()}
        for wanted in (("revoked", "token"), ("revoked", "session"), ("revoked", "subject"), ("revoked", "key"), ("signing_key", "revoked"), ("api_key", "revoked")):
            expect(wanted in events, f"{wanted} is not in the audit log: {events}")
        equal((gateway.home / "data" / "audit.jsonl").stat().st_mode & 0o777, 0o600, "its mode")
    gateway.close()


def expiry(report) -> None:
    """The end of a token in the middle of its stream."""
    text = "期限を越えて流れる。" * 20
    gateway = Ours(f'[auth]\non_expiry = "continue"\n{DEBUG}{DJANGO}{ECHO}')
    with report.check("on_expiry = continue: the stream runs to its end; reading on needs a good token") as figures:
        short = django_token("hana", exp=int(time.time()) + 2)
        reading = Reading(gateway, short, text, KEEP).running()
        reading.join().whole(text)
        expect(time.time() > claims(short)["exp"] + 0.5, "it ended before its token did: no test")
        request = pb.ResumeRequest(stream_id=reading.answer.opened.stream_id, after_seq=5, delivery=KEEP)
        infer = rpc.stub(gateway.address)
        code, _, reason = rpc.refused(lambda: list(infer.Resume(request, metadata=bearer(keep_secret(short)), timeout=20)))
        equal(code, grpc.StatusCode.UNAUTHENTICATED, f"resumed with the old one ({reason})")
        rest = rpc.Answer(applied=5)
        for reply in infer.Resume(request, metadata=bearer(keep_secret(django_token("hana"))), timeout=20):
            rest.take(reply)
        equal(rest.text, text[5:], "resumed with a new one")
        figures.append(f"refused as {reason}")
    gateway.close()
    gateway = Ours(f'[auth]\non_expiry = "cut"\n{DEBUG}{DJANGO}{ECHO}')
    with report.check("on_expiry = cut: its reader is told, comes back with a good token, and nothing is lost") as figures:
        ends = int(time.time()) + 2
        reading = Reading(gateway, django_token("hana", exp=ends), text, KEEP).running()
        answer = reading.join()
        late = time.time() - ends
        expect(answer.detached is not None, f"it was not detached: {answer.code} {answer.details}")
        equal(answer.detached.reason, pb.Detached.EXPIRED, "reason")
        expect(-0.1 < late < 2, f"cut {late:.1f} s after the end of the token")
        infer = rpc.stub(gateway.address)
        request = pb.ResumeRequest(stream_id=answer.opened.stream_id, after_seq=answer.applied, delivery=KEEP)
        rest = rpc.Answer(applied=answer.applied)
        for reply in infer.Resume(request, metadata=bearer(keep_secret(django_token("hana"))), timeout=30):
            rest.take(reply)
        equal(answer.text + rest.text, text, "the joined text")
        figures.append(f"after {answer.applied} of {len(text)} deltas")
    gateway.close()


def rotation(report) -> None:
    """Twenty rotations under load."""
    gateway = Ours(DEBUG.replace("debug", "info") + "[limits.server]\nstreams = 64\n" + ECHO)
    key = gateway.operator("apikey", "create", "--name", "load", secret=True)
    failures, kids, started, over = [], set(), [0], threading.Event()

    def load() -> None:
        infer = rpc.stub(gateway.address)
        while not over.is_set():
            token, _ = gateway.issue(authorization=f"Bearer {key}")
            kids.add(kid(token))
            answer = rpc.ask(infer, token, "鍵が替わっても", model="echo")
            started[0] += 1
            if answer.code != grpc.StatusCode.OK or answer.text != "鍵が替わっても":
                failures.append(f"{answer.code} {answer.details}")

    threads = [threading.Thread(target=load) for _ in range(3)]
    with report.check("20 rotations at once under load: no token is refused") as figures:
        old, _ = gateway.issue(authorization=f"Bearer {key}")
        for thread in threads:
            thread.start()
        for _ in range(20):
            gateway.operator("keys", "rotate", "--at-once")
            time.sleep(2.2)
        eventually(lambda: started[0] >= 200 or not any(t.is_alive() for t in threads), "200 streams", 60)
        over.set()
        for thread in threads:
            thread.join(30)
        equal(failures, [], "failures")
        expect(started[0] >= 200, f"only {started[0]} streams")
        expect(len(kids) >= 15, f"only {len(kids)} keys signed")
        Reading(gateway, old, prompt="alt").join().whole("alt")
        figures.append(f"{started[0]} streams on tokens of {len(kids)} keys; one of the first key is still good")
    over.set()
    gateway.close()


def restarts(report) -> None:
    """What outlives the process, and what stops the next one."""
    gateway = Ours(DEBUG + ECHO)
    gateway.add("ann")
    with report.check("kill -9 and a new start: what was revoked stays revoked, what was not stays good") as figures:
        gone, good, cookie = gateway.signed_in("ann"), gateway.signed_in("ann"), gateway.cookie("ann")
        gateway.operator("token", "revoke", "--file", "-", given=gone)
        began = time.monotonic()
        gateway.restart()
        figures.append(f"back after {time.monotonic() - began:.2f} s")
        equal(refused(gateway, gone)[0], grpc.StatusCode.UNAUTHENTICATED, "the revoked one")
        Reading(gateway, good, prompt="noch da").join().whole("noch da")
        gateway.issue(cookie=cookie)
    gateway.close()
    with report.check("without the key-encryption key, and with a damaged one or a damaged database, it does not start and replaces nothing") as figures:
        home = gateway.home / "data"
        for name, content, part in (
            ("key-encryption.key", None, "is missing"), ("key-encryption.key", "x" * 40, "32 bytes in base64"),
            ("seseragi.db", "no database, but long enough to be looked at" * 20, "damaged or not a database"),
        ):
            path, aside = home / name, home / (name + ".aside")
            path.rename(aside)
            for left in home.glob("*.db-*"):
                left.unlink()
            if content is not None:
                path.write_text(content)
                path.chmod(0o600)
            done = program("--config", gateway.config, "serve", cwd=gateway.home)
            expect(done.returncode == 1 and part in done.stderr, f"{name}: {done.returncode} {done.stderr}")
            equal(path.read_text() if path.exists() else None, content, f"{name} afterwards")
            figures.append(done.stderr.strip()[:110])
            aside.rename(path)
        gateway.child = Child([binary(), "--config", gateway.config, "serve"], cwd=gateway.home)
        gateway.child.wait_for_line("is listening on")
    with report.check("a second gateway on the same data folder says so") as figures:
        done = program("--config", gateway.config, "serve", "--listen", "127.0.0.1:0", "--metrics", "", cwd=gateway.home)
        expect(done.returncode == 1 and "another gateway (process" in done.stderr, done.stderr)
        figures.append(done.stderr.strip()[:150])
    gateway.close()


def together(report) -> None:
    """Two gateways on one Postgres."""
    if not postgres.available():
        print("SKIPPED two gateways on one Postgres: no PostgreSQL server is installed", flush=True)
        return
    server, shared = postgres.Postgres(), folder("shared")
    for name, content in (("url", server.url()), ("key", "c2VzZXJhZ2kgc2hhcmVzIHRoaXMga2V5IGhlcmUgISE=")):
        (shared / name).write_text(content)
        (shared / name).chmod(0o600)
    keep_secret(server.password)
    config = f'[store]\npostgres_url_file = "{shared}/url"\n[auth]\nkey_file = "{shared}/key"\n{DEBUG}{ECHO}'
    both: list[Ours] = []
    makers = [threading.Thread(target=lambda: both.append(Ours(config))) for _ in range(2)]
    with report.check("two gateways that start at once on one Postgres have the same keys and users") as figures:
        for maker in makers:
            maker.start()
        for maker in makers:
            maker.join(60)
        equal(len(both), 2, "gateways that started")
        one, two = both
        sets = [json.loads(each.get("/.well-known/jwks.json")[1]) for each in both]
        equal(sets[0], sets[1], "key sets")
        one.add("ann")
        token = two.signed_in("ann")
        Reading(one, token, prompt="hier").join().whole("hier")
        figures.append(f"{len(sets[0]['keys'])} keys")
    with report.check("revoked at one, the stream at the other ends within a second") as figures:
        cut(figures, Reading(two, token), lambda: one.operator("token", "revoke", "--file", "-", given=token), "jti")
        other = two.signed_in("ann")
        cut(figures, Reading(two, other), lambda: one.operator("user", "disable", "ann"), "disabled")
        equal(two.login("ann")[0], 401, "sign-in at the other")
    with report.check("a key rotated at one signs and verifies at the other; a revoked one does neither") as figures:
        key = one.operator("apikey", "create", "--name", "both", secret=True)

        def fresh(gateway: Ours) -> str:
            return gateway.issue(authorization=f"Bearer {key}")[0]

        before = fresh(two)
        one.operator("keys", "rotate", "--at-once")
        eventually(lambda: kid(fresh(two)) != kid(before), "the other signs with the new key", 20)
        Reading(one, fresh(two), prompt="neu").join().whole("neu")
        active = next(line.split()[0] for line in two.operator("keys", "list").splitlines() if " active " in line)
        cut(figures, Reading(two, fresh(two)), lambda: one.operator("keys", "revoke", active), "key")
        eventually(lambda: kid(fresh(two)) != active, "another key signs", 5)
        Reading(one, fresh(two), prompt="danach").join().whole("danach")
    with report.check("without its database a gateway goes on with what it knows, and says so") as figures:
        one.add("bea")
        token = two.signed_in("bea")
        server.stop()
        Reading(two, token, prompt="ohne").join().whole("ohne")
        status, _, answer = two.login("bea")
        equal(status, 503, f"a sign-in ({answer})")
        eventually(lambda: two.metric("seseragi_store_up") == 0, "the metric", 15)
        two.child.wait_for_line("the store does not answer", 15)
        server.start()
        eventually(lambda: two.metric("seseragi_store_up") == 1, "the store is back", 20)
        equal(two.login("bea")[0], 200, "a sign-in afterwards")
    for each in both:
        each.close()


def nothing_leaks(report) -> None:
    with report.check("no password, token, cookie or key in any log, output, metric or audit line") as figures:
        everything = "\n".join(written)
        for secret in canaries:
            expect(len(secret) < 12 or secret not in everything, f"{secret[:10]}… was written down")
        expect("panicked" not in everything, "something panicked")
        figures.append(f"{len(canaries)} secrets, {len(everything) >> 10} KiB")


def main(report) -> None:
    sign_in(report)
    what_cuts(report)
    expiry(report)
    rotation(report)
    restarts(report)
    together(report)
    nothing_leaks(report)


if __name__ == "__main__":
    os.environ.setdefault("GRPC_VERBOSITY", "ERROR")
    sys.stdout.reconfigure(encoding="utf-8")
    run(main, 400)
