"""The management commands."""

import tomllib
from io import StringIO
from stat import S_IMODE

from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.core.management import CommandError, call_command
from django.test import SimpleTestCase, override_settings

from seseragi_django import keys

from .settings import FOLDER
from .support import key_file, using


def run(*arguments: str, **options: object) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out, **options)
    return out.getvalue()


def jwk_of(pem: str) -> dict:
    return keys.public_jwk(load_pem_public_key(pem.encode()))


class Key(SimpleTestCase):
    def test_makes_a_key_that_only_its_owner_reads(self) -> None:
        for algorithm in ("ES256", "RS256", "HS256"):
            with self.subTest(algorithm):
                file = FOLDER / f"made-{algorithm}"
                name = "HS256_SECRET_FILE" if algorithm == "HS256" else "SIGNING_KEY_FILE"
                with override_settings(SESERAGI={"ISSUER": "x", "ALGORITHM": algorithm, name: str(file)}):
                    said = run("seseragi_key")
                    signer = keys.load()
                self.assertEqual(S_IMODE(file.stat().st_mode), 0o600)
                self.assertIn(str(file), said)
                self.assertTrue(signer.kid is None or signer.kid in said)
                self.assertNotIn(file.read_text().splitlines()[-1 if algorithm == "HS256" else 1], said + repr(signer))

    def test_leaves_what_is_there_alone(self) -> None:
        before = key_file("ES256").read_bytes()
        with self.assertRaisesMessage(CommandError, "already"):
            run("seseragi_key", str(key_file("ES256")))
        self.assertEqual(key_file("ES256").read_bytes(), before)

    def test_prints_the_public_key(self) -> None:
        with using("RS256"):
            pem = run("seseragi_key", public=True)
            self.assertTrue(pem.startswith("-----BEGIN PUBLIC KEY-----") and "PRIVATE" not in pem)
            self.assertEqual(jwk_of(pem)["kid"], keys.load().kid)
        with using("HS256"), self.assertRaisesMessage(CommandError, "no public key"):
            run("seseragi_key", public=True)

    def test_says_what_it_cannot_do(self) -> None:
        with self.assertRaisesMessage(CommandError, "No such file"):
            run("seseragi_key", str(FOLDER / "no" / "folder" / "x"))
        with override_settings(SESERAGI={}), self.assertRaisesMessage(CommandError, "SIGNING_KEY_FILE"):
            run("seseragi_key")


class Config(SimpleTestCase):
    def test_prints_what_the_gateway_needs(self) -> None:
        with using("RS256", GATEWAY_URL="http://127.0.0.1:1", ACCESS_TOKEN_TTL=120):
            said = run("seseragi_config", jwks_url="http://127.0.0.1:8000/auth/jwks.json")
        (table,) = tomllib.loads(said)["auth"]["external"]
        self.assertEqual(table, {
            "name": "django", "issuer": "https://app.example", "jwks_url": "http://127.0.0.1:8000/auth/jwks.json",
            "algorithms": ["RS256"], "audiences": ["seseragi"], "typ": ["at+jwt"], "tier_claim": "lim",
            "max_age_s": 120, "admin": True,
        })

    def test_of_a_secret_it_prints_the_file_only(self) -> None:
        with using("HS256"):
            said = run("seseragi_config")
        (table,) = tomllib.loads(said)["auth"]["external"]
        self.assertEqual((table["hs256_secret_file"], table["admin"]), (str(key_file("HS256")), False))
        self.assertNotIn(key_file("HS256").read_text().strip(), said)
