"""One page, closing one's account, and the classic token view."""

import time

import jwt
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST


@ensure_csrf_cookie
def page(request: HttpRequest) -> HttpResponse:
    """Asks a question and shows the answer as it streams in."""
    return render(request, "page.html", {"gateway": settings.GATEWAY_URL})


@require_POST
@login_required
def close_account(request: HttpRequest) -> HttpResponse:
    """Deactivates the user: with the package, every running stream of theirs ends."""
    user = request.user
    user.is_active = False
    user.save(update_fields=["is_active"])
    logout(request)
    return redirect("/")


def issue_token(request: HttpRequest) -> HttpResponse:
    """The view that everybody writes first, as it is found everywhere.

    Its mistake is left in on purpose: it asks nobody to sign in, and for the anonymous `sub` is the text "None". The
    gateway refuses such tokens. `login_required` would answer a fetch with a redirect to a page; the package says 401.
    """
    claims = {"sub": str(request.user.id), "exp": int(time.time()) + 300, "scope": ["infer:read"]}
    return JsonResponse({"access_token": jwt.encode(claims, settings.SHARED_SECRET, algorithm="HS256")})
