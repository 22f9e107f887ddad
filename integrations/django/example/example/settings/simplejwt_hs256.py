"""Simplejwt as it comes, without the package. Only its signing key is one of its own: SECRET_KEY is for sessions."""

from .base import *  # noqa: F403
from .base import INSTALLED_APPS, random_text

VARIANT = "simplejwt"
INSTALLED_APPS = [*INSTALLED_APPS, "rest_framework"]
SIMPLE_JWT = {"SIGNING_KEY": random_text("simplejwt.secret")}
