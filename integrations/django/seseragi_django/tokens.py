"""Access tokens in the form of RFC 9068: short-lived, for one audience, and never for nobody."""

import hashlib
import secrets
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass

import jwt
from django.conf import settings

from . import keys
from .conf import config

# What a missing user looks like once it is text. The gateway refuses these, too.
PLACEHOLDERS = frozenset({"", "none", "null", "undefined", "anonymous", "anonymoususer"})
SUBJECT_BYTES_MAX = 255
ADMIN_SCOPE = "admin:revoke"
ADMIN_TTL = 60
# Where a session keeps its sid.
SID_KEY = "_seseragi_sid"


class NoSubject(Exception):
    """This user can have no token. The text says why; it is for logs."""


class BadScope(Exception):
    """A scope was asked for that SCOPES does not allow."""


@dataclass(frozen=True)
class AccessToken:
    """A signed token and what its receiver may know of it."""

    text: str
    subject: str
    scope: str
    expires_in: int

    def answer(self) -> dict:
        """The members of RFC 6749 §5.1, and the subject."""
        return {
            "access_token": self.text, "token_type": "Bearer", "expires_in": self.expires_in, "scope": self.scope,
            "subject": self.subject,
        }

    def __repr__(self) -> str:
        return f"AccessToken(subject={self.subject!r}, scope={self.scope!r})"


def subject(user: object) -> str:
    """The `sub` of a user, whether or not the user is active. Raises `NoSubject`."""
    if getattr(user, "pk", None) is None:
        raise NoSubject("nobody is signed in")
    field = config().SUBJECT_FIELD
    value = getattr(user, field)
    text = "" if value is None else str(value)
    if text.strip().lower() in PLACEHOLDERS:
        raise NoSubject(f"{field} of user {user.pk} is {text!r}: choose another SUBJECT_FIELD")
    if len(text.encode()) > SUBJECT_BYTES_MAX or not text.isprintable():
        raise NoSubject(f"{field} of user {user.pk} is too long or not printable")
    return text


def tier(user: object) -> str:
    """The limits of this user: that of the first group of TIER_BY_GROUP the user is in, or DEFAULT_TIER."""
    by_group = config().TIER_BY_GROUP
    if by_group and hasattr(user, "groups"):
        mine = set(user.groups.values_list("name", flat=True))
        for group, name in by_group.items():
            if group in mine:
                return name
    return config().DEFAULT_TIER


def granted(asked: str | None) -> str:
    """The scopes of a token, space-delimited: those asked for, or all of SCOPES. Raises `BadScope`."""
    allowed = list(config().SCOPES)
    wanted = allowed if asked is None else list(dict.fromkeys(asked.split(" ")))
    if not wanted or not set(wanted) <= set(allowed):
        raise BadScope("the scopes here are: " + " ".join(allowed))
    return " ".join(wanted)


def sid(session: object, remember: bool = False) -> str | None:
    """What stands for a session in tokens: a hash of its key, which nobody can turn back into a cookie.

    Django gives a session a new key with a changed password. So that a later logout ends what came before, too, the
    session remembers the hash of the key it had when it was first used (`remember`). None for sessions without a
    stable key: those of signed cookies change it with every write.
    """
    key = getattr(session, "session_key", None)
    if not key or settings.SESSION_ENGINE == "django.contrib.sessions.backends.signed_cookies":
        return None
    if not (made := session.get(SID_KEY)):
        digest = hashlib.sha256(b"seseragi sid\0" + key.encode()).digest()
        made = urlsafe_b64encode(digest[:24]).decode()
        if remember:
            session[SID_KEY] = made
    return made


def access_token(user: object, scope: str | None = None, sid: str | None = None) -> AccessToken:
    """A token for an active user. Raises `NoSubject`, `BadScope`, `keys.KeyFault`."""
    if not getattr(user, "is_active", False):
        raise NoSubject("nobody is signed in, or the user is not active")
    name, scope, lim = subject(user), granted(scope), tier(user)
    claims = {"sub": name, "scope": scope}
    claims |= {"lim": lim} if lim else {}
    claims |= {"sid": sid} if sid else {}
    lifetime = config().ACCESS_TOKEN_TTL
    return AccessToken(sign(claims, lifetime), name, scope, lifetime)


def admin_token() -> str:
    """A token for one call of the gateway's /admin/revoke. It is never handed to a user."""
    return sign({"sub": f"service:{config().CLIENT_ID}", "scope": ADMIN_SCOPE}, ADMIN_TTL)


def sign(claims: dict, lifetime: int) -> str:
    """Adds the claims and the header that all tokens have, and signs."""
    signer, current, now = keys.load(), config(), int(time.time())
    claims = {
        "iss": current.ISSUER, "aud": current.AUDIENCE, "exp": now + lifetime, "iat": now, "nbf": now,
        "jti": secrets.token_urlsafe(16), "client_id": current.CLIENT_ID,
    } | claims
    header = {"typ": "at+jwt"} | ({"kid": signer.kid} if signer.kid else {})
    return jwt.encode(claims, signer.key, algorithm=signer.algorithm, headers=header)
