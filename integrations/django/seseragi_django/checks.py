"""System checks: what is wrong with the settings, before the first request. Each message has a hint.

Errors stop `runserver`, `migrate` and `check`; servers started by WSGI should run `manage.py check --deploy` first.
"""

from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error, Warning, register
from django.core.exceptions import FieldDoesNotExist

from . import keys
from .conf import ALGORITHMS, NAMES, SETTING, Config, config

TTL_RANGE = (30, 3600)
TIERS = frozenset({"guest", "user", "server"})
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
# Which types a setting may have; the default's own type otherwise.
LISTS = (list, tuple)
NUMBERS = {
    "ACCESS_TOKEN_TTL": TTL_RANGE, "REFRESH_IDLE_TTL": (60, 90 * 86_400), "REFRESH_TTL": (60, 366 * 86_400),
    "REFRESH_GRACE": (0, 60), "REFRESH_FAMILIES_PER_USER": (1, 10_000), "REVOKE_TIMEOUT": (0.1, 30),
    "REVOKE_ATTEMPTS": (1, 10), "REVOKE_QUEUE": (1, 100_000),
}


def error(number: int, text: str, hint: str) -> Error:
    return Error(text, hint=hint, id=f"seseragi.E{number:03}")


def warning(number: int, text: str, hint: str) -> Warning:
    return Warning(text, hint=hint, id=f"seseragi.W{number:03}")


@register("seseragi")
def check(**_: object) -> list[CheckMessage]:
    """All of it. Where a setting has a wrong type, only that is reported: the rest could not be judged."""
    given = getattr(settings, SETTING, None)
    if not isinstance(given, dict):
        return [error(1, f"{SETTING} is missing or no dict", f'Set {SETTING} = {{"ISSUER": "https://...", ...}}')]
    found = list(_names_and_types(given))
    if found:
        return found
    current = config()
    judges = (_claims, _numbers, _key, _algorithm_of_others, _gateway, _revocation, _project)
    return [message for judge in judges for message in judge(current)]


def _names_and_types(given: dict):
    for name in sorted(map(str, set(given) - NAMES)):
        yield error(2, f"{SETTING} has no {name}", "The settings are: " + ", ".join(sorted(NAMES)))
    defaults = Config()
    for name, value in given.items():
        if name not in NAMES:
            continue
        default = getattr(defaults, name)
        wanted = LISTS if isinstance(default, tuple) else (int, float) if isinstance(default, float) else type(default)
        if name.endswith("_FILE"):
            fits = isinstance(value, str) or hasattr(value, "__fspath__")
        else:
            fits = isinstance(value, wanted) and (isinstance(value, bool) == isinstance(default, bool))
        if not fits:
            kind = "a list" if wanted is LISTS else f"of the kind of {default!r}"
            yield error(3, f"{SETTING}['{name}'] is a {type(value).__name__}", f"It must be {kind}")


def _claims(current: Config):
    if not current.ISSUER:
        yield error(4, "ISSUER is empty", 'Give the public URL of this site, such as "https://app.example"')
    if not current.AUDIENCE:
        yield error(5, "AUDIENCE is empty", 'Give a name of the gateway: "seseragi", and the same in its audiences')
    for scope in current.SCOPES or [""]:
        if not isinstance(scope, str) or not scope or set(scope) & set(' "\\') or not scope.isascii():
            yield error(6, f"SCOPES holds {scope!r}", 'Give words of RFC 6749 §3.3, such as "infer:read"')
        elif scope.startswith("admin:"):
            yield error(7, f"SCOPES holds {scope}", "Every user would get it. Revocation makes tokens of its own")
    for name in [current.DEFAULT_TIER, *current.TIER_BY_GROUP.values()]:
        if not isinstance(name, str):
            yield error(8, f"a tier is {name!r}", 'Give the name of a tier: "user"')
        elif name and name not in TIERS:
            yield warning(1, f"the gateway may not know the tier {name!r}", "Its tiers are " + ", ".join(sorted(TIERS)))
    try:
        current.SUBJECT_FIELD == "pk" or get_user_model()._meta.get_field(current.SUBJECT_FIELD)
    except FieldDoesNotExist:
        yield error(9, f"users have no field {current.SUBJECT_FIELD}", "Set SUBJECT_FIELD to a unique field, or to pk")


