"""Allauth headless with JWTs (RS256), and the package's strategy, which adds iss, aud, scope and tier."""

from .base import *  # noqa: F403
from .base import GATEWAY_URL, INSTALLED_APPS, MIDDLEWARE, URL, VAR, revoking

VARIANT = "allauth"
INSTALLED_APPS = [*INSTALLED_APPS, "allauth", "allauth.account", "allauth.headless", "seseragi_django"]
MIDDLEWARE = [*MIDDLEWARE, "allauth.account.middleware.AccountMiddleware"]
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
ACCOUNT_EMAIL_VERIFICATION = "none"
KEY = VAR / "rs256.pem"
HEADLESS_ONLY = True
HEADLESS_TOKEN_STRATEGY = "seseragi_django.allauth.JWTTokenStrategy"
HEADLESS_JWT_ALGORITHM = "RS256"
HEADLESS_JWT_PRIVATE_KEY = KEY.read_text() if KEY.exists() else ""
SESERAGI = revoking({
    "ISSUER": URL, "ALGORITHM": "RS256", "SIGNING_KEY_FILE": str(KEY), "GATEWAY_URL": GATEWAY_URL,
})
