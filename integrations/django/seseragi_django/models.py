"""Refresh tokens, stored as hashes. A family is one sign-in; a token is one link of its chain."""

from django.conf import settings
from django.db import models


class RefreshFamily(models.Model):
    """All refresh tokens that come from one sign-in. Once `revoked_at` is set, none of them works again."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # Its own, so that ending it leaves the session alone; and that of the session it came from, if any.
    sid = models.CharField(max_length=64)
    session_sid = models.CharField(max_length=64, blank=True, db_index=True)
    scope = models.CharField(max_length=255)
    # The session hash of the user at sign-in: a changed password, however it was written, ends the family.
    credential = models.CharField(max_length=128)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_why = models.CharField(max_length=32, blank=True)


class RefreshToken(models.Model):
    """One refresh token; `used_at` is when it was exchanged for its only child."""

    family = models.ForeignKey(RefreshFamily, on_delete=models.CASCADE, related_name="tokens")
    # SHA-256 is enough: what is hashed has 256 random bits.
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)
    child_hash = models.CharField(max_length=64, blank=True)
