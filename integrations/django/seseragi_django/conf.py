"""The settings, `SESERAGI = {...}`, with their defaults. `checks` says what is wrong with them; this only reads them."""

from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.signals import setting_changed

SETTING = "SESERAGI"
ALGORITHMS = ("ES256", "RS256", "HS256")


@dataclass(frozen=True)
class Config:
    """One attribute per setting, under the same name. Times are in seconds."""

    # What tokens say.
    ISSUER: str = ""
    AUDIENCE: str = "seseragi"
    CLIENT_ID: str = "django"
    SUBJECT_FIELD: str = "pk"
    SCOPES: tuple = ("infer:read",)
    DEFAULT_TIER: str = "user"
    TIER_BY_GROUP: dict = field(default_factory=dict)
    ACCESS_TOKEN_TTL: int = 300
    # What signs them.
    ALGORITHM: str = "ES256"
    SIGNING_KEY_FILE: str = ""
    SIGNING_KEY_ENV: str = ""
    PUBLISHED_KEY_FILES: tuple = ()
    HS256_SECRET_FILE: str = ""
    HS256_SECRET_ENV: str = ""
    # Refresh tokens.
    REFRESH_TOKENS: bool = True
    REFRESH_IDLE_TTL: int = 7 * 86_400
    REFRESH_TTL: int = 30 * 86_400
    REFRESH_GRACE: int = 10
    REFRESH_FAMILIES_PER_USER: int = 50
    # Live effect at the gateway.
    GATEWAY_URL: str = ""
    REVOKE_TIMEOUT: float = 2.0
    REVOKE_ATTEMPTS: int = 4
    REVOKE_QUEUE: int = 1000
    REVOKE_ISSUERS: tuple = ()
    REVOKE_API_KEY_FILE: str = ""
    LOGOUT_REVOKES: str = "session"

    @property
    def symmetric(self) -> bool:
        """Whether tokens are signed with a secret that the gateway knows, too."""
        return self.ALGORITHM == "HS256"

    @property
    def revoke_issuers(self) -> tuple:
        """The `iss` values whose tokens are revoked: our own unless the settings name others."""
        return tuple(self.REVOKE_ISSUERS) or (self.ISSUER,)


NAMES = frozenset(each.name for each in fields(Config))


@cache
def config() -> Config:
    """The settings in force. Unknown names are left out here and reported by the checks."""
    given = getattr(settings, SETTING, {})
    given = given if isinstance(given, dict) else {}
    return Config(**{name: value for name, value in given.items() if name in NAMES})


def path(value: str) -> Path:
    """A file of the settings; relative ones start at BASE_DIR, or else at the working directory."""
    return Path(getattr(settings, "BASE_DIR", "."), value)


def _changed(*, setting: str, **_: object) -> None:
    from . import keys

    if setting in (SETTING, "BASE_DIR"):
        config.cache_clear()
        keys.forget()


setting_changed.connect(_changed)
