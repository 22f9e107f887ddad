"""Simplejwt with RS256, and the package's serializer, which adds scope and tier."""

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from .base import *  # noqa: F403
from .base import GATEWAY_URL, INSTALLED_APPS, URL, VAR, revoking

VARIANT = "simplejwt"
INSTALLED_APPS = [*INSTALLED_APPS, "rest_framework", "seseragi_django"]
KEY = VAR / "rs256.pem"
SESERAGI = revoking({
    "ISSUER": URL, "ALGORITHM": "RS256", "SIGNING_KEY_FILE": str(KEY), "GATEWAY_URL": GATEWAY_URL,
    "TIER_BY_GROUP": {"trial": "guest"},
})
SIMPLE_JWT = {
    "ALGORITHM": "RS256",
    "ISSUER": URL,
    "AUDIENCE": "seseragi",
    "TOKEN_OBTAIN_SERIALIZER": "seseragi_django.simplejwt.TokenObtainPairSerializer",
}
# Not there until `manage.py seseragi_key` has made the file.
if KEY.exists():
    private = load_pem_private_key(KEY.read_bytes(), password=None)
    SIMPLE_JWT["SIGNING_KEY"] = private
    SIMPLE_JWT["VERIFYING_KEY"] = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
