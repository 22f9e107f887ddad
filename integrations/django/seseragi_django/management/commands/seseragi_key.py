"""`manage.py seseragi_key`: makes the file with the signing key (or the HS256 secret). Never replaces one."""

import os
import secrets

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ... import keys
from ...conf import ALGORITHMS, config, path

RSA_BITS = 2048


class Command(BaseCommand):
    help = "Makes a new signing key in a file that only you can read. A file that is there already is left alone."
    # The checks would complain of the very file that is to be made.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", help="default: SIGNING_KEY_FILE or HS256_SECRET_FILE of the settings")
        parser.add_argument("--algorithm", choices=ALGORITHMS, help="default: ALGORITHM of the settings")
        parser.add_argument("--public", action="store_true", help="print the public key of the settings; make nothing")

    def handle(self, *args: object, public: bool = False, **options: object) -> None:
        if public:
            self.stdout.write(public_pem(), ending="")
        else:
            self.make(options["file"], options["algorithm"])

    def make(self, file: str | None, algorithm: str | None) -> None:
        algorithm = algorithm or config().ALGORITHM
        if algorithm not in ALGORITHMS:
            raise CommandError(f"ALGORITHM is {algorithm!r}: it must be one of {', '.join(ALGORITHMS)}")
        setting = "HS256_SECRET_FILE" if algorithm == "HS256" else "SIGNING_KEY_FILE"
        file = file or getattr(config(), setting)
        if not file:
            raise CommandError(f"name a file, or set {setting}")
        content, kid = make(algorithm)
        where = path(file)
        try:
            create(where, content)
        except FileExistsError as error:
            hint = "name another file, or move it away"
            raise CommandError(f"{where} is there already and was left alone: {hint}") from error
        except OSError as error:
            raise CommandError(f"cannot make {where}: {error.strerror}") from error
        self.stdout.write(f"made {where} ({algorithm}{f', kid {kid}' if kid else ''})")


def public_pem() -> str:
    """The public half of the key that signs."""
    try:
        signer = keys.load()
    except keys.KeyFault as fault:
        raise CommandError(f"{fault}. {fault.hint}") from fault
    if signer.algorithm == "HS256":
        raise CommandError("HS256 has no public key: the gateway needs the secret itself")
    public = signer.key.public_key()
    return public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


def make(algorithm: str) -> tuple[bytes, str | None]:
    """A new key as it is written to a file, and its kid."""
    if algorithm == "HS256":
        return secrets.token_urlsafe(48).encode() + b"\n", None
    key = ec.generate_private_key(ec.SECP256R1()) if algorithm == "ES256" else rsa.generate_private_key(65537, RSA_BITS)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return pem, keys.public_jwk(key.public_key())["kid"]


def create(where: os.PathLike, content: bytes) -> None:
    """Writes a new file of mode 0600, durably; `FileExistsError` if there is one."""
    opened = os.open(where, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
