"""The endpoints. Each answers JSON only: no redirect, no HTML, nothing cached but the public keys."""

import logging
from collections.abc import Callable
from functools import wraps

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import SuspiciousOperation
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables

from . import keys, refresh, tokens
from .answers import Problem, body, no_store, unauthenticated
from .conf import config

logger = logging.getLogger("seseragi_django")
JWKS_MAX_AGE_S = 300
REFRESH_MEMBERS = frozenset({"grant_type", "refresh_token", "scope", "client_id"})


def endpoint(*methods: str) -> Callable:
    """A view of these methods whose `Problem`s become problem documents."""

    def wrap(view: Callable) -> Callable:
        @wraps(view)
        def answer(request: HttpRequest) -> HttpResponse:
            try:
                if request.method not in methods:
                    allowed = ", ".join(methods)
                    raise Problem(405, "method", f"Use {allowed}.", {"Allow": allowed})
                return view(request)
            except Problem as problem:
                return problem.response()
            except SuspiciousOperation:
                # Django's own limits on requests, which it would answer with a page.
                return Problem(400, "bad_request", "The request is not one that is taken here.").response()
            except keys.KeyFault as fault:
                logger.error("%s. %s", fault, fault.hint)
                return Problem(500, "misconfigured", "The server cannot sign tokens; its log says why.").response()

        # Our own views look after CSRF, so that a failure is JSON; refusing is their business, not the middleware's.
        return csrf_exempt(transaction.non_atomic_requests(answer))

    return wrap


class _Csrf(CsrfViewMiddleware):
    """Django's own CSRF rules, with a reason instead of a page."""

    def _reject(self, request: HttpRequest, reason: str) -> str:
        return reason


def check_csrf(request: HttpRequest) -> None:
    """Raises a 403 `Problem` unless Django's CSRF rules are kept."""
    checker = _Csrf(lambda _: None)
    checker.process_request(request)
    if reason := checker.process_view(request, None, (), {}):
        detail = f"{reason} Send the CSRF token in the header X-CSRFToken."
        raise Problem(403, "csrf", detail)


def token_answer(user: object, members: dict, sid: str | None) -> dict:
    """What `POST /auth/issue` answers for an authenticated user. `members` are those of its body."""
    mode = members.get("mode", "cookie")
    if mode not in ("cookie", "token"):
        raise Problem(400, "mode", "mode is cookie (no refresh token) or token.")
    if mode == "token" and not config().REFRESH_TOKENS:
        raise Problem(400, "mode", "Refresh tokens are switched off here.")
    if members.get("binding", "none") != "none":
        raise Problem(400, "binding", "Tokens of this issuer are not bound: binding must be none.")
    try:
        return refresh.grant(user, members.get("scope"), sid, mode == "token")
    except tokens.NoSubject as error:
        logger.warning("no token: %s", error)
        raise unauthenticated() from error
    except tokens.BadScope as error:
        raise Problem(400, "scope", f"Not granted here; {error}.", error="invalid_scope") from error


ISSUE_MEMBERS = frozenset({"scope", "mode", "binding"})


@endpoint("POST")
def issue(request: HttpRequest) -> HttpResponse:
    """A signed-in session becomes an access token; with {"mode": "token"}, a refresh token, too."""
    user = getattr(request, "user", None) or AnonymousUser()
    if not (user.is_authenticated and user.is_active):
        raise unauthenticated()
    check_csrf(request)
    members = body(request, ISSUE_MEMBERS)
    sid = tokens.sid(getattr(request, "session", None), remember=True)
    return no_store(JsonResponse(token_answer(user, members, sid)))


@endpoint("POST")
@sensitive_variables("token", "members", "rotated")
def refresh_token(request: HttpRequest) -> HttpResponse:
    """A refresh token becomes an access token and the next refresh token (RFC 6749 §6, JSON or form).

    No cookie is looked at, so CSRF has nothing to ride on: the refresh token itself is the credential.
    """
    members = body(request, REFRESH_MEMBERS, form=True)
    if members.get("grant_type", "refresh_token") != "refresh_token":
        raise Problem(400, "grant_type", "grant_type is refresh_token.", error="unsupported_grant_type")
    token = members.get("refresh_token", "")
    if not token:
        raise Problem(400, "refresh_token", "refresh_token is missing.", error="invalid_request")
    try:
        if not config().REFRESH_TOKENS or len(token) != refresh.TOKEN_CHARS:
            raise refresh.Refused("malformed")
        rotated = refresh.rotate(token, members.get("scope"))
        made = tokens.access_token(rotated.family.user, rotated.scope, rotated.family.sid).answer()
    except (refresh.Refused, tokens.NoSubject) as error:
        logger.info("refresh refused: %s", error)
        raise Problem(400, "refresh_token", "The refresh token is not valid.", error="invalid_grant") from error
    except tokens.BadScope as error:
        raise Problem(400, "scope", "Not granted at sign-in.", error="invalid_scope") from error
    return no_store(JsonResponse(made | {"refresh_token": rotated.token}))


@endpoint("POST")
def revoke_token(request: HttpRequest) -> HttpResponse:
    """Ends a refresh token, its family and its streams (RFC 7009). An unknown token is answered alike."""
    members = body(request, frozenset({"token", "token_type_hint"}), form=True)
    if not members.get("token"):
        raise Problem(400, "token", "token is missing.", error="invalid_request")
    refresh.end_of_token(members["token"])
    return no_store(JsonResponse({}))


@endpoint("GET", "HEAD")
def jwks(request: HttpRequest) -> HttpResponse:
    """The public keys (RFC 7517)."""
    if config().symmetric:
        raise Problem(404, "no_public_key", "HS256 has no public key: the gateway needs the secret itself.")
    return _public(keys.jwks())


@endpoint("GET", "HEAD")
def openid_configuration(request: HttpRequest) -> HttpResponse:
    """Where things are, for those who configure by discovery. This is no OpenID provider: there are no ID tokens."""
    if config().symmetric:
        raise Problem(404, "no_public_key", "HS256 has no public key: the gateway needs the secret itself.")
    return _public({
        "issuer": config().ISSUER,
        "jwks_uri": request.build_absolute_uri(reverse("seseragi:jwks")),
        "token_endpoint": request.build_absolute_uri(reverse("seseragi:refresh")),
        "revocation_endpoint": request.build_absolute_uri(reverse("seseragi:revoke")),
        "grant_types_supported": ["refresh_token"],
        "token_endpoint_auth_methods_supported": ["none"],
        "response_types_supported": [],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [config().ALGORITHM],
        "scopes_supported": list(config().SCOPES),
    })


def _public(content: dict) -> JsonResponse:
    return JsonResponse(content, headers={
        "Cache-Control": f"public, max-age={JWKS_MAX_AGE_S}", "Access-Control-Allow-Origin": "*",
    })
