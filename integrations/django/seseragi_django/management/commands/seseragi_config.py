"""`manage.py seseragi_config`: prints the part of seseragi.toml that fits the settings."""

import json

from django.core.management.base import BaseCommand, CommandParser

from ...conf import config, path


class Command(BaseCommand):
    help = "Prints the [[auth.external]] table for the gateway's seseragi.toml."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--jwks-url", help="where the gateway finds /auth/jwks.json; default: below ISSUER")
        parser.add_argument("--name", default="django", help="the issuer's name in the gateway's logs")

    def handle(self, *args: object, jwks_url: str | None, name: str, **options: object) -> None:
        current = config()
        if current.symmetric:
            source = {"hs256_secret_file": str(path(current.HS256_SECRET_FILE or "django.secret"))}
        else:
            source = {
                "jwks_url": jwks_url or current.ISSUER.rstrip("/") + "/auth/jwks.json", "algorithms": [current.ALGORITHM],
            }
        table = {"name": name, "issuer": current.ISSUER, **source, "audiences": [current.AUDIENCE], "typ": ["at+jwt"]}
        table |= {"tier_claim": "lim", "max_age_s": current.ACCESS_TOKEN_TTL, "admin": bool(current.GATEWAY_URL)}
        # Text, lists of text, numbers and booleans are written alike in JSON and in TOML.
        lines = [f"{key} = {json.dumps(value)}" for key, value in table.items()]
        self.stdout.write("\n".join(["[[auth.external]]", *lines]))
