"""Refresh tokens: rotation, races, reuse, and everything that ends a family."""

import threading
from datetime import timedelta
from unittest import mock

from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client, TestCase, TransactionTestCase, override_settings
from django.utils import timezone

from seseragi_django import refresh
from seseragi_django.models import RefreshFamily, RefreshToken

from .support import FakeGateway, post, user, using, verified


FORM = "application/x-www-form-urlencoded"


def start(client: Client) -> dict:
    answer = post(client, "/auth/issue", {"mode": "token"})
    assert answer.status_code == 200, answer.content
    return answer.json()


def later(seconds: float):
    """The clock of the refresh tokens, moved."""
    moved = timezone.now() + timedelta(seconds=seconds)
    return mock.patch.object(refresh.timezone, "now", lambda: moved)


class Case(TestCase):
    def setUp(self) -> None:
        self.user = user()
        self.client.force_login(self.user)

    def use(self, token: str, **more: str):
        return post(Client(), "/auth/refresh", {"refresh_token": token} | more)

    def good(self, token: str, **more: str) -> dict:
        answer = self.use(token, **more)
        self.assertEqual(answer.status_code, 200, answer.content)
        return answer.json()

    def bad(self, token: str) -> None:
        answer = self.use(token)
        self.assertEqual((answer.status_code, answer.json()["error"]), (400, "invalid_grant"), answer.content)


@using()
class Rotation(Case):
    def test_a_session_gives_none_unless_asked(self) -> None:
        self.assertNotIn("refresh_token", post(self.client, "/auth/issue").json())
        with using(REFRESH_TOKENS=False):
            self.assertEqual(post(self.client, "/auth/issue", {"mode": "token"}).status_code, 400)
        self.assertFalse(RefreshFamily.objects.exists())

    def test_each_use_gives_an_access_token_and_another_refresh_token(self) -> None:
        first = start(self.client)
        second = self.good(first["refresh_token"])
        third = self.good(second["refresh_token"], grant_type="refresh_token")
        seen = {each["refresh_token"] for each in (first, second, third)}
        self.assertEqual(len(seen), 3)
        claims = [verified(each["access_token"]) for each in (first, second, third)]
        self.assertEqual({each["sid"] for each in claims}, {claims[0]["sid"]})
        self.assertEqual({each["sub"] for each in claims}, {str(self.user.pk)})
        self.assertEqual(third["expires_in"], 300)

    def test_a_form_works_as_in_rfc_6749(self) -> None:
        form = {"grant_type": "refresh_token", "refresh_token": start(self.client)["refresh_token"]}
        encoded = "&".join(f"{name}={value}" for name, value in form.items())
        answer = Client().post("/auth/refresh", encoded, content_type=FORM)
        self.assertEqual(answer.status_code, 200, answer.content)
        answer = Client().post("/auth/refresh", f"{encoded}&scope=a&scope=b", content_type=FORM)
        self.assertEqual((answer.status_code, answer.json()["error"]), (400, "invalid_request"))
        many = "&".join(f"a{number}=" for number in range(1100))
        answer = Client().post("/auth/refresh", many, content_type=FORM)
        self.assertEqual((answer.status_code, answer.json()["reason"]), (400, "bad_request"))

    def test_no_token_is_stored(self) -> None:
        first = start(self.client)["refresh_token"]
        second = self.good(first)["refresh_token"]
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM seseragi_django_refreshtoken")
            stored = repr(cursor.fetchall())
            cursor.execute("SELECT * FROM seseragi_django_refreshfamily")
            stored += repr(cursor.fetchall())
        for secret in (first, second, first[4:], second[4:], self.client.session.session_key):
            self.assertNotIn(secret, stored)

    def test_what_is_no_refresh_token(self) -> None:
        access = start(self.client)["access_token"]
        for token in (access, "x", "sdr_" + "A" * 43, "sdr_" + "A" * 4000, "\u0000" * 47):
            self.bad(token)
        password = {"refresh_token": "x", "grant_type": "password"}
        for body, error in (({}, "invalid_request"), (password, "unsupported_grant_type")):
            answer = post(Client(), "/auth/refresh", body)
            self.assertEqual((answer.status_code, answer.json()["error"]), (400, error))

    def test_scope_never_grows(self) -> None:
        with using(SCOPES=["infer:read", "reflection:read"]):
            token = post(self.client, "/auth/issue", {"mode": "token", "scope": "infer:read"}).json()["refresh_token"]
            answer = self.use(token, scope="reflection:read")
            self.assertEqual((answer.status_code, answer.json()["error"]), (400, "invalid_scope"))
            # Nothing was exchanged: the same token still works, as if for the first time.
            with later(60):
                self.assertEqual(self.good(token)["scope"], "infer:read")

    def test_the_tier_of_a_refreshed_token_is_that_of_now(self) -> None:
        token = start(self.client)["refresh_token"]
        with using(DEFAULT_TIER="guest"):
            self.assertEqual(verified(self.good(token)["access_token"])["lim"], "guest")


