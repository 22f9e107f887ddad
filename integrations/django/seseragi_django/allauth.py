"""For django-allauth headless with JWTs: its access tokens, with what the gateway can use.

    HEADLESS_TOKEN_STRATEGY = "seseragi_django.allauth.JWTTokenStrategy"
"""

from allauth.headless.tokens.strategies.jwt import JWTTokenStrategy as Original

from . import tokens
from .conf import config


class JWTTokenStrategy(Original):
    """Adds iss, aud, scope and lim to access tokens. Refresh tokens of allauth stay without, so they fit nowhere."""

    def get_claims(self, user: object) -> dict:
        claims = super().get_claims(user) | {
            "iss": config().ISSUER, "aud": config().AUDIENCE, "scope": tokens.granted(None),
        }
        lim = tokens.tier(user)
        return claims | ({"lim": lim} if lim else {})
