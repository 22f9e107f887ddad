"""The verifier beside those of others, on thousands of tokens: what we accept, PyJWT and npm `jose` accept as well, with the
same key, issuer, audience and algorithm; and a good token is good for all three."""

import base64
import hashlib
import hmac
import json
import os
import random
import subprocess
import time
from collections import Counter

import jwt
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from peers.checks import equal, expect, run
from peers.processes import ROOT, clean_env

SEED = 20261121
ISSUER, AUDIENCE = "https://idp.test", "seseragi"
SECRET = "k3Jw8-Zq1vT0pXn5RbYc7LdQ2mFhGs9e"
ALGORITHMS = ("ES256", "ES384", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "EdDSA", "HS256")
GOOD, CLAIMS, HEADERS, TEXTS, FORMS = 120, 300, 160, 250, 250
HASHES = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}


def verdicts_program() -> str:
    """Our verdicts as a program."""
    subprocess.run(
        ["cargo", "build", "--release", "--locked", "--quiet", "-p", "seseragi-guard", "--example", "verdicts"], cwd=ROOT, check=True
    )
    return str(ROOT / (os.environ.get("CARGO_TARGET_DIR") or "target") / "release" / "examples" / "verdicts")


OURS = [verdicts_program()]
JOSE = ["node", "tests/peers/lib/jose_verdicts.mjs"]
NOW = int(time.time())  # once the program is there: building it may take minutes


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Signer:
    """A key pair, and its signature of anything."""

    rsa_key = rsa.generate_private_key(65537, 2048)
    keys = {
        "ES256": ec.generate_private_key(ec.SECP256R1()), "ES384": ec.generate_private_key(ec.SECP384R1()),
        "EdDSA": ed25519.Ed25519PrivateKey.generate(),
    }

    def __init__(self, alg: str) -> None:
        self.alg = alg
        self.key = None if alg == "HS256" else self.keys.get(alg, self.rsa_key)

    def public(self) -> str:
        """The public key in PEM; the secret."""
        if self.key is None:
            return SECRET
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return self.key.public_key().public_bytes(serialization.Encoding.PEM, form).decode()

    def raw(self, message: bytes) -> bytes:
        if self.key is None:
            return hmac.new(SECRET.encode(), message, hashlib.sha256).digest()
        if self.alg == "EdDSA":
            return self.key.sign(message)
        digest = HASHES[self.alg[2:]]
        if self.alg.startswith("ES"):
            size = (self.key.curve.key_size + 7) // 8
            return b"".join(n.to_bytes(size, "big") for n in decode_dss_signature(self.key.sign(message, ec.ECDSA(digest))))
        if self.alg.startswith("RS"):
            return self.key.sign(message, padding.PKCS1v15(), digest)
        return self.key.sign(message, padding.PSS(padding.MGF1(digest), digest.digest_size), digest)

    def token(self, header: str | bytes, claims: str | bytes) -> str:
        """Signed, whatever the two texts are."""
        parts = (part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass") for part in (header, claims))
        message = ".".join(map(b64, parts))
        return f"{message}.{b64(self.raw(message.encode()))}"


def good_claims(dice: random.Random) -> dict:
    claims = {
        "iss": ISSUER, "sub": dice.choice(["u1", "user:01jd", "あ", "a b", "x" * 255]), "exp": NOW + dice.randint(600, 3000),
        "aud": dice.choice([AUDIENCE, [AUDIENCE], ["other", AUDIENCE]]), "iat": NOW - dice.randint(60, 300),
    }
    extra = {
        "nbf": NOW - 100, "jti": f"{dice.getrandbits(128):032x}", "scope": "infer:read openid", "client_id": "web",
        "sid": "s1", "roles": ["a", {"b": None}], "float": 1.5, "exp": float(NOW + 900),
    }
    return claims | {name: value for name, value in extra.items() if dice.random() < 0.4}


def good_header(alg: str, dice: random.Random) -> dict:
    return {"alg": alg} | ({"typ": "JWT"} if dice.random() < 0.6 else {})


WEIRD = (
    None, True, False, 0, 1, -1, 1.5, 1e300, 2**53, 2**64, "", " ", "None", "0", "a\x00b", "\u202e", [], {}, [[]], [None],
    ["x"], {"a": 1}, "x" * 256, str(NOW + 900), [AUDIENCE], {"0": AUDIENCE}, ISSUER, ISSUER + "/", ISSUER.upper(), [ISSUER],
    AUDIENCE, AUDIENCE.title(), f"{AUDIENCE} other", NOW - 3600, NOW - 120, NOW + 120, NOW + 600, NOW + 900.25, NOW + 10**9,
)
CLAIM_NAMES = ("iss", "sub", "aud", "exp", "iat", "nbf", "jti", "scope", "client_id", "sid", "cnf", "extra", "__proto__")
HEADER_FIELDS = (
    ("typ", ("at+jwt", "dpop+jwt", "JWT", "jwt", "", 1, None)), ("crit", ([], ["exp"], ["b64"], "b64")), ("b64", (True, False)),
    ("kid", ("", "k1", "../x", 7, None)), ("cty", ("JWT",)), ("zip", ("DEF",)), ("jku", ("https://evil.test",)),
    ("jwk", ({"kty": "oct", "k": "AAAA"},)), ("x5c", (["AAAA"],)), ("x5t", ("AAAA", 1)), ("x", (1,)),
    ("alg", ("none", "None", "", "HS256", "HS512", "ES256", "RS256", "PS256", "ES512", "EdDSA", None, 1, [])),
)
PIECES = ('"', "\\", "{", "}", "[", "]", ",", ":", "\\u0000", "\\ud800", "\ufeff", "/**/", "1e999", "NaN", "-0", "01", "\t", "0x1", "é")


def with_claim(dice: random.Random) -> str:
    claims = good_claims(dice)
    for _ in range(dice.randint(1, 2)):
        name = dice.choice(CLAIM_NAMES)
        if dice.random() < 0.15:
            claims.pop(name, None)
        else:
            claims[name] = dice.choice(WEIRD)
    return json.dumps(claims)


def with_field(alg: str, dice: random.Random) -> str:
    name, values = dice.choice(HEADER_FIELDS)
    return json.dumps(good_header(alg, dice) | {name: dice.choice(values)})


def garbled(text: str, dice: random.Random) -> str:
    """The JSON text with something in it that parsers may read differently."""
    kind, place = dice.randrange(6), dice.randrange(len(text) + 1)
    if kind == 0:
        return text[:place] + dice.choice(PIECES) + text[place:]
    if kind == 1:
        return text[:place]
    if kind == 2:
        return text + dice.choice(["x", "{}", " ", "\n", "\0", ",", "]"])
    if kind == 3:  # a name a second time, perhaps in another spelling
        name, value = dice.choice(list(json.loads(text).items()))
        name = dice.choice([json.dumps(name), '"' + "".join(f"\\u{ord(c):04x}" for c in name) + '"'])
        return "{" + f"{name}:{json.dumps(dice.choice([value, 'x', NOW + 900]))}," + text[1:]
    if kind == 4:
        return json.dumps(json.loads(text), indent=dice.choice([0, 2, "\t"]), ensure_ascii=dice.random() < 0.5)
    return text[:place] + text[place + 1 :]


def deformed(token: str, other: str, dice: random.Random) -> str:
    """The good token, its outer form spoiled."""
    kind, place = dice.randrange(9), dice.randrange(len(token))
    parts, others = token.split("."), other.split(".")
    which = dice.randrange(3)
    if kind == 0:
        return token[:place] + dice.choice("ABCZaz09-_.") + token[place + 1 :]
    if kind == 1:
        return token[:place]
    if kind == 2:
        return token[:place] + dice.choice(["=", " ", "\n", "+", "/", ".", "%", "\0", "é"]) + token[place:]
    if kind == 3:  # a part of another token
        parts[which] = others[which]
    elif kind == 4:  # padding
        parts[which] += "=" * dice.randint(1, 3)
    elif kind == 5:  # another spelling of the last character
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        last = alphabet.index(parts[which][-1])
        parts[which] = parts[which][:-1] + alphabet[last ^ dice.randint(1, 3)]
    elif kind == 6:
        parts.insert(dice.randrange(4), dice.choice(["", "AA", parts[1]]))
    elif kind == 7:
        parts[2] = dice.choice(["", b64(bytes(64)), b64(b"\xff" * 64), b64(b"\x30\x06\x02\x01\x01\x02\x01\x01"), parts[2] * 2])
    else:
        parts = [part.replace("-", "+").replace("_", "/") for part in parts]
    return ".".join(parts)


def confused(signer: Signer, dice: random.Random) -> str:
    """Signed with HMAC by what everybody knows of the key."""
    header = json.dumps({"alg": dice.choice(["HS256", signer.alg]), "typ": "JWT"})
    message = f"{b64(header.encode())}.{b64(json.dumps(good_claims(dice)).encode())}"
    known = signer.public() if signer.key is not None else dice.choice(["", "secret", SECRET[:-1]])
    return f"{message}.{b64(hmac.new(known.encode(), message.encode(), hashlib.sha256).digest())}"


def questions() -> list[tuple[str, str, str]]:
    """(kind, algorithm, token) of every token."""
    dice, made = random.Random(SEED), []
    for alg in ALGORITHMS:
        signer = Signer(alg)

        def good() -> tuple[str, str]:
            return json.dumps(good_header(alg, dice)), json.dumps(good_claims(dice), ensure_ascii=dice.random() < 0.5)  # noqa: B023

        made += [("good", alg, signer.token(*good())) for _ in range(GOOD)]
        made += [("claims", alg, signer.token(good()[0], with_claim(dice))) for _ in range(CLAIMS)]
        made += [("headers", alg, signer.token(with_field(alg, dice), good()[1])) for _ in range(HEADERS)]
        for _ in range(TEXTS):
            header, claims = good()
            in_header = dice.random() < 0.3
            made.append(("texts", alg, signer.token(garbled(header, dice) if in_header else header, claims if in_header else garbled(claims, dice))))
        made += [("forms", alg, deformed(signer.token(*good()), signer.token(*good()), dice)) for _ in range(FORMS)]
        made += [("confusion", alg, confused(signer, dice)) for _ in range(30)]
    return made


def ask(command: list[str], lines: list[str]) -> list[str]:
    """The verdicts of a program that reads lines and writes a line each."""
    done = subprocess.run(
        command, cwd=ROOT, env=clean_env(), input="".join(f"{line}\n" for line in lines), capture_output=True, text=True, timeout=120, check=False
    )
    expect(done.returncode == 0, f"{command[0]} ended with {done.returncode}: {done.stderr[-300:]}")
    verdicts = done.stdout.splitlines()
    equal(len(verdicts), len(lines) - 1, f"verdicts of {command[0]}")
    return verdicts


def pyjwt_verdict(alg: str, key: str, token: str) -> str:
    try:
        jwt.decode(token, key, algorithms=[alg], audience=AUDIENCE, issuer=ISSUER, leeway=30, options={"require": ["exp"]})
    except (jwt.PyJWTError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        return type(error).__name__
    return "ok"


def main(report) -> None:
    public = {alg: Signer(alg).public() for alg in ALGORITHMS}
    with report.check("tokens are made, good and spoiled") as figures:
        made = questions()
        figures.append(f"{len(made)} tokens, {len(ALGORITHMS)} algorithms, seed {SEED}")
    setting = json.dumps({"now": NOW, "issuer": ISSUER, "audience": AUDIENCE, "keys": public})
    lines = [setting, *(json.dumps({"alg": alg, "token": token}) for _, alg, token in made)]
    with report.check("all three judge them") as figures:
        ours = ask(OURS, lines)
        jose = ask(JOSE, lines)
        pyjwt = [pyjwt_verdict(alg, public[alg], token) for _, alg, token in made]
        expect(time.time() - NOW < 90, "PyJWT knows only the real time, and the tokens are made for 90 s")
        for name, verdicts in (("ours", ours), ("jose", jose), ("PyJWT", pyjwt)):
            figures.append(f"{name} accepts {verdicts.count('ok')}")
    with report.check("a good token is good for all three") as figures:
        for (kind, alg, token), *verdicts in zip(made, ours, jose, pyjwt, strict=True):
            expect(kind != "good" or verdicts == ["ok"] * 3, f"{alg} {verdicts} {token}")
        figures.append(f"{sum(kind == 'good' for kind, _, _ in made)} good tokens")
    for name, theirs in (("jose", jose), ("PyJWT", pyjwt)):
        with report.check(f"what we accept, {name} accepts") as figures:
            stricter = Counter()
            for (kind, alg, token), our, their in zip(made, ours, theirs, strict=True):
                expect(our != "ok" or their == "ok", f"we accept what {name} refuses: {their} {kind} {alg} {token}")
                stricter[our] += our != "ok" and their == "ok"
            figures.append(f"we refuse {sum(stricter.values())} that it accepts: " + ", ".join(f"{n} {why}" for why, n in stricter.most_common(12) if n))
    with report.check("Ed25519 by its new name") as figures:
        header = json.dumps({"alg": "Ed25519"})
        renamed = [Signer("EdDSA").token(header, json.dumps(good_claims(random.Random(seed)))) for seed in range(50)]
        lines = [setting, *(json.dumps({"alg": "EdDSA", "token": token}) for token in renamed)]
        equal(ask(OURS, lines), ["ok"] * 50, "ours")
        equal(ask(JOSE, lines), ["ok"] * 50, "jose")
        known = Counter(pyjwt_verdict("EdDSA", public["EdDSA"], token) for token in renamed)
        figures.append(f"PyJWT: {dict(known)}")


if __name__ == "__main__":
    run(main)
