"""Live effect: what tells the gateway, what does not, and that nothing of it can break a request."""

import time
from unittest import mock

from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client, TransactionTestCase, override_settings

from seseragi_django import revoke, tokens

from .settings import FOLDER
from .support import ISSUER, PASSWORD, FakeGateway, post, user, using


@using()
class Live(TransactionTestCase):
    """Not TestCase: its transaction would never be committed."""

    def setUp(self) -> None:
        self.gateway = FakeGateway()
        self.addCleanup(self.gateway.close)
        changed = using(GATEWAY_URL=self.gateway.url)
        changed.enable()
        self.addCleanup(changed.disable)
        self.user = user()

    def by_subject(self) -> None:
        (call,) = self.gateway.told()
        self.assertEqual((call["iss"], call["sub"]), (ISSUER, str(self.user.pk)))
        self.assertLessEqual(abs(call["before"] - time.time()), 3)
        self.assertEqual(sorted(call), ["before", "iss", "sub"])

    def test_logout_revokes_the_session(self) -> None:
        self.client.force_login(self.user)
        sid = tokens.sid(self.client.session)
        self.client.logout()
        self.assertEqual(self.gateway.told(), [{"iss": ISSUER, "sid": sid}])

    def test_logout_of_nobody_says_nothing(self) -> None:
        self.client.logout()
        self.assertEqual(self.gateway.told(), [])

    @override_settings(SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies")
    def test_logout_without_a_stable_key_revokes_the_user(self) -> None:
        client = Client()
        client.force_login(self.user)
        from django.contrib.auth import logout
        from django.test import RequestFactory

        request = RequestFactory().get("/")
        request.session, request.user = client.session, self.user
        logout(request)
        self.by_subject()

    def test_logout_can_revoke_the_user(self) -> None:
        self.client.force_login(self.user)
        with using(GATEWAY_URL=self.gateway.url, LOGOUT_REVOKES="user"):
            self.client.logout()
            self.by_subject()

    def test_with_an_api_key_other_issuers_are_revoked_too(self) -> None:
        file = FOLDER / "api.key"
        file.write_text("ssr_live_0123\n")
        file.chmod(0o600)
        seen = []
        self.gateway.take = lambda path, headers, body: seen.append((headers["authorization"], body["iss"])) or 200
        with using(GATEWAY_URL=self.gateway.url, REVOKE_API_KEY_FILE=str(file), REVOKE_ISSUERS=[ISSUER, "simplejwt"]):
            revoke.user(self.user)
            self.assertTrue(revoke.flush())
        self.assertEqual(sorted(seen), [("Bearer ssr_live_0123", ISSUER), ("Bearer ssr_live_0123", "simplejwt")])

    def test_deactivation_revokes_the_user(self) -> None:
        self.user.is_active = False
        self.user.save()
        self.by_subject()

    def test_deactivation_by_update_fields_revokes_the_user(self) -> None:
        self.user.is_active = False
        self.user.save(update_fields=["is_active"])
        self.by_subject()

    def test_a_changed_password_revokes_the_user(self) -> None:
        self.user.set_password("another long password")
        self.user.save()
        self.by_subject()

    def test_deletion_revokes_the_user(self) -> None:
        pk = self.user.pk
        self.user.delete()
        self.assertEqual([call["sub"] for call in self.gateway.told()], [str(pk)])

    def test_what_changes_nothing_says_nothing(self) -> None:
        self.user.first_name = "Tomoko"
        self.user.save()
        self.user.is_active = False  # not among the fields that are written
        self.user.save(update_fields=["first_name"])
        self.user.is_active = True
        self.user.save()
        self.assertTrue(self.client.login(username="tomoko", password=PASSWORD))
        user("another")
        self.assertEqual(self.gateway.told(), [])

    def test_activation_says_nothing(self) -> None:
        get_user_model().objects.update(is_active=False)
        self.user.is_active = True
        self.user.save()
        self.assertEqual(self.gateway.told(), [])

    def test_a_transaction_that_is_rolled_back_says_nothing(self) -> None:
        try:
            with transaction.atomic():
                self.user.is_active = False
                self.user.save()
                raise RuntimeError
        except RuntimeError:
            pass
        self.assertEqual(self.gateway.told(), [])

    def test_the_gateway_is_told_after_the_commit(self) -> None:
        with transaction.atomic():
            self.user.set_password("another long password")
            self.user.save()
            self.assertEqual(self.gateway.told(), [])
        self.by_subject()

    def test_bulk_changes_can_be_told(self) -> None:
        get_user_model().objects.update(is_active=False)
        self.assertEqual(self.gateway.told(), [])
        revoke.user(self.user)
        self.by_subject()

    def test_a_gateway_in_trouble_is_tried_again(self) -> None:
        self.gateway.statuses = [503, 500]
        with self.assertLogs("seseragi_django", "WARNING"):
            revoke.user(self.user)
            self.by_subject()

    def test_a_refusal_is_not_tried_again(self) -> None:
        for status in (400, 401, 403, 404, 302):
            with self.subTest(status):
                self.gateway.statuses = [status, 599]
                with self.assertLogs("seseragi_django", "ERROR") as logs:
                    revoke.user(self.user)
                    self.assertTrue(revoke.flush())
                self.assertEqual(self.gateway.statuses, [599])
                self.assertIn("given up", logs.output[-1])

    def test_no_gateway_breaks_no_request_and_holds_none_up(self) -> None:
        with using(GATEWAY_URL="http://127.0.0.1:9", REVOKE_ATTEMPTS=2), self.assertLogs("seseragi_django") as logs:
            self.client.force_login(self.user)
            began = time.monotonic()
            self.client.logout()
            self.assertEqual(post(self.client, "/auth/issue").status_code, 401)
            self.assertLess(time.monotonic() - began, 0.5)
            self.assertTrue(revoke.flush())
        self.assertIn("given up", logs.output[-1])
        self.assertFalse(any("Bearer" in line or "eyJ" in line for line in logs.output))

    def test_an_unreadable_key_breaks_no_logout(self) -> None:
        broken = {"ISSUER": ISSUER, "SIGNING_KEY_FILE": "gone.pem", "GATEWAY_URL": self.gateway.url}
        self.client.force_login(self.user)
        with override_settings(SESERAGI=broken), self.assertLogs("seseragi_django", "ERROR"):
            self.client.logout()
            self.assertTrue(revoke.flush())
        self.assertEqual(self.gateway.calls, [])

    def test_the_queue_is_bounded(self) -> None:
        sender = revoke._Sender()
        with mock.patch("threading.Thread.start"), using(GATEWAY_URL=self.gateway.url, REVOKE_QUEUE=3):
            with self.assertLogs("seseragi_django", "ERROR") as logs:
                for number in range(5):
                    sender.put(revoke.Call(ISSUER, "sub", str(number)))
        self.assertEqual((sender.waiting.qsize(), len(logs.output)), (3, 2))
        self.assertIn("dropped", logs.output[0])
