"""Signing keys and secrets: read from a file or a variable, judged, and published as a JWKS.

Invariant: no function returns, logs or raises the text of a key or secret, but `load`, which hands it to the signer.
"""

import hashlib
import json
import os
import re
import stat
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from functools import cache

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from .conf import Config, config, path

KEY_BYTES_MAX = 64 * 1024
SECRET_BYTES_MIN = 32
RSA_BITS_MIN = 2048
# Members of the thumbprint, in the order of RFC 7638 §3.2.
_MEMBERS = {"EC": ("crv", "kty", "x", "y"), "RSA": ("e", "kty", "n")}
# Published in tutorials and tools, or written in place of thinking; compared without case and punctuation.
_KNOWN = (
    "secret", "yoursecret", "yoursecretkey", "mysecret", "supersecret", "topsecret", "secretkey", "jwtsecret",
    "sharedsecret", "password", "changeme", "changethis", "replaceme", "your256bitsecret", "your384bitsecret",
    "your512bitsecret", "astringsecretatleast256bitslong", "donttellanyone", "letmein", "djangoinsecure",
)


class KeyFault(Exception):
    """A key cannot be used. The text says why, `hint` what to do; neither quotes the key."""

    def __init__(self, why: str, hint: str) -> None:
        super().__init__(why)
        self.hint = hint


@dataclass(frozen=True)
class Signer:
    """What signs tokens. Its `repr` shows no secret."""

    algorithm: str
    kid: str | None
    key: object

    def __repr__(self) -> str:
        return f"Signer({self.algorithm}, kid={self.kid})"


@cache
def load() -> Signer:
    """The signer of the settings in force; read once, until `forget`. Raises `KeyFault`."""
    current = config()
    if current.symmetric:
        return Signer("HS256", None, secret(current))
    key = private_key(current)
    return Signer(current.ALGORITHM, thumbprint(public_jwk(key.public_key())), key)


def forget() -> None:
    """Reads the keys again at the next use."""
    load.cache_clear()
    jwks.cache_clear()


def secret(current: Config) -> bytes:
    """The HS256 secret. Line breaks at its end are not part of it, as at the gateway."""
    value = _content(current.HS256_SECRET_FILE, current.HS256_SECRET_ENV, "HS256_SECRET").rstrip(b"\r\n")
    if why := weakness(value):
        raise KeyFault(f"the HS256 secret {why}", "Make one with: manage.py seseragi_key --algorithm HS256")
    return value


def private_key(current: Config):
    """The private key of the settings, of the kind that ALGORITHM needs."""
    pem = _content(current.SIGNING_KEY_FILE, current.SIGNING_KEY_ENV, "SIGNING_KEY")
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError) as error:
        raise KeyFault("the signing key is not a PEM private key without a password", _make(current)) from error
    _fits(key.public_key(), current.ALGORITHM)
    return key


def _make(current: Config) -> str:
    return f"Make one with: manage.py seseragi_key --algorithm {current.ALGORITHM}"


def _fits(key: object, algorithm: str) -> None:
    if algorithm == "ES256" and not (isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name == "secp256r1"):
        raise KeyFault("ES256 needs a key of the curve P-256", "Set ALGORITHM to fit the key, or make another key")
    if algorithm == "RS256" and not isinstance(key, rsa.RSAPublicKey):
        raise KeyFault("RS256 needs an RSA key", "Set ALGORITHM to fit the key, or make another key")
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < RSA_BITS_MIN:
        raise KeyFault(f"the RSA key has fewer than {RSA_BITS_MIN} bits", "Make one with: manage.py seseragi_key")


def _content(file: str, variable: str, name: str) -> bytes:
    if file and variable:
        raise KeyFault(f"{name}_FILE and {name}_ENV are both set", "Keep one of them")
    if variable:
        if value := os.environ.get(variable):
            return value.encode()
        raise KeyFault(f"the variable {variable} is empty", f"Set it, or use {name}_FILE")
    if not file:
        raise KeyFault(f"neither {name}_FILE nor {name}_ENV is set", "Name a file made by: manage.py seseragi_key")
    return read_private(file)


