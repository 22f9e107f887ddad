"""Opaque refresh tokens that rotate on every use.

Invariant: a token has one child, however many callers race. The child is an HMAC of its parent under a key derived
from SECRET_KEY, so that it can be told again within the grace period and yet is stored nowhere. A parent that comes
back after the grace period was stolen or leaked: its family ends, and with it the streams of its tokens.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from . import revoke, tokens
from .conf import config
from .models import RefreshFamily, RefreshToken

PREFIX = "sdr_"
TOKEN_CHARS = len(PREFIX) + 43


class Refused(Exception):
    """The refresh token does not work. `reason` is for logs; the caller is told invalid_grant and no more."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Rotated:
    """What a refresh token was exchanged for."""

    family: RefreshFamily
    scope: str
    token: str

    def __repr__(self) -> str:
        return f"Rotated(family={self.family.pk})"


def start(user: object, scope: str, session_sid: str | None) -> tuple[str, str]:
    """A new family, of a session or of none. Returns its first refresh token and its sid."""
    now = timezone.now()
    token, sid = PREFIX + secrets.token_urlsafe(32), f"rf_{secrets.token_urlsafe(24)}"
    ends = now + timedelta(seconds=config().REFRESH_TTL)
    with transaction.atomic():
        # A write comes first: SQLite cannot turn a reading transaction into a writing one while others write.
        family = RefreshFamily.objects.create(
            user=user, sid=sid, session_sid=session_sid or "", scope=scope, credential=_credential(user),
            created_at=now, expires_at=ends,
        )
        _add(family, token, now)
        _bound(user, now)
    return token, sid


def rotate(token: str, scope: str | None = None) -> Rotated:
    """Exchanges a refresh token for its child. Raises `Refused`, and `tokens.BadScope` with nothing exchanged."""
    now, digest = timezone.now(), _hash(token)
    with transaction.atomic():
        # First and alone, and by this one row: of two that race, the database lets exactly one pass.
        first = RefreshToken.objects.filter(token_hash=digest, used_at=None).update(used_at=now)
        found = RefreshToken.objects.filter(token_hash=digest).first()
        if found is None:
            raise Refused("unknown")
        family = RefreshFamily.objects.select_for_update().select_related("user").get(pk=found.family_id)
        if why := _over(found, family, now):
            raise Refused(why)
        if first:
            return Rotated(family, _narrowed(family.scope, scope), _child(found, family, token, now))
        # Not `now`: the one who was first may have held us up since.
        if timezone.now() - found.used_at < timedelta(seconds=config().REFRESH_GRACE):
            return Rotated(family, _narrowed(family.scope, scope), _same_child(found, token))
        end(RefreshFamily.objects.filter(pk=family.pk), "reuse")
    raise Refused("reuse")


def end(families: object, why: str, streams: bool = True) -> int:
    """Ends families (a queryset) and, once committed, their streams. Returns how many."""
    now = timezone.now()
    with transaction.atomic():
        done = families.filter(revoked_at=None).update(revoked_at=now, revoked_why=why)
        if done and streams:
            for sid in set(families.filter(revoked_at=now).values_list("sid", flat=True)):
                revoke.after_commit(sid=sid)
    return done


def end_of_token(token: str) -> int:
    """Ends the family of a token, as RFC 7009 wants it; an unknown token is nothing to complain about."""
    return end(RefreshFamily.objects.filter(tokens__token_hash=_hash(token)), "revoked")


def prune(now: datetime | None = None) -> int:
    """Deletes families and tokens whose time is over. Returns how many rows."""
    over = {"expires_at__lte": now or timezone.now()}
    return RefreshToken.objects.filter(**over).delete()[0] + RefreshFamily.objects.filter(**over).delete()[0]


def _over(token: RefreshToken, family: RefreshFamily, now: datetime) -> str | None:
    if family.revoked_at:
        return f"family_{family.revoked_why}"
    if min(token.expires_at, family.expires_at) <= now:
        return "expired"
    if not family.user.is_active:
        return "inactive"
    return None if _still(family) else "credential_changed"


def _narrowed(granted: str, asked: str | None) -> str:
    """The scopes of a refreshed token: never more than at sign-in, nor than SCOPES allows now."""
    still = [scope for scope in granted.split(" ") if scope in config().SCOPES]
    wanted = still if asked is None else asked.split(" ")
    if not wanted or not set(wanted) <= set(still):
        raise tokens.BadScope("not granted at sign-in")
    return " ".join(wanted)


def _credential(user: object) -> str:
    return user.get_session_auth_hash()


def _still(family: RefreshFamily) -> bool:
    """Whether the password is that of the sign-in. SECRET_KEY may have been rotated in between."""
    user = family.user
    fallbacks = getattr(user, "get_session_auth_fallback_hash", lambda: ())()
    return any(hmac.compare_digest(family.credential, each) for each in (_credential(user), *fallbacks))


def _child(parent: RefreshToken, family: RefreshFamily, token: str, now: datetime) -> str:
    child = _derive(token, settings.SECRET_KEY)
    RefreshToken.objects.filter(pk=parent.pk).update(child_hash=_hash(child))
    _add(family, child, now)
    return child


def _same_child(parent: RefreshToken, token: str) -> str:
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        child = _derive(token, key)
        if hmac.compare_digest(_hash(child), parent.child_hash):
            return child
    raise Refused("secret_key_changed")


def _derive(token: str, key: str | bytes) -> str:
    digest = salted_hmac("seseragi_django.refresh.child", token, secret=key, algorithm="sha256").digest()
    return PREFIX + urlsafe_b64encode(digest).rstrip(b"=").decode()


def _add(family: RefreshFamily, token: str, now: datetime) -> None:
    ends = min(family.expires_at, now + timedelta(seconds=config().REFRESH_IDLE_TTL))
    RefreshToken.objects.create(family=family, token_hash=_hash(token), expires_at=ends)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _bound(user: object, now: datetime) -> None:
    """Keeps the tables bounded: the user's families whose time is over go, and then the oldest ones."""
    mine = RefreshFamily.objects.filter(user=user)
    mine.filter(expires_at__lte=now).delete()
    newest_first = mine.order_by("-created_at", "-pk").values_list("pk", flat=True)
    RefreshFamily.objects.filter(pk__in=list(newest_first[config().REFRESH_FAMILIES_PER_USER :])).delete()


def grant(user: object, scope: str | None, sid: str | None, with_refresh: bool) -> dict:
    """The answer of a token endpoint for this user: an access token and, if asked for, a refresh token."""
    text = None
    if with_refresh:
        # Before anything is stored: a user who can have no token starts no family.
        tokens.subject(user)
        text, sid = start(user, tokens.granted(scope), sid)
    made = tokens.access_token(user, scope, sid).answer()
    return made | ({"refresh_token": text} if text else {})