def _numbers(current: Config):
    for name, (least, most) in NUMBERS.items():
        if not least <= getattr(current, name) <= most:
            yield error(10, f"{name} is {getattr(current, name)}", f"It must be {least} to {most}")
    if current.REFRESH_TTL < current.REFRESH_IDLE_TTL:
        yield error(11, "REFRESH_TTL is shorter than REFRESH_IDLE_TTL", "Make it at least as long")


def _key(current: Config):
    if current.ALGORITHM not in ALGORITHMS:
        yield error(12, f"ALGORITHM is {current.ALGORITHM!r}", "It must be one of " + ", ".join(ALGORITHMS))
        return
    try:
        if current.symmetric:
            shared = keys.secret(current)
            if shared in {key.encode() for key in _own_secrets()}:
                hint = "Who has it can forge sessions. Make another: manage.py seseragi_key --algorithm HS256"
                yield error(13, "the HS256 secret is Django's SECRET_KEY", hint)
        else:
            keys.private_key(current)
            for file in current.PUBLISHED_KEY_FILES:
                keys.published(file)
    except keys.KeyFault as fault:
        yield error(14, str(fault), fault.hint)


def _own_secrets() -> list[str]:
    return [key for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS) if isinstance(key, str)]


def _algorithm_of_others(current: Config):
    file, variable = current.SIGNING_KEY_FILE, current.SIGNING_KEY_ENV
    if current.symmetric and (file or variable):
        yield warning(2, "ALGORITHM is HS256: the signing key is not used", "Set ALGORITHM to ES256, or remove the key")
    if not current.symmetric and (current.HS256_SECRET_FILE or current.HS256_SECRET_ENV):
        text = f"ALGORITHM is {current.ALGORITHM}: the HS256 secret is not used"
        yield warning(2, text, "Remove it, or set ALGORITHM to HS256")


def _gateway(current: Config):
    if not current.GATEWAY_URL:
        hint = "Give the gateway's URL, as this server reaches it"
        yield warning(3, "GATEWAY_URL is empty: logout does not end running streams", hint)
        return
    url = urlsplit(current.GATEWAY_URL)
    if url.scheme not in ("http", "https") or not url.hostname or url.query or url.username:
        yield error(15, "GATEWAY_URL is not a plain http(s) URL", 'Give it as "https://gateway.example"')
    elif url.scheme == "http" and url.hostname not in LOOPBACK:
        hint = "Use https, unless nobody else is on that network"
        yield warning(4, "GATEWAY_URL is not https: tokens can be read on the way", hint)


def _revocation(current: Config):
    if current.LOGOUT_REVOKES not in ("session", "user"):
        yield error(20, f"LOGOUT_REVOKES is {current.LOGOUT_REVOKES!r}", "It must be session or user")
    if current.REVOKE_API_KEY_FILE:
        try:
            keys.read_private(current.REVOKE_API_KEY_FILE)
        except keys.KeyFault as fault:
            yield error(16, str(fault), "Put an API key of the gateway with the scope admin:revoke there")
    elif set(current.revoke_issuers) != {current.ISSUER}:
        hint = "Only an API key of the gateway may revoke for them: set REVOKE_API_KEY_FILE"
        yield error(17, "REVOKE_ISSUERS names other issuers", hint)


def _project(current: Config):
    for name in ("django.contrib.auth", "django.contrib.sessions"):
        if not apps.is_installed(name):
            yield error(18, f"{name} is not in INSTALLED_APPS", "Tokens are for users who are signed in: add it")
    if not any(name.endswith("AuthenticationMiddleware") for name in settings.MIDDLEWARE):
        hint = "Add django.contrib.auth.middleware.AuthenticationMiddleware to MIDDLEWARE"
        yield error(19, "there is no AuthenticationMiddleware", hint)
    if settings.SESSION_ENGINE == "django.contrib.sessions.backends.signed_cookies":
        hint = "A logout ends all streams of the user, not those of one session. Use another SESSION_ENGINE"
        yield warning(5, "sessions of signed cookies have no stable key", hint)
