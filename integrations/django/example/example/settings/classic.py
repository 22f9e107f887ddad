"""No package at all: the view that everybody writes first. See `example.views.issue_token`."""

from .base import *  # noqa: F403
from .base import random_text

VARIANT = "classic"
SHARED_SECRET = random_text("django.secret")
