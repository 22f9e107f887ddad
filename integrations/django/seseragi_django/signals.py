"""What ends running streams: logout (of that session), deactivation, a changed password and deletion (of the user).

Changes by `QuerySet.update` and raw SQL send no signals: call `seseragi_django.revoke.user` after them. Refresh tokens
notice such changes anyway.
"""

import logging

from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_out
from django.db.models.signals import post_delete, post_save, pre_save

from . import refresh, revoke, tokens
from .conf import config
from .models import RefreshFamily

logger = logging.getLogger("seseragi_django")
WATCHED = frozenset({"is_active", "password"})
_BEFORE = "_seseragi_before"


def connect() -> None:
    """Called once, when Django is ready."""
    model = get_user_model()
    user_logged_out.connect(logged_out, dispatch_uid="seseragi.logged_out")
    pre_save.connect(before_save, sender=model, dispatch_uid="seseragi.before_save")
    post_save.connect(after_save, sender=model, dispatch_uid="seseragi.after_save")
    post_delete.connect(after_delete, sender=model, dispatch_uid="seseragi.after_delete")


def logged_out(sender: object, request: object, user: object, **_: object) -> None:
    """Ends the session's refresh tokens and streams. Django sends this before it empties the session."""
    if user is None:
        # Nobody was signed in. A call for each of those would let anybody fill the queue.
        return
    sid = tokens.sid(getattr(request, "session", None))
    by_session = sid is not None and config().LOGOUT_REVOKES == "session"
    if sid:
        refresh.end(RefreshFamily.objects.filter(session_sid=sid), "logout", streams=by_session)
    if by_session:
        revoke.after_commit(sid=sid)
    else:
        # The session has no stable key, or the tokens of others do not name it: it cannot be told from the user's rest.
        _revoke_user(user)


def before_save(sender: type, instance: object, raw: bool, using: str, update_fields: object, **_: object) -> None:
    """Remembers what the database says of a user that is about to be saved."""
    untouched = update_fields is not None and not WATCHED & set(update_fields)
    if raw or untouched or instance.pk is None:
        instance.__dict__.pop(_BEFORE, None)
        return
    found = sender._base_manager.using(using).filter(pk=instance.pk).values(*_watched(sender)).first()
    instance.__dict__[_BEFORE] = found


def after_save(sender: type, instance: object, using: str, update_fields: object, **_: object) -> None:
    """Revokes a user who was active, or had another password."""
    before = instance.__dict__.pop(_BEFORE, None)
    if before is None:
        return
    written = set(before) if update_fields is None else set(update_fields)
    changed = {name for name in before if name in written and getattr(instance, name) != before[name]}
    deactivated = "is_active" in changed and before["is_active"]
    if deactivated or "password" in changed:
        families = RefreshFamily.objects.filter(user_id=instance.pk)
        refresh.end(families, "inactive" if deactivated else "password", streams=False)
        _revoke_user(instance, using)


def after_delete(sender: type, instance: object, using: str, **_: object) -> None:
    """The refresh tokens go with the user; the streams must be ended."""
    _revoke_user(instance, using)


def _watched(sender: type) -> list[str]:
    return [field.attname for field in sender._meta.concrete_fields if field.attname in WATCHED]


def _revoke_user(user: object, using: str | None = None) -> None:
    try:
        revoke.after_commit(sub=tokens.subject(user), using=using)
    except tokens.NoSubject as error:
        # Such a user never had a token.
        logger.warning("nothing to revoke: %s", error)
