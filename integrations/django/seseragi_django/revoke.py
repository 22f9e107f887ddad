"""Tells the gateway to end running streams: `POST {GATEWAY_URL}/admin/revoke`.

Calls wait in a bounded queue for a few background threads, so that a slow or absent gateway never holds up or breaks a
request. Each is tried REVOKE_ATTEMPTS times and then given up with an error in the log: the access tokens of that
principal end by themselves after ACCESS_TOKEN_TTL.
"""

import atexit
import json
import logging
import os
import queue
import threading
import time
from dataclasses import dataclass
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from django.db import transaction

from . import keys, tokens
from .conf import config

logger = logging.getLogger("seseragi_django")
PAUSES = (0.1, 0.5, 2.0, 5.0)
THREADS = 4
# How long the end of the process waits for what is still in the queue, in seconds.
EXIT_WAIT = 3.0


@dataclass(frozen=True)
class Call:
    """One call: `kind` is sub or sid; `before` (Unix seconds) leaves younger tokens alone."""

    issuer: str
    kind: str
    value: str
    before: int | None = None

    def body(self) -> bytes:
        said = {"iss": self.issuer, self.kind: self.value} | ({"before": self.before} if self.before else {})
        return json.dumps(said).encode()


def after_commit(sub: str | None = None, sid: str | None = None, using: str | None = None) -> None:
    """Revokes a subject (its tokens up to now) or a session, as soon as the running transaction is committed."""
    if not config().GATEWAY_URL:
        return
    now = int(time.time())
    # Sessions are known by tokens of our own only; subjects by those of the other issuers of this project, too.
    if sid:
        calls = [Call(config().ISSUER, "sid", sid)]
    else:
        calls = [Call(issuer, "sub", sub, now) for issuer in config().revoke_issuers]
    transaction.on_commit(lambda: [_sender.put(call) for call in calls], using=using, robust=True)


def user(user: object) -> None:
    """Ends all running streams of a user. For changes that send no signal, such as `QuerySet.update`."""
    after_commit(sub=tokens.subject(user))


def flush(within: float = 10.0) -> bool:
    """Waits until every call is done or given up; False if that took longer than `within` seconds."""
    return _sender.flush(within)


class _Sender:
    """The queue and its threads. They are made at the first use in each process: servers fork."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.pid = None
        self.waiting: queue.Queue[Call]

    def put(self, call: Call) -> None:
        self._start()
        try:
            self.waiting.put_nowait(call)
        except queue.Full:
            logger.error("revocation dropped: %d calls wait for the gateway already", self.waiting.maxsize)

    def flush(self, within: float) -> bool:
        until = time.monotonic() + within
        while self.pid == os.getpid() and self.waiting.unfinished_tasks:
            if time.monotonic() > until:
                return False
            time.sleep(0.01)
        return True

    def _start(self) -> None:
        with self.lock:
            if self.pid != os.getpid():
                self.pid, self.waiting = os.getpid(), queue.Queue(config().REVOKE_QUEUE)
                for _ in range(THREADS):
                    threading.Thread(target=self._run, name="seseragi-revoke", daemon=True).start()

    def _run(self) -> None:
        while True:
            call = self.waiting.get()
            try:
                self._try(call)
            except Exception:  # noqa: BLE001 the thread must outlive whatever one call brings
                logger.exception("revocation failed")
            finally:
                self.waiting.task_done()

    def _try(self, call: Call) -> None:
        for attempt in range(max(1, config().REVOKE_ATTEMPTS)):
            if attempt:
                time.sleep(PAUSES[min(attempt, len(PAUSES)) - 1])
            problem, again = send(call)
            if problem is None:
                return
            logger.warning("revocation of %s=%s, attempt %d: %s", call.kind, call.value, attempt + 1, problem)
            if not again:
                break
        logger.error("revocation of %s=%s given up; its streams may run on", call.kind, call.value)


class _NoRedirect(HTTPRedirectHandler):
    """A redirect would carry the token to somebody else."""

    def redirect_request(self, *_: object) -> None:
        return None


_opener = build_opener(ProxyHandler({}), _NoRedirect)


def send(call: Call) -> tuple[str | None, bool]:
    """One attempt. Returns what went wrong, or None, and whether another attempt could help."""
    url = config().GATEWAY_URL.rstrip("/") + "/admin/revoke"
    try:
        request = Request(url, data=call.body(), headers={"content-type": "application/json"}, method="POST")
        request.add_unredirected_header("authorization", f"Bearer {_credential()}")
        with _opener.open(request, timeout=config().REVOKE_TIMEOUT) as reply:
            reply.read(4096)
    except HTTPError as error:
        with error:
            return f"the gateway answered {error.code}", error.code >= 500 or error.code == 429
    except keys.KeyFault as error:
        return f"{error}. {error.hint}", False
    except ValueError:
        return "GATEWAY_URL is no URL", False
    except (OSError, HTTPException) as error:
        return f"no answer from the gateway: {error}", True
    return None, False


def _credential() -> str:
    if file := config().REVOKE_API_KEY_FILE:
        return keys.read_private(file).decode().strip()
    return tokens.admin_token()


_sender = _Sender()
atexit.register(lambda: flush(EXIT_WAIT))
