"""For djangorestframework-simplejwt: its tokens, with what the gateway can use.

    SIMPLE_JWT = {"TOKEN_OBTAIN_SERIALIZER": "seseragi_django.simplejwt.TokenObtainPairSerializer", ...}

`iss` and `aud` come from SIMPLE_JWT itself (ISSUER, AUDIENCE). Simplejwt works at the gateway without this, too: the
gateway's default_scopes then stand for the missing scope claim.
"""

from rest_framework.exceptions import AuthenticationFailed
from rest_framework_simplejwt.serializers import TokenObtainPairSerializer as Original

from . import tokens


class TokenObtainPairSerializer(Original):
    """Adds scope and lim. The access token gets them from the refresh token, as simplejwt does with all claims."""

    @classmethod
    def get_token(cls, user: object) -> object:
        try:
            tokens.subject(user)
        except tokens.NoSubject as error:
            raise AuthenticationFailed("no token for this user") from error
        token = super().get_token(user)
        token["scope"] = tokens.granted(None)
        if lim := tokens.tier(user):
            token["lim"] = lim
        return token
