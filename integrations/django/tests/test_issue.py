"""POST /auth/issue: who gets a token, what is in it, and how everybody else is refused."""

import time

import jwt
from django.contrib.auth.models import Group
from django.test import Client, RequestFactory, TestCase, override_settings

from seseragi_django import tokens
from seseragi_django.answers import Problem
from seseragi_django.answers import body as body_of

from .support import ISSUER, PASSWORD, post, seseragi, user, using, verified


@using()
class Tokens(TestCase):
    def setUp(self) -> None:
        self.user = user()
        self.client.force_login(self.user)

    def issued(self, body: object = None) -> dict:
        answer = post(self.client, "/auth/issue", body)
        self.assertEqual(answer.status_code, 200, answer.content)
        return answer.json()

    def test_form_of_rfc_9068(self) -> None:
        for algorithm in ("ES256", "RS256", "HS256"):
            with self.subTest(algorithm), using(algorithm):
                before = int(time.time())
                answer = self.issued()
                header = jwt.get_unverified_header(answer["access_token"])
                claims = verified(answer["access_token"], algorithm)
                self.assertEqual((header["typ"], header["alg"]), ("at+jwt", algorithm))
                self.assertEqual("kid" in header, algorithm != "HS256")
                self.assertEqual(claims["exp"], claims["iat"] + 300)
                self.assertEqual(claims["nbf"], claims["iat"])
                self.assertLessEqual(abs(claims["iat"] - before), 2)
                self.assertEqual(
                    (claims["iss"], claims["aud"], claims["sub"]), (ISSUER, "seseragi", str(self.user.pk))
                )
                self.assertEqual((claims["scope"], claims["lim"]), ("infer:read", "user"))
                wanted = {"token_type": "Bearer", "expires_in": 300, "scope": "infer:read", "subject": claims["sub"]}
                self.assertEqual(answer, wanted | {"access_token": answer["access_token"]})

    def test_each_token_has_a_jti_of_its_own(self) -> None:
        made = {verified(self.issued()["access_token"])["jti"] for _ in range(20)}
        self.assertEqual(len(made), 20)

    def test_sid_tells_sessions_apart_and_is_not_the_key(self) -> None:
        first = verified(self.issued()["access_token"])["sid"]
        self.assertEqual(first, verified(self.issued()["access_token"])["sid"])
        key = self.client.session.session_key
        self.assertNotIn(key, self.issued()["access_token"])
        self.assertNotIn(key[:8], first)
        other = Client()
        other.force_login(self.user)
        self.assertNotEqual(first, verified(post(other, "/auth/issue").json()["access_token"])["sid"])

    def test_sid_stays_the_same_when_the_session_gets_a_new_key(self) -> None:
        before, session = verified(self.issued()["access_token"])["sid"], self.client.session
        session.cycle_key()
        session.save()
        self.client.cookies["sessionid"] = session.session_key
        self.assertEqual(verified(self.issued()["access_token"])["sid"], before)
        self.client.logout()
        self.client.force_login(self.user)
        self.assertNotEqual(verified(self.issued()["access_token"])["sid"], before)

    @override_settings(SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies")
    def test_sessions_without_a_stable_key_have_no_sid(self) -> None:
        client = Client()
        client.force_login(self.user)
        self.assertNotIn("sid", verified(post(client, "/auth/issue").json()["access_token"]))

    def test_tier_comes_from_groups_in_the_order_of_the_setting(self) -> None:
        mapping = {"trial": "guest", "partners": "server"}
        with using(TIER_BY_GROUP=mapping):
            self.assertEqual(verified(self.issued()["access_token"])["lim"], "user")
            self.user.groups.add(Group.objects.create(name="partners"))
            self.assertEqual(verified(self.issued()["access_token"])["lim"], "server")
            self.user.groups.add(Group.objects.create(name="trial"))
            self.assertEqual(verified(self.issued()["access_token"])["lim"], "guest")
        with using(DEFAULT_TIER=""):
            self.assertNotIn("lim", verified(self.issued()["access_token"]))

    def test_scopes_are_those_of_the_setting_or_fewer(self) -> None:
        with using(SCOPES=["infer:read", "reflection:read"]):
            self.assertEqual(self.issued()["scope"], "infer:read reflection:read")
            self.assertEqual(self.issued({"scope": "reflection:read"})["scope"], "reflection:read")
        for scope in ("admin:revoke", "infer:read admin:revoke", "", "infer:read  infer:read", "INFER:READ"):
            with self.subTest(scope):
                answer = post(self.client, "/auth/issue", {"scope": scope})
                self.assertEqual((answer.status_code, answer.json()["error"]), (400, "invalid_scope"))

    def test_no_subject_is_ever_a_placeholder(self) -> None:
        for name in ("None", "none", "NULL", "undefined", "AnonymousUser", " none "):
            with self.subTest(name), using(SUBJECT_FIELD="username"):
                someone = user(name)
                self.client.force_login(someone)
                with self.assertLogs("seseragi_django", "WARNING"):
                    answer = post(self.client, "/auth/issue", {"mode": "token"})
                self.assertEqual(answer.status_code, 401)
        for nobody in (None, type(self.user)(), type(self.user)(username="x", is_active=True)):
            with self.assertRaises(tokens.NoSubject):
                tokens.access_token(nobody)

    def test_nothing_is_kept_by_caches(self) -> None:
        answers = [post(self.client, "/auth/issue"), post(Client(), "/auth/issue"), self.client.get("/auth/issue")]
        answers.append(post(self.client, "/auth/refresh", {"refresh_token": "x"}))
        self.assertEqual({answer["Cache-Control"] for answer in answers}, {"no-store"})


@using()
class Refusals(TestCase):
    def problem(self, answer: object, status: int, reason: str) -> dict:
        self.assertEqual(answer.status_code, status, answer.content)
        self.assertEqual(answer["Content-Type"], "application/problem+json")
        body = answer.json()
        self.assertEqual((body["status"], body["reason"]), (status, reason))
        self.assertTrue(body["title"] and body["detail"])
        return body

    def test_anonymous_is_401_and_no_redirect(self) -> None:
        for client in (Client(), Client(enforce_csrf_checks=True)):
            answer = post(client, "/auth/issue")
            self.problem(answer, 401, "not_signed_in")
            self.assertEqual(answer["WWW-Authenticate"], 'Bearer realm="seseragi"')
            self.assertNotIn("Location", answer)

    def test_inactive_is_401_even_where_the_backend_lets_it_in(self) -> None:
        backend = "django.contrib.auth.backends.AllowAllUsersModelBackend"
        with override_settings(AUTHENTICATION_BACKENDS=[backend]):
            someone = user(is_active=False)
            self.client.force_login(someone, backend)
            self.problem(post(self.client, "/auth/issue"), 401, "not_signed_in")

    def test_wrong_methods_are_405(self) -> None:
        self.client.force_login(user())
        for path, method in (
            ("issue", "get"), ("issue", "put"), ("issue", "delete"), ("refresh", "get"), ("revoke", "get"),
            ("jwks.json", "post"), ("jwks.json", "delete"),
        ):
            with self.subTest(f"{method} {path}"):
                answer = getattr(self.client, method)(f"/auth/{path}")
                self.problem(answer, 405, "method")
                self.assertIn(answer["Allow"], ("POST", "GET, HEAD"))

    def test_csrf_stays_on_and_its_refusal_is_json(self) -> None:
        client = Client(enforce_csrf_checks=True)
        self.assertTrue(client.login(username=user().username, password=PASSWORD))
        client.get("/page")
        for headers in ({}, {"X-CSRFToken": "x" * 32}, {"Origin": "https://evil.example"}):
            self.problem(post(client, "/auth/issue", **headers), 403, "csrf")
        token = client.cookies["csrftoken"].value
        self.assertEqual(post(client, "/auth/issue", **{"X-CSRFToken": token}).status_code, 200)
        form = client.post("/auth/issue", {"csrfmiddlewaretoken": token})
        self.problem(form, 415, "content_type")
        evil = {"X-CSRFToken": token, "Origin": "https://evil.example"}
        self.problem(post(client, "/auth/issue", **evil), 403, "csrf")

    def test_bodies_that_are_not_what_they_should_be(self) -> None:
        self.client.force_login(user())
        for body, status, reason in (
            (b"{", 400, "not_json"), (b"\xff\xfe", 400, "not_json"), (b"[1]", 400, "not_an_object"),
            (b"[" * 8000, 400, "not_json"), (b'{"scope":"a","scope":"b"}', 400, "duplicate_member"),
            (b'{"scope":1}', 400, "not_text"), (b'{"user":"root"}', 400, "unknown_member"),
            (b" " * 8193, 413, "too_large"), (b'{"mode":"x"}', 400, "mode"), (b'{"binding":"cookie"}', 400, "binding"),
        ):
            with self.subTest(body[:30]):
                self.problem(post(self.client, "/auth/issue", body), status, reason)
        unsaid = RequestFactory().post("/auth/issue", b" " * 8193, content_type="application/json")
        del unsaid.META["CONTENT_LENGTH"]
        unsaid._body = b" " * 8193
        with self.assertRaises(Problem) as raised:
            body_of(unsaid, frozenset())
        self.assertEqual(raised.exception.status, 413)
        answer = self.client.post("/auth/issue", {"scope": "infer:read"})
        self.problem(answer, 415, "content_type")

    def test_a_key_that_cannot_be_used_is_500_json_and_says_nothing_of_it(self) -> None:
        self.client.force_login(user())
        with override_settings(SESERAGI=seseragi() | {"SIGNING_KEY_FILE": "gone.pem"}):
            with self.assertLogs("seseragi_django", "ERROR") as logs:
                body = self.problem(post(self.client, "/auth/issue"), 500, "misconfigured")
        self.assertIn("seseragi_key", logs.output[0])
        self.assertNotIn("gone.pem", str(body))


class Discovery(TestCase):
    def test_jwks_verifies_and_holds_no_private_part(self) -> None:
        for algorithm, members in (("ES256", "alg crv kid kty use x y"), ("RS256", "alg e kid kty n use")):
            with self.subTest(algorithm), using(algorithm):
                answer = self.client.get("/auth/jwks.json")
                (jwk,) = answer.json()["keys"]
                self.assertEqual(sorted(jwk), members.split())
                self.assertEqual((jwk["alg"], jwk["use"]), (algorithm, "sig"))
                self.assertIn("max-age=300", answer["Cache-Control"])
                self.assertEqual(self.client.get("/.well-known/jwks.json").json(), answer.json())

    def test_thumbprint_is_that_of_rfc_7638(self) -> None:
        from seseragi_django.keys import thumbprint

        # The example of RFC 7638 §3.1.
        n = (
            "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjB"
            "ZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8"
            "KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_"
            "xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
        )
        jwk = {"kty": "RSA", "n": n, "e": "AQAB", "alg": "RS256", "kid": "2011-04-29"}
        self.assertEqual(thumbprint(jwk), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs")

    def test_next_and_former_keys_are_published_beside_the_signing_one(self) -> None:
        from .support import key_file

        with using("ES256", PUBLISHED_KEY_FILES=[str(key_file("RS256")), str(key_file("ES256"))]):
            found = self.client.get("/auth/jwks.json").json()["keys"]
        self.assertEqual([jwk["alg"] for jwk in found], ["ES256", "RS256"])
        self.assertTrue(all("d" not in jwk for jwk in found))

    def test_discovery_names_the_keys(self) -> None:
        with using():
            found = self.client.get("/.well-known/openid-configuration").json()
        self.assertEqual((found["issuer"], found["jwks_uri"]), (ISSUER, "http://testserver/auth/jwks.json"))

    def test_a_secret_is_not_published(self) -> None:
        with using("HS256"):
            for path in ("/auth/jwks.json", "/.well-known/openid-configuration"):
                self.assertEqual(self.client.get(path).status_code, 404)
