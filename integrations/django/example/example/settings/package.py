"""The package: ES256 (or RS256, HS256) tokens, refresh tokens, and live effect at the gateway."""

import os

from .base import *  # noqa: F403 the way settings are shared in Django
from .base import GATEWAY_URL, INSTALLED_APPS, URL, VAR

VARIANT = "package"
INSTALLED_APPS = [*INSTALLED_APPS, "seseragi_django"]
SESERAGI = {
    "ISSUER": URL,
    "AUDIENCE": "seseragi",
    "ALGORITHM": os.environ.get("EXAMPLE_ALGORITHM", "ES256"),
    "TIER_BY_GROUP": {"trial": "guest", "partners": "server"},
    "GATEWAY_URL": GATEWAY_URL,
}
if SESERAGI["ALGORITHM"] == "HS256":
    SESERAGI["HS256_SECRET_FILE"] = str(VAR / "django.secret")
else:
    SESERAGI["SIGNING_KEY_FILE"] = str(VAR / f"{SESERAGI['ALGORITHM'].lower()}.pem")
