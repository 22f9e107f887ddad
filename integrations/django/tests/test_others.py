"""Beside Django REST framework and simplejwt. Skipped where they are not installed."""

import importlib.util
from unittest import skipUnless

from django.test import Client, TestCase, override_settings
from django.urls import path

from .support import post, user, using, verified

DRF = importlib.util.find_spec("rest_framework")
SIMPLEJWT = importlib.util.find_spec("rest_framework_simplejwt")

urlpatterns: list = []
if DRF:
    from rest_framework.authentication import BaseAuthentication, SessionAuthentication

    from seseragi_django.drf import IssueView

    class ByHeader(BaseAuthentication):
        """Any authentication of DRF that is no session."""

        def authenticate(self, request: object) -> tuple | None:
            from django.contrib.auth import get_user_model

            name = request.headers.get("X-User")
            return (get_user_model().objects.get(username=name), None) if name else None

    view = IssueView.as_view(authentication_classes=[SessionAuthentication, ByHeader])
    urlpatterns = [path("api/issue", view)]


@skipUnless(DRF, "djangorestframework is not installed")
@using()
@override_settings(ROOT_URLCONF="tests.test_others")
class RestFramework(TestCase):
    def test_whoever_drf_knows_gets_a_token(self) -> None:
        someone = user()
        answer = post(Client(), "/api/issue", {"mode": "token"}, **{"X-User": "tomoko"})
        self.assertEqual(answer.status_code, 200, answer.content)
        claims = verified(answer.json()["access_token"])
        self.assertEqual((claims["sub"], claims["sid"][:3]), (str(someone.pk), "rf_"))
        self.assertEqual(answer["Cache-Control"], "no-store")

    def test_a_session_is_one_here_too(self) -> None:
        from seseragi_django import tokens

        self.client.force_login(user())
        claims = verified(post(self.client, "/api/issue").json()["access_token"])
        self.assertEqual(claims["sid"], tokens.sid(self.client.session))

    def test_anonymous_and_inactive_are_401(self) -> None:
        user("inactive", is_active=False)
        for headers in ({}, {"X-User": "inactive"}):
            answer = post(Client(), "/api/issue", **headers)
            self.assertEqual(answer.status_code, 401, answer.content)
            self.assertIn("Bearer", answer["WWW-Authenticate"])

    def test_csrf_wrong_bodies_and_methods(self) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(user())
        self.assertEqual(post(client, "/api/issue").status_code, 403)
        self.assertEqual(post(Client(), "/api/issue", b"{", **{"X-User": "tomoko"}).status_code, 400)
        self.assertEqual(Client().get("/api/issue", headers={"X-User": "tomoko"}).status_code, 405)


@skipUnless(SIMPLEJWT, "djangorestframework-simplejwt is not installed")
class Simplejwt(TestCase):
    def test_the_access_token_has_scope_and_tier(self) -> None:
        from seseragi_django.simplejwt import TokenObtainPairSerializer

        with using(DEFAULT_TIER="guest"):
            someone = user()
            claims = TokenObtainPairSerializer.get_token(someone).access_token.payload
        self.assertEqual((claims["scope"], claims["lim"]), ("infer:read", "guest"))
        self.assertEqual((claims["token_type"], claims["user_id"]), ("access", str(someone.pk)))

    def test_a_placeholder_gets_none(self) -> None:
        from rest_framework.exceptions import AuthenticationFailed

        from seseragi_django.simplejwt import TokenObtainPairSerializer

        with using(SUBJECT_FIELD="username"), self.assertRaises(AuthenticationFailed):
            TokenObtainPairSerializer.get_token(user("None"))
