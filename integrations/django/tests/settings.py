"""A small project, with a database in a file: races need several connections."""

import atexit
import shutil
import tempfile
from pathlib import Path

from seseragi_django.management.commands.seseragi_key import create, make

FOLDER = Path(tempfile.mkdtemp(prefix="seseragi-django-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
BASE_DIR = FOLDER
SECRET_KEY = "only for the tests of this folder: no session of anybody hangs on it"
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "seseragi_django"]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
ROOT_URLCONF = "tests.urls"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3", "NAME": FOLDER / "db.sqlite3", "OPTIONS": {"timeout": 20},
        "TEST": {"NAME": FOLDER / "test.sqlite3"},
    }
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
USE_TZ = True
# What Django says of each 4xx answer; the tests ask for them.
LOGGING = {"version": 1, "disable_existing_loggers": False, "loggers": {"django": {"level": "CRITICAL"}}}
SESERAGI = {
    "ISSUER": "https://app.example", "SIGNING_KEY_FILE": str(FOLDER / "signing.pem"), "GATEWAY_URL": "http://127.0.0.1:9",
    "REVOKE_ATTEMPTS": 1,
}
create(FOLDER / "signing.pem", make("ES256")[0])
