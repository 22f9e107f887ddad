"""The endpoints, and a page that hands out the CSRF cookie as any page with a form does."""

from django.http import HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import ensure_csrf_cookie

urlpatterns = [
    path("auth/", include("seseragi_django.urls")),
    path(".well-known/", include("seseragi_django.well_known")),
    path("page", ensure_csrf_cookie(lambda request: HttpResponse("a page"))),
]
