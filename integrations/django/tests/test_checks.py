"""The system checks: every fault has its message and a hint, and a good project has none."""

import os

from django.core.checks import run_checks
from django.test import SimpleTestCase, override_settings

from seseragi_django import keys

from .settings import FOLDER, INSTALLED_APPS
from .support import key_file, seseragi

GATEWAY = {"GATEWAY_URL": "https://gateway.example"}


def found(settings: object) -> dict[str, object]:
    with override_settings(SESERAGI=settings):
        return {message.id.removeprefix("seseragi."): message for message in run_checks(tags=["seseragi"])}


def written(content: bytes, mode: int = 0o600) -> str:
    file = FOLDER / "written.key"
    file.unlink(missing_ok=True)
    file.write_bytes(content)
    file.chmod(mode)
    return str(file)


class Checks(SimpleTestCase):
    def expect(self, number: str, settings: object, text: str = "") -> None:
        messages = found(settings)
        self.assertIn(number, messages, messages)
        self.assertTrue(messages[number].hint)
        self.assertIn(text, messages[number].msg + " " + messages[number].hint)

    def test_good_settings_have_no_faults(self) -> None:
        for algorithm in ("ES256", "RS256", "HS256"):
            self.assertEqual(found(seseragi(algorithm, **GATEWAY)), {})

    def test_settings_that_are_not_there_or_not_known(self) -> None:
        self.expect("E001", None, "ISSUER")
        self.expect("E001", "text")
        self.expect("E002", seseragi(ISUER="x"), "ISUER")
        for name, value in {"ACCESS_TOKEN_TTL": "300", "SCOPES": "infer:read", "TIER_BY_GROUP": [], "ISSUER": None,
                            "REFRESH_TOKENS": 1, "REFRESH_GRACE": True, "SIGNING_KEY_FILE": 7}.items():
            self.expect("E003", seseragi() | {name: value}, name)

    def test_claims(self) -> None:
        self.expect("E004", seseragi() | {"ISSUER": ""})
        self.expect("E005", seseragi(AUDIENCE=""))
        for scope in ("", "a b", 'a"', 7, "é"):
            self.expect("E006", seseragi(SCOPES=[scope]))
        self.expect("E006", seseragi(SCOPES=[]))
        self.expect("E007", seseragi(SCOPES=["admin:revoke"]))
        self.expect("E008", seseragi(TIER_BY_GROUP={"staff": 1}))
        self.expect("W001", seseragi(TIER_BY_GROUP={"staff": "gold"}), "gold")
        self.expect("E009", seseragi(SUBJECT_FIELD="nickname"))

    def test_numbers_out_of_range(self) -> None:
        for ttl in (0, -1, 29, 3601, 10**9):
            self.expect("E010", seseragi(ACCESS_TOKEN_TTL=ttl), "30 to 3600")
        self.expect("E010", seseragi(REVOKE_TIMEOUT=0.0))
        self.expect("E011", seseragi(REFRESH_TTL=3600))

    def test_algorithms(self) -> None:
        for algorithm in ("none", "HS512", "es256", "EdDSA", ""):
            self.expect("E012", seseragi() | {"ALGORITHM": algorithm}, "ES256, RS256, HS256")
        self.expect("E014", seseragi("ES256") | {"ALGORITHM": "RS256"}, "RSA")
        self.expect("E014", seseragi("RS256") | {"ALGORITHM": "ES256"}, "P-256")

    def test_weak_secrets(self) -> None:
        for weak in (
            b"", b"secret", b"<your-secret>", b"<put a secret of at least 32 bytes here>", b"your-256-bit-secret",
            b"a" * 64, b"abc" * 20, b"123456789" * 5, b"changeme-changeme-changeme-changeme!",
            b"a-string-secret-at-least-256-bits-long",
            b"x" * 31, b"django-insecure-change-me-password", bytes(64),
        ):
            with self.subTest(weak):
                message = found({"ISSUER": "x", "ALGORITHM": "HS256", "HS256_SECRET_FILE": written(weak)})["E014"]
                self.assertIn("seseragi_key", message.hint)
                self.assertNotIn("changeme", message.msg + message.hint)
        self.assertIsNone(keys.weakness(key_file("HS256").read_bytes()))

    def test_a_secret_of_djangos_own(self) -> None:
        own = "a secret key of Django that is long and has no pattern: 8fj2k3l4"
        with override_settings(SECRET_KEY=own):
            self.expect("E013", {"ISSUER": "x", "ALGORITHM": "HS256", "HS256_SECRET_FILE": written(own.encode())})

    def test_key_files(self) -> None:
        pem = key_file("ES256").read_bytes()
        self.expect("E014", seseragi() | {"SIGNING_KEY_FILE": "nowhere.pem"}, "seseragi_key")
        self.expect("E014", seseragi() | {"SIGNING_KEY_FILE": ""}, "neither")
        self.expect("E014", seseragi() | {"SIGNING_KEY_FILE": str(FOLDER)})
        self.expect("E014", seseragi() | {"SIGNING_KEY_FILE": written(pem, 0o644)}, "chmod 600")
        self.expect("E014", seseragi() | {"SIGNING_KEY_FILE": written(pem[:80])}, "PEM")
        self.expect("E014", seseragi() | {"SIGNING_KEY_FILE": written(b"x" * 70_000)}, "too large")
        self.expect("E014", seseragi(PUBLISHED_KEY_FILES=["nowhere.pem"]))
        self.expect("E014", seseragi(PUBLISHED_KEY_FILES=[written(b"no key")]))
        self.assertEqual(found(seseragi(**GATEWAY) | {"SIGNING_KEY_FILE": written(pem, 0o640)}), {})
        self.expect("W002", seseragi(HS256_SECRET_FILE="x"))
        self.expect("W002", seseragi("HS256", SIGNING_KEY_FILE="x"))

    def test_small_rsa_keys(self) -> None:
        from cryptography.hazmat.primitives import serialization as s
        from cryptography.hazmat.primitives.asymmetric import rsa

        small = rsa.generate_private_key(65537, 1024)
        pem = small.private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, s.NoEncryption())
        self.expect("E014", seseragi("RS256") | {"SIGNING_KEY_FILE": written(pem)}, "2048")

    def test_keys_of_the_environment(self) -> None:
        os.environ["TEST_SIGNING_KEY"] = key_file("ES256").read_text()
        self.addCleanup(os.environ.pop, "TEST_SIGNING_KEY")
        settings = {"ISSUER": "x", **GATEWAY}
        self.assertEqual(found(settings | {"SIGNING_KEY_ENV": "TEST_SIGNING_KEY"}), {})
        self.expect("E014", settings | {"SIGNING_KEY_ENV": "TEST_NOT_SET"}, "TEST_NOT_SET")
        self.expect("E014", seseragi(SIGNING_KEY_ENV="TEST_SIGNING_KEY"), "both")

    def test_the_gateway(self) -> None:
        self.expect("W003", seseragi())
        for url in ("gateway:8080", "ftp://gateway", "https://user:pw@gateway", "https://gateway/?a=b"):
            self.expect("E015", seseragi(GATEWAY_URL=url))
        self.expect("W004", seseragi(GATEWAY_URL="http://gateway.example"))
        for url in ("http://127.0.0.1:8080", "http://localhost:8080", "http://[::1]:8080", "https://gateway.example"):
            self.assertEqual(found(seseragi(GATEWAY_URL=url)), {})
        self.expect("E016", seseragi(**GATEWAY, REVOKE_API_KEY_FILE="nowhere.key"))
        self.expect("E017", seseragi(**GATEWAY, REVOKE_ISSUERS=["simplejwt", "https://app.example"]))
        self.expect("E020", seseragi(**GATEWAY, LOGOUT_REVOKES="nobody"))

    def test_the_project(self) -> None:
        with override_settings(MIDDLEWARE=[]):
            self.expect("E019", seseragi())
        with override_settings(INSTALLED_APPS=[each for each in INSTALLED_APPS if "sessions" not in each]):
            self.expect("E018", seseragi())
        with override_settings(SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies"):
            self.expect("W005", seseragi())