@using()
class Reuse(Case):
    def setUp(self) -> None:
        super().setUp()
        self.gateway = FakeGateway()
        self.addCleanup(self.gateway.close)
        changed = using(GATEWAY_URL=self.gateway.url)
        changed.enable()
        self.addCleanup(changed.disable)

    def test_within_the_grace_period_the_child_is_the_same(self) -> None:
        first = start(self.client)["refresh_token"]
        child = self.good(first)["refresh_token"]
        with later(9):
            self.assertEqual(self.good(first)["refresh_token"], child)
        self.assertEqual(RefreshToken.objects.count(), 2)
        self.assertEqual(self.gateway.told(), [])

    def test_after_it_the_family_and_its_streams_end(self) -> None:
        first = start(self.client)
        child = self.good(first["refresh_token"])["refresh_token"]
        with later(11), self.captureOnCommitCallbacks(execute=True):
            self.bad(first["refresh_token"])
        self.bad(child)
        self.bad(first["refresh_token"])
        sid = verified(first["access_token"])["sid"]
        self.assertEqual(self.gateway.told(), [{"iss": "https://app.example", "sid": sid}])
        self.assertEqual(RefreshFamily.objects.get().revoked_why, "reuse")

    def test_the_session_it_came_from_lives_on(self) -> None:
        first = start(self.client)
        session = verified(post(self.client, "/auth/issue").json()["access_token"])["sid"]
        with self.captureOnCommitCallbacks(execute=True):
            post(Client(), "/auth/revoke", {"token": first["refresh_token"]})
        self.assertNotIn(session, [call["sid"] for call in self.gateway.told()])
        self.assertEqual(verified(post(self.client, "/auth/issue").json()["access_token"])["sid"], session)

    def test_logout_ends_the_streams_of_the_session_and_of_its_families(self) -> None:
        tokens = [start(self.client), start(self.client), post(self.client, "/auth/issue").json()]
        other = Client()
        other.force_login(self.user)
        start(other)
        sids = {verified(each["access_token"])["sid"] for each in tokens}
        self.assertEqual(len(sids), 3)
        with self.captureOnCommitCallbacks(execute=True):
            self.client.logout()
        self.assertEqual({call["sid"] for call in self.gateway.told()}, sids)

    def test_other_families_live_on(self) -> None:
        stolen, other = start(self.client)["refresh_token"], Client()
        other.force_login(self.user)
        safe = start(other)["refresh_token"]
        self.good(stolen)
        with later(11):
            self.bad(stolen)
            self.good(safe)

    def test_the_grace_period_outlives_a_change_of_secret_key(self) -> None:
        first = start(self.client)["refresh_token"]
        child = self.good(first)["refresh_token"]
        from django.conf import settings

        with override_settings(SECRET_KEY="another secret key of the tests", SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
            self.assertEqual(self.good(first)["refresh_token"], child)

    def test_revocation_by_its_holder(self) -> None:
        first = start(self.client)
        with self.captureOnCommitCallbacks(execute=True):
            self.assertEqual(post(Client(), "/auth/revoke", {"token": first["refresh_token"]}).status_code, 200)
        self.bad(first["refresh_token"])
        self.assertEqual(self.gateway.told()[0]["sid"], verified(first["access_token"])["sid"])
        self.assertEqual(post(Client(), "/auth/revoke", {"token": "unknown"}).status_code, 200)


@using()
class Ends(Case):
    def test_logout_ends_it(self) -> None:
        token = start(self.client)["refresh_token"]
        self.client.logout()
        self.bad(token)

    def test_deactivation_ends_it_however_it_was_written(self) -> None:
        token = start(self.client)["refresh_token"]
        get_user_model().objects.update(is_active=False)
        self.bad(token)

    def test_a_changed_password_ends_it_however_it_was_written(self) -> None:
        for write in ("save", "update"):
            with self.subTest(write):
                self.client.force_login(self.user)
                token = start(self.client)["refresh_token"]
                self.user.set_password(f"new password by {write}")
                if write == "save":
                    self.user.save()
                else:
                    get_user_model().objects.update(password=self.user.password)
                self.bad(token)

    def test_time_ends_it(self) -> None:
        token = start(self.client)["refresh_token"]
        with later(7 * 86_400 + 1):
            self.bad(token)
        for day in range(0, 30, 5):
            with later(day * 86_400):
                token = self.good(token)["refresh_token"]
        with later(30 * 86_400 + 1):
            self.bad(token)
            self.assertGreater(refresh.prune(), 0)
        self.assertFalse(RefreshToken.objects.exists() or RefreshFamily.objects.exists())

    def test_families_of_a_user_are_bounded_and_the_oldest_goes(self) -> None:
        with using(REFRESH_FAMILIES_PER_USER=3):
            made = [start(self.client)["refresh_token"] for _ in range(5)]
            self.assertEqual(RefreshFamily.objects.count(), 3)
            self.bad(made[0])
            self.good(made[4])


@using()
class Races(TransactionTestCase):
    """Real connections, one per thread, on one database file."""

    def race(self, token: str, threads: int = 16) -> list:
        barrier, answers = threading.Barrier(threads), []

        def one() -> None:
            try:
                barrier.wait(20)
                answers.append(post(Client(), "/auth/refresh", {"refresh_token": token}))
            finally:
                connection.close()

        running = [threading.Thread(target=one) for _ in range(threads)]
        for each in running:
            each.start()
        for each in running:
            each.join(60)
        self.assertEqual(len(answers), threads)
        return answers

    def test_all_that_race_on_one_token_get_one_child(self) -> None:
        self.client.force_login(user())
        token = start(self.client)["refresh_token"]
        for _ in range(3):
            answers = self.race(token)
            self.assertEqual({answer.status_code for answer in answers}, {200})
            (child,) = {answer.json()["refresh_token"] for answer in answers}
            token = child
        self.assertEqual(RefreshToken.objects.count(), 4)

    def test_without_grace_one_wins_and_the_family_ends(self) -> None:
        self.client.force_login(user())
        with using(REFRESH_GRACE=0):
            token = start(self.client)["refresh_token"]
            answers = self.race(token)
        self.assertLessEqual(sum(answer.status_code == 200 for answer in answers), 1)
        self.assertEqual(RefreshFamily.objects.get().revoked_why, "reuse")
        self.assertLessEqual(RefreshToken.objects.count(), 2)