def read_private(file: str) -> bytes:
    """The content of a file that only its owner (and at most its group) may read."""
    where = path(file)
    try:
        with open(where, "rb") as opened:
            # The opened file is judged, not the path: the path may name another file by now.
            mode = os.fstat(opened.fileno()).st_mode
            if not stat.S_ISREG(mode):
                raise KeyFault(f"{where} is not a regular file", "Give the path of a file")
            if os.name != "nt" and mode & 0o007:
                raise KeyFault(f"others may read {where} (mode {mode & 0o777:o})", f"If nobody has: chmod 600 {where}")
            content = opened.read(KEY_BYTES_MAX + 1)
    except OSError as error:
        raise KeyFault(f"cannot read {where}: {error.strerror}", "Make it with: manage.py seseragi_key") from error
    if len(content) > KEY_BYTES_MAX:
        raise KeyFault(f"{where} is too large to be a key", "Check the path")
    return content


def weakness(value: bytes) -> str | None:
    """What is wrong with a shared secret, or None. The rules are those of the gateway."""
    if len(value) < SECRET_BYTES_MIN:
        return f"is shorter than {SECRET_BYTES_MIN} bytes (RFC 7518 §3.2)"
    repeats = any(value[period:] == value[:-period] for period in range(1, 17))
    if repeats or len(set(value)) < 8:
        return "repeats a short pattern"
    text = value.decode("ascii", "replace")
    if text.startswith("<") and text.endswith(">"):
        return "is a placeholder"
    rest = before = re.sub(r"[^a-z0-9]", "", text.lower())
    for word in sorted(_KNOWN, key=len, reverse=True):
        rest = rest.replace(word, "")
    return "is made of words that everybody tries first" if rest != before and len(rest) < 16 else None


def public_jwk(key: object) -> dict:
    """A public key as a JWK with the members that every verifier looks for."""
    if isinstance(key, ec.EllipticCurvePublicKey):
        made, algorithm = ECAlgorithm.to_jwk(key), "ES256"
    else:
        made, algorithm = RSAAlgorithm.to_jwk(key), "RS256"
    jwk = {name: value for name, value in json.loads(made).items() if name in _MEMBERS["EC"] + _MEMBERS["RSA"]}
    return jwk | {"use": "sig", "alg": algorithm, "kid": thumbprint(jwk)}


def thumbprint(jwk: dict) -> str:
    """RFC 7638, with SHA-256."""
    needed = {name: jwk[name] for name in _MEMBERS[jwk["kty"]]}
    digest = hashlib.sha256(json.dumps(needed, separators=(",", ":"), sort_keys=True).encode()).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


@cache
def jwks() -> dict:
    """The public keys: that which signs first, then those of PUBLISHED_KEY_FILES (next and former ones)."""
    found = {}
    for key in [load().key.public_key(), *(published(file) for file in config().PUBLISHED_KEY_FILES)]:
        jwk = public_jwk(key)
        found.setdefault(jwk["kid"], jwk)
    return {"keys": list(found.values())}


def published(file: str) -> object:
    """A key that is published beside the signing one: the PEM of a public or a private key."""
    where = path(file)
    try:
        pem = where.read_bytes()[:KEY_BYTES_MAX]
    except OSError as error:
        raise KeyFault(f"cannot read {where}: {error.strerror}", "Mend PUBLISHED_KEY_FILES") from error
    try:
        if b"PRIVATE" in pem:
            key = serialization.load_pem_private_key(read_private(file), password=None).public_key()
        else:
            key = serialization.load_pem_public_key(pem)
    except (ValueError, TypeError) as error:
        raise KeyFault(f"{where} is not a PEM key", "Mend PUBLISHED_KEY_FILES") from error
    _fits(key, "ES256" if isinstance(key, ec.EllipticCurvePublicKey) else "RS256")
    return key
