"""The package behind Django REST framework: whoever DRF authenticates gets a token."""

from .package import *  # noqa: F403
from .package import INSTALLED_APPS

VARIANT = "drf"
INSTALLED_APPS = [*INSTALLED_APPS, "rest_framework", "rest_framework.authtoken"]
REST_FRAMEWORK = {"DEFAULT_AUTHENTICATION_CLASSES": [
    "rest_framework.authentication.SessionAuthentication",
    "rest_framework.authentication.TokenAuthentication",
]}
